"""Whatever is removed, replaced or put elsewhere is named, the newest too."""

import json
import shutil

import pytest

from pipelines.keeping import chain
from pipelines.keeping.chain_checks import KnownLine, chain_problems, missing
from pipelines.keeping.layout import chain_file, head_file
from pipelines.keeping.verify import archive_problems
from pipelines.releasing.build import build
from pipelines.verify_home import verify
from tests import worlds

NOW = worlds.received(worlds.LAST)


@pytest.fixture
def archive(home):
    home.archive.record(worlds.note())
    return home.archive


def change_lines(archive, change):
    path = chain_file(archive.root)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def remove_return(archive):
    shutil.rmtree(archive.root / "returns" / "Z02" / "2025-01")


def remove_trust(archive):
    shutil.rmtree(archive.root / "returns" / "Z02")


def remove_decision(archive):
    (archive.root / "decisions" / f"{worlds.note().id}.json").unlink()


def remove_register(archive):
    shutil.rmtree(archive.root / "register" / "1")


def remove_attempt(archive):
    (path,) = (archive.root / "attempts").glob("*.jsonl")
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


def replace_return(archive):
    """Another file, its rows and its receipt: everything fits but the chain."""
    other = archive.root.parent.parent / "other"
    rows = [worlds.monthly_row(w, worlds.FIRST, pt_safe=1) for w in worlds.WARDS["Z02"]]
    their = worlds.empty_world(other)
    worlds.send(their, "Z02", worlds.FIRST, monthly=rows)
    remove_return(archive)
    place = "returns/Z02/2025-01"
    shutil.copytree(their.archive.root / place, archive.root / place)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (remove_return, "Return Z02/2025-01/1 was kept as line 6 and is gone."),
        (remove_trust, "Return Z02/2025-01/1 was kept as line 6 and is gone."),
        (remove_decision, "was kept as line 7 and is gone."),
        (remove_register, "Version 1 of the register was kept as line 2 and is gone."),
        (remove_attempt, "was kept as line 5 and is gone."),
        (replace_return, "Return Z02/2025-01/1 is not the one that was kept as line 6"),
    ],
)
def test_an_entry_that_is_gone_or_replaced_is_named_even_after_the_next_build(
    archive,
    home,
    harm,
    said,
):
    build(home, NOW)
    harm(archive)
    (found,) = archive_problems(archive)
    assert said in found
    if harm is not remove_register:
        build(home, NOW)
        assert verify(home) == [found]


def swap(lines):
    return [*lines[:3], lines[4], lines[3], *lines[5:]]


def drop(lines):
    return [*lines[:3], *lines[4:]]


def change(lines):
    return [*lines[:3], lines[3].replace(b'"return"', b'"attempt"'), *lines[4:]]


def garble(lines):
    return [*lines[:3], b"?" * (len(lines[3]) - 1) + b"\n", *lines[4:]]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (swap, "Line 4 of the chain, the attempt at attempts/2025-02.jsonl#"),
        (drop, "Line 4 of the chain, the attempt at attempts/2025-02.jsonl#"),
        (change, "does not follow from the line before it"),
        (garble, "Line 4 of the chain cannot be read."),
        (lambda lines: lines[:-2], "The chain ends at line 5, but had 7: 2 are gone."),
    ],
)
def test_a_chain_that_was_changed_is_told(archive, harm, said):
    change_lines(archive, harm)
    assert any(said in sentence for sentence in chain_problems(archive.root))


def test_a_chain_that_lost_its_end_still_takes_new_entries_and_says_so(archive):
    path = chain_file(archive.root)
    path.write_bytes(path.read_bytes()[:-200])
    archive.record(worlds.note(1))
    assert archive.links()[-1].entry == f"decisions/{worlds.note(1).id}.json"
    found = chain_problems(archive.root)
    assert any("Line 7 of the chain cannot be read" in said for said in found) or any(
        "does not follow" in said for said in found
    )


def test_a_chain_that_is_gone_is_told_and_what_follows_names_it(archive):
    chain_file(archive.root).unlink()
    assert chain_problems(archive.root) == ["The chain is gone: it had 7 lines."]
    archive.record(worlds.note(1))
    said = "The chain was begun again after an earlier one had been lost."
    assert chain_problems(archive.root) == [said]


def test_what_did_not_come_by_the_usual_way_is_named(archive):
    kept = archive.root / "returns" / "Z01" / "2025-01"
    shutil.copytree(kept / "1", kept / "2")
    told = "Return Z01/2025-01/2 is in the archive but not on the chain"
    assert [said.startswith(told) for said in chain_problems(archive.root)] == [True]


def test_what_an_earlier_version_kept_meanwhile_can_be_adopted(archive):
    path = archive.root / "decisions" / f"{worlds.note(5).id}.json"
    path.write_text(worlds.note(5).model_dump_json(indent=2) + "\n")
    assert len(archive_problems(archive)) == 1
    assert (archive.adopt(), archive.adopt()) == (1, 0)
    assert archive_problems(archive) == []


def take_back(archive, entry, number):
    """Remove the newest entry with its line, as if it had never been kept."""
    (archive.root / entry).unlink()
    change_lines(archive, lambda lines: lines[:-1])
    head_file(archive.root).unlink()
    archive.settle()


def test_an_entry_removed_with_its_line_is_told_where_a_release_knows_of_it(archive, home):
    build(home, NOW)
    take_back(archive, f"decisions/{worlds.note().id}.json", 7)
    assert archive_problems(archive) == []
    release = home.releases.joinpath("CURRENT").read_text().strip()
    told = f"Release {release} knows line 7 of the chain, which is gone: entries that had been kept"
    assert verify(home)[0].startswith(told)
    archive.record(worlds.note(1))
    build(home, NOW)
    assert "knows line 7 of the chain, which is another one now" in verify(home)[0]


def test_whoever_knows_a_line_that_is_there_is_content(archive):
    known = [KnownLine("A receipt", link.sequence, link.sha256) for link in archive.links()]
    assert missing(archive.root, known) == []
    assert len(missing(archive.root, [KnownLine("A receipt", 99, "0" * 64)])) == 1


def test_a_receipt_holds_what_its_line_covers(archive):
    receipt = archive.receipts()[0]
    proof = archive.proof(receipt)
    assert proof.link == chain.link_of(archive.root, f"returns/{receipt.return_id}")
    assert json.loads(proof.kept)["sha256"] == receipt.sha256
    assert archive.given(receipt)["proof"] == proof.model_dump(mode="json")
