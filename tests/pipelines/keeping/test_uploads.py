"""An upload is on disk at once, for one person, trust and month, until it is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.keeping.uploads import KEPT_FOR, Upload, Uploads, damaged

AT = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
LEAD, OTHER = "lead@trust.example", "other@trust.example"


@pytest.fixture
def inbox(tmp_path) -> Uploads:
    return Uploads(tmp_path / "inbox")


def test_an_upload_comes_back_byte_for_byte(inbox):
    upload = Upload("März 1.xlsx", b"\n\x00\xff\n{}", AT)
    inbox.put(LEAD, "Z01", "2026-03", upload)
    assert Uploads(inbox.root).waiting(LEAD, "Z01", "2026-03") == upload


def test_nobody_else_and_no_other_month_sees_it(inbox):
    inbox.put(LEAD, "Z01", "2026-03", Upload("a.csv", b"a", AT))
    assert inbox.waiting(OTHER, "Z01", "2026-03") is None
    assert inbox.waiting(LEAD, "Z02", "2026-03") is None
    assert inbox.waiting(LEAD, "Z01", "2026-02") is None
    assert inbox.waiting(LEAD.upper(), "Z01", "2026-03") is not None


def test_a_newer_upload_takes_its_place_and_removing_leaves_nothing(inbox):
    for content in (b"old", b"new"):
        inbox.put(LEAD, "Z01", "2026-03", Upload("a.csv", content, AT))
    assert inbox.waiting(LEAD, "Z01", "2026-03").content == b"new"
    inbox.remove(LEAD, "Z01", "2026-03")
    inbox.remove(LEAD, "Z01", "2026-03")
    assert [path for path in inbox.root.rglob("*") if path.is_file()] == []


def test_no_name_or_address_is_in_a_path_and_no_path_leads_out(inbox):
    inbox.put("../" + LEAD, "../../Z01", "..", Upload("../../x.csv", b"a", AT))
    (path,) = [path for path in inbox.root.rglob("*") if path.is_file()]
    assert "lead" not in str(path.relative_to(inbox.root))
    assert inbox.waiting("../" + LEAD, "../../Z01", "..").filename == "x.csv"


def test_what_nobody_sends_is_removed_after_a_week_whatever_the_times_of_files_say(inbox):
    inbox.put(LEAD, "Z01", "2026-02", Upload("old.csv", b"a", AT))
    inbox.put(OTHER, "Z02", "2026-03", Upload("b.csv", b"b", AT + KEPT_FOR - timedelta(hours=1)))
    assert inbox.waiting(LEAD, "Z01", "2026-02") is not None
    inbox.put(OTHER, "Z02", "2026-03", Upload("b.csv", b"b", AT + KEPT_FOR + timedelta(hours=1)))
    assert inbox.waiting(LEAD, "Z01", "2026-02") is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"at": 5}\n', b"\xff", b'{"sha'])
def test_a_damaged_one_counts_as_none_is_named_and_stops_nobody_else(inbox, content):
    inbox.put(LEAD, "Z01", "2026-03", Upload("a.csv", b"a", AT))
    (path,) = inbox.root.glob("*/*.upload")
    path.write_bytes(content)
    inbox.put(OTHER, "Z01", "2026-03", Upload("b.csv", b"b", AT + 2 * KEPT_FOR))
    assert inbox.waiting(LEAD, "Z01", "2026-03") is None
    assert damaged(inbox.root) == [path]
    inbox.put(LEAD, "Z01", "2026-03", Upload("a.csv", b"a", AT))
    assert damaged(inbox.root) == []


def test_one_whose_bytes_were_changed_is_never_sent(inbox):
    inbox.put(LEAD, "Z01", "2026-03", Upload("a.csv", b"12", AT))
    (path,) = inbox.root.glob("*/*.upload")
    path.write_bytes(path.read_bytes()[:-1] + b"3")
    assert inbox.waiting(LEAD, "Z01", "2026-03") is None
