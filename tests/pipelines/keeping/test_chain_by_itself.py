"""The chain and what compares it, in a folder of small files: no home, no return, no release."""

import errno
import json
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import pytest
from filelock import FileLock, Timeout

from pipelines.keeping import chain, digests
from pipelines.keeping.chain_checks import KnownLine, chain_problems, cut_short, missing, name
from pipelines.keeping.layout import RECEIPT, chain_file, head_file
from pipelines.keeping.staging import VersionTaken, keep_file
from schemas.receipts import Head, Link, VersionReceipt

NOTHING = "0" * 64


@pytest.fixture
def root(tmp_path):
    """The archive of a home of its own, empty."""
    folder = tmp_path / "home" / "archive"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def kept(root):
    """The same after two decisions: three lines, of which the first is the start."""
    decide(root, 1)
    decide(root, 2)
    return root


def entry(number):
    return f"decisions/2025010{number}.json"


def put(root, number):
    """A decision as an earlier version of feeling-safe would keep it, without the chain."""
    place = root / entry(number)
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps({"decided_at": f"2025-01-0{number}T09:00:00+00:00"}))
    return place


def decide(root, number, about="x"):
    """Keep a decision."""
    place, content = root / entry(number), json.dumps({"about": about}).encode()
    keep_file(place, content, partial(chain.joining, root, "decision"))
    return place


def link(root, number, of, digest=NOTHING):
    """A line that follows the last one."""
    last = chain.head(root)
    return Link(sequence=number, kind="decision", entry=of, digest=digest, previous=last.digest)


def add(root, line, end=b"\n"):
    """Write at the end of the chain, as if the power had failed before anything else was."""
    with chain_file(root).open("ab") as file:
        file.write(line + end)


def content(root):
    return chain_file(root).read_bytes()


def entries(root):
    return [each.entry for each in chain.links(root)]


def is_whole(root):
    """The last line is at the end, the head names it, and every entry is there."""
    last = chain.head(root)
    return last.size == len(content(root)) and chain_problems(root) == []


def test_each_line_follows_and_the_head_names_the_last(kept):
    links, before = chain.links(kept), NOTHING
    assert [each.kind for each in links] == ["start", "decision", "decision"]
    assert entries(kept) == ["", entry(1), entry(2)]
    for number, (line, each) in enumerate(zip(chain.lines(kept), links, strict=True), 1):
        assert (each.sequence, each.previous, each.line) == (number, before, line)
        before = sha256(line).hexdigest()
    assert chain.head(kept) == Head(sequence=3, digest=before, size=len(content(kept)))
    assert links[1].digest == digests.of_entry(kept, entry(1))
    none = dict.fromkeys(("register", "measures", "forum", "return", "attempt"), 0)
    assert chain.counts(kept) == {**none, "decision": 2}


def test_what_is_there_is_not_kept_again(kept):
    before = content(kept)
    with pytest.raises(FileExistsError, match=r"20250102\.json is kept already\.$"):
        decide(kept, 2)
    assert content(kept) == before


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_could_not_be_kept_leaves_no_line(kept, error):
    before, last = content(kept), chain.head(kept)

    def fail():
        with chain.joining(kept, "decision", kept / entry(3), {"a": b""}):
            assert len(content(kept)) > len(before), "its line is there first"
            raise error

    with pytest.raises(error):
        fail()
    assert (content(kept), chain.head(kept)) == (before, last)


def test_a_version_has_its_number_in_its_receipt(root):
    receipt = VersionReceipt(
        version=1,
        received_at=datetime(2025, 1, 2, tzinfo=UTC),
        received_by="team@programme.example",
        reason="New",
        sha256=NOTHING,
    )
    place = root / "measures"
    keep = partial(chain.keep_next, root, "measures", place, {"a.csv": b"1"}, receipt)
    assert keep() == 1
    with pytest.raises(VersionTaken):
        keep()
    assert keep(only_this=False) == 2
    assert (place / "2" / "a.csv").read_bytes() == b"1"
    text = (place / "2" / RECEIPT).read_text()
    assert text == receipt.model_copy(update={"version": 2}).model_dump_json(indent=2) + "\n"
    assert chain.counts(root)["measures"] == 2
    assert is_whole(root)


def test_one_has_the_turn_among_all(tmp_path):
    root = tmp_path / "not" / "there" / "archive"
    for _ in range(2):
        with chain.turn(root):
            lock = FileLock(root.parent / "turns" / "chain.lock", is_singleton=False)
            with pytest.raises(Timeout):
                lock.acquire(blocking=False)


def test_a_chain_begins_with_what_is_there_by_its_time(root):
    for number in (3, 2):
        put(root, number)
    first = root / "register" / "1"
    first.mkdir(parents=True)
    (first / RECEIPT).write_text('{"received_at": "2025-01-01T08:00:00+00:00"}')
    with chain.turn(root):
        found = chain.settled(root)
    assert entries(root) == ["register/1", entry(2), entry(3), "2025-01-03T09:00:00+00:00"]
    assert chain.links(root)[3].digest == NOTHING
    assert found == chain.head(root)
    assert found.sequence == 4
    assert is_whole(root)


def test_a_chain_that_was_lost_is_named_by_the_first_line_of_the_next(kept):
    lost = chain.head(kept)
    chain_file(kept).unlink()
    assert chain.lines(kept) == []
    chain.settled(kept)
    assert chain.links(kept)[0].previous == lost.digest
    assert chain_problems(kept) == ["The chain was begun again after an earlier one had been lost."]


def test_what_is_settled_stays_as_it_is(kept, monkeypatch):
    last = chain.head(kept)
    monkeypatch.setattr(chain, "_past", lambda *_: pytest.fail("it looked past the head"))
    assert chain.settled(kept) == last
    chain_file(kept).write_bytes(content(kept)[:-9])  # it lost its end: nothing else may go
    short = content(kept)
    assert chain.settled(kept) == last
    assert content(kept) == short


def test_a_line_past_the_head_counts_if_its_entry_is_there(kept):
    before, line = content(kept), link(kept, 4, entry(3), "1" * 64)
    add(kept, line.line)
    assert len(chain.lines(kept)) == 3, "not there"
    put(kept, 3)
    assert len(chain.lines(kept)) == 3, "something else is there"
    assert chain.settled(kept).sequence == 3
    assert content(kept) == before
    line = link(kept, 4, entry(3), digests.of_entry(kept, entry(3)))
    add(kept, line.line)
    assert chain.lines(kept)[3:] == [line.line]
    assert chain_problems(kept) == cut_short(kept) == [], "nothing is wrong before it is settled"
    assert chain.settled(kept) == chain.head(kept)
    assert chain.head(kept) == Head(sequence=4, digest=line.sha256, size=len(content(kept)))
    assert is_whole(kept)


def test_of_several_lines_past_the_head_only_the_last_can_be_on_its_way(kept):
    last = chain.head(kept)
    for number in (3, 10):  # whose lines have an odd and an even length
        decide(kept, number)
    keep_file(head_file(kept), last.model_dump_json().encode())
    whole = content(kept)
    assert len(chain.lines(kept)) == 5
    (kept / entry(3)).unlink()
    assert chain.settled(kept).sequence == 5
    assert content(kept) == whole
    keep_file(head_file(kept), last.model_dump_json().encode())
    (kept / entry(10)).unlink()
    assert chain.settled(kept).sequence == 4
    assert content(kept) == whole[: chain.head(kept).size]
    assert entries(kept) == ["", entry(1), entry(2), entry(3)]


@pytest.mark.parametrize("torn", [b'{"sequence":4,"ki', b"?\n", b'?\n{"sequence":4'])
def test_a_torn_line_is_removed(kept, torn):
    before, last = content(kept), chain.head(kept)
    add(kept, torn, b"")
    assert len(chain.lines(kept)) == 3
    assert chain.settled(kept) == last
    assert content(kept) == before


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("{}")])
def test_a_lost_head_is_found_in_the_chain(kept, harm):
    last = chain.head(kept)
    harm(head_file(kept))
    assert chain.head(kept) is None
    assert len(chain.lines(kept)) == 3
    assert sum(chain.counts(kept).values()) == 0, "no line counts yet"
    assert chain.gone(kept) == []
    assert chain.settled(kept) == last


def test_a_lost_head_of_a_chain_without_entries_is_found(root):
    chain.settled(root)
    last = chain.head(root)
    head_file(root).unlink()
    assert (chain.settled(root), last.sequence) == (last, 1)
    head_file(root).unlink()
    keep_file(chain_file(root), b"?\n")
    assert chain.settled(root) == Head(sequence=0, digest=NOTHING, size=0), "nothing counts"
    assert content(root) == b""


def test_a_chain_that_follows_another_begins_with_its_first_line(kept, tmp_path):
    copy = tmp_path / "copy" / "archive"
    first = chain.links(kept)[1]
    chain.follow(copy, first)
    assert chain.head(copy) == Head(sequence=0, digest=first.previous, size=0)
    assert content(copy) == b""
    assert cut_short(copy) == []
    with chain.linked(copy, "decision", first.entry, first.digest):
        pass
    (line,) = chain.links(copy)
    assert (line.sequence, line.previous) == (1, first.previous)


def test_what_came_without_the_chain_is_adopted_once(kept):
    put(kept, 4)
    put(kept, 3)
    assert (chain.adopt(kept), chain.adopt(kept)) == (2, 0)
    assert entries(kept)[3:] == [entry(3), entry(4)]
    assert is_whole(kept)


def test_lines_that_cannot_be_read_are_left_out_of_the_links(kept):
    lines = content(kept).splitlines(keepends=True)
    chain_file(kept).write_bytes(lines[0] + b"?" * (len(lines[1]) - 1) + b"\n" + lines[2])
    assert entries(kept) == ["", entry(2)]
    assert len(chain.lines(kept)) == 3


def test_what_is_gone_is_named_by_lines_that_count(kept):
    with chain.linked(kept, "attempt", "attempts/2025-01.jsonl#0", NOTHING):
        pass
    on_its_way = link(kept, 5, entry(9))
    add(kept, on_its_way.line)
    assert chain.gone(kept) == []
    assert not chain.is_gone(kept, on_its_way.entry)
    assert chain.counts(kept)["decision"] == 2
    for number in (2, 1):
        (kept / entry(number)).unlink()
    assert chain.gone(kept) == [kept / entry(1), kept / entry(2)]
    assert chain.gone(kept, {entry(1)}) == [kept / entry(2)]
    (kept / entry(1)).symlink_to("nowhere")
    assert chain.gone(kept) == [kept / entry(2)]
    assert [chain.is_gone(kept, entry(number)) for number in (1, 2, 3)] == [False, True, False]
    head_file(kept).unlink()
    assert not chain.is_gone(kept, entry(2))


def test_the_newest_entry_on_the_chain_may_be_gone(kept):
    (kept / entry(2)).unlink()
    assert chain.is_gone(kept, entry(2))


def test_the_line_of_an_entry_is_the_newest_of_its_whole_name(root):
    assert chain.link_of(root, entry(1)) is None
    chain.follow(root, Link(sequence=1, kind="start", entry="", digest="", previous=NOTHING))
    assert chain.link_of(root, entry(1)) is None
    for number, of in enumerate(("forums/Zoë/1", "forums/Zoë/10", "forums/Zoë/1", "b"), 1):
        with chain.linked(root, "forum", of, f"{number}"):
            pass
    names = ("forums/Zoë/1", "forums/Zoë/10", "b", "forums/Zoë", "c")
    found = [chain.link_of(root, of) for of in names]
    assert [each and each.digest for each in found] == ["3", "2", "4", None, None]
    assert chain.link_of(root, "forums/Zoë/10") == chain.links(root)[1]


def test_a_chain_that_lost_its_end_goes_on_in_a_line_of_its_own(kept):
    chain_file(kept).write_bytes(content(kept)[:-9])
    short = content(kept)
    decide(kept, 3)
    assert content(kept).startswith(short + b"\n")
    assert chain.head(kept).size == len(content(kept))
    assert entries(kept) == ["", entry(1), entry(3)]


def test_a_head_that_finds_no_room_is_told_as_that(kept, monkeypatch):
    def full(path, *more):
        raise chain.NotKept(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(chain, "keep_file", full)
    with pytest.raises(chain.HeadNotKept, match="may be in the archive all the same") as refused:
        decide(kept, 3)
    assert refused.value.filename == str(head_file(kept))


# What compares the chain with the archive


def change(root, *places_and_lines):
    lines = content(root).splitlines()
    for place, line in places_and_lines:
        lines[place] = line
    chain_file(root).write_bytes(b"".join(line + b"\n" for line in lines if line))


def numbered(root, place, **changes):
    return chain.links(root)[place].model_copy(update=changes).line


BROKEN = (
    "Line {} of the chain, {}, does not follow from the line before it: a line was changed, "
    "removed or moved."
)
OTHER = "Line 3 of the chain is not the one that head.json names."


def test_what_is_wrong_with_lines_is_said_of_each(kept):
    assert chain_problems(kept) == cut_short(kept) == []
    whole = content(kept)
    change(kept, (1, b"?"))
    said = ["Line 2 of the chain cannot be read.", BROKEN.format(3, "decision 20250102")]
    unlisted = (
        "Decision 20250101 is in the archive but not on the chain: an earlier version of "
        "feeling-safe, or something else, put it there."
    )
    lost = "The chain ends at line 2, but had 3: 1 are gone."
    assert chain_problems(kept) == [*said, unlisted]
    assert chain_problems(kept, {entry(1)}) == said
    for other in (9, 1):
        chain_file(kept).write_bytes(whole)
        change(kept, (2, numbered(kept, 2, sequence=other)))
        assert chain_problems(kept) == [BROKEN.format(3, "decision 20250102"), OTHER]
        assert cut_short(kept) == [OTHER]
    chain_file(kept).write_bytes(whole)
    change(kept, (2, numbered(kept, 2, previous="1" * 64)))
    assert chain_problems(kept) == [BROKEN.format(3, "decision 20250102"), OTHER]
    chain_file(kept).write_bytes(whole)
    change(kept, (2, b""))
    assert chain_problems(kept, {entry(2)}) == cut_short(kept) == [lost]


def test_a_long_chain_is_compared_and_says_how_many_lines_it_lost(root):
    previous, lines, told = NOTHING, [], {f"attempts/2025-01.jsonl#{n}" for n in range(1, 301)}
    for number in range(1, 301):
        of = f"attempts/2025-01.jsonl#{number}"
        link = Link(sequence=number, kind="attempt", entry=of, digest=NOTHING, previous=previous)
        lines.append(link.line)
        previous = link.sha256
    keep_file(chain_file(root), b"".join(line + b"\n" for line in lines))
    last = Head(sequence=300, digest=previous, size=len(content(root)))
    keep_file(head_file(root), last.model_dump_json().encode())
    assert chain_problems(root, told) == cut_short(root) == []
    assert len(chain_problems(root)) == 300, "none of them is there"
    keep_file(chain_file(root), b"".join(line + b"\n" for line in lines[:35]))
    assert cut_short(root) == ["The chain ends at line 35, but had 300: 265 are gone."]


def test_a_first_line_with_another_number_does_not_follow(kept):
    change(kept, (0, numbered(kept, 0, sequence=2)))
    said = [BROKEN.format(1, "the attempt at "), BROKEN.format(2, "decision 20250101")]
    assert chain_problems(kept) == said


def test_entries_that_are_gone_or_changed_are_named_unless_told_already(kept):
    (kept / entry(1)).unlink()
    (kept / entry(2)).write_text("{}")
    gone = "Decision 20250101 was kept as line 2 and is gone."
    changed = (
        "Decision 20250102 is not the one that was kept as line 3: it has been changed or replaced."
    )
    assert chain_problems(kept) == [gone, changed]
    assert chain_problems(kept, {entry(1)}) == [changed]
    assert chain_problems(kept, {entry(2)}) == [gone]
    for number, digest in ((3, NOTHING), (4, "f" * 64)):
        put(kept, number)
        with chain.linked(kept, "decision", entry(number), digest):
            pass
    assert [said.partition(" is not ")[0] for said in chain_problems(kept)[2:]] == [
        "Decision 20250103",
        "Decision 20250104",
    ]


def test_without_a_chain_it_is_said_how_long_it_was(kept):
    chain_file(kept).unlink()
    assert chain_problems(kept) == ["The chain is gone: it had 3 lines."]
    assert cut_short(kept) == []
    for last in (Head(sequence=1, digest="", size=1), Head(sequence=0, digest="", size=0)):
        keep_file(head_file(kept), last.model_dump_json().encode())
        assert len(chain_problems(kept)) == last.sequence
    head_file(kept).unlink()
    assert chain_problems(kept) == cut_short(kept) == []


def test_a_head_that_is_missing_is_said(kept):
    head_file(kept).unlink()
    said = "head.json, which names the last line of the chain, is missing or cannot be read."
    assert chain_problems(kept) == cut_short(kept) == [said]


def test_a_line_that_somebody_knows_is_gone_or_another_one(kept):
    known = [KnownLine("A receipt", each.sequence, each.sha256) for each in chain.links(kept)]
    assert missing(kept, known) == []
    known = [KnownLine("A receipt", 2, NOTHING), KnownLine("A release", 4, known[0].digest)]
    then = ": entries that had been kept by then were removed or replaced."
    assert missing(kept, known) == [
        f"A receipt knows line 2 of the chain, which is another one now{then}",
        f"A release knows line 4 of the chain, which is gone{then}",
    ]


@pytest.mark.parametrize(
    ("kind", "of", "said"),
    [
        ("return", "returns/Z01/2025-01/2", "Return Z01/2025-01/2"),
        ("register", "register/3", "Version 3 of the register"),
        ("measures", "measures/4", "Version 4 of the measures"),
        ("forum", "forums/LF01/5", "Version 5 of the forum LF01"),
        ("decision", "decisions/6.json", "Decision 6"),
        ("attempt", "attempts/2025-01.jsonl#7", "The attempt at attempts/2025-01.jsonl#7"),
    ],
)
def test_an_entry_is_called_by_its_kind(kind, of, said):
    assert name(kind, of) == said
