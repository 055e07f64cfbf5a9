"""What a seal covers, and what is taken as it is."""

import json
import sqlite3

import pytest

from pipelines.keeping.seals import damaged_rows, seal, sealed_json, unsealed_json, with_seals

RECORD = {"b": "né", "a": [1, None]}


def test_a_record_is_as_it_was_sealed_whatever_the_order_of_its_names():
    content = sealed_json(RECORD)
    assert unsealed_json(content) == RECORD
    assert content.decode().startswith('{\n  "b": "né",\n')
    turned = dict(reversed(json.loads(content).items()))
    assert unsealed_json(json.dumps(turned).encode()) == RECORD


@pytest.mark.parametrize(("text", "into"), [("né", "ne"), ("1", "2"), ('"b"', '"c"')])
def test_a_record_of_which_anything_changed_is_refused(text, into):
    changed = sealed_json(RECORD).decode().replace(text, into, 1)
    with pytest.raises(ValueError, match="not as it was sealed"):
        unsealed_json(changed.encode())


def test_a_record_of_an_earlier_version_is_taken_as_it_is_and_what_is_no_record_is_not():
    assert unsealed_json(json.dumps(RECORD).encode()) == RECORD
    with pytest.raises(ValueError, match="no record"):
        unsealed_json(b'["seal"]')


def test_only_rows_without_a_seal_are_sealed_when_a_file_is_opened():
    with sqlite3.connect(":memory:") as file:
        file.execute("CREATE TABLE drafts (key TEXT, typed TEXT)")
        file.execute("CREATE TABLE plain (key TEXT)")
        file.execute("INSERT INTO plain VALUES ('x')")
        file.executemany("INSERT INTO drafts VALUES (?, ?)", [("a", "1"), ("b", "2")])
        with_seals(file, "drafts")
        assert list(damaged_rows(file)) == []
        file.execute("UPDATE drafts SET typed = '7' WHERE key = 'a'")
        file.execute("INSERT INTO drafts VALUES ('c', '3', NULL)")  # by an earlier version
        assert list(damaged_rows(file)) == ["drafts"]
        with_seals(file, "drafts")
        assert list(damaged_rows(file)) == ["drafts"], "a changed row isn't sealed again"
        seal(file, "drafts", "key = ?", ("a",))
        assert list(damaged_rows(file)) == []
    file.close()
