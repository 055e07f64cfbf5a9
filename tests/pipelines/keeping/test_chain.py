"""Every entry gets its line, whoever keeps it and wherever it is cut short."""

import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.backup import restore
from pipelines.keeping import chain, digests
from pipelines.keeping.archive import Archive
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file, head_file
from pipelines.keeping.verify import archive_problems
from pipelines.registers.register import register_of
from tests import worlds

FOLDERS = sorted((Path(__file__).parents[2] / "golden").glob("archive_*"))
AT = worlds.received(worlds.LAST)


def lines(home):
    return chain_file(home.archive.root).read_bytes().splitlines()


def without_chain(home):
    """The archive as an earlier version would have left it."""
    chain_file(home.archive.root).unlink()
    head_file(home.archive.root).unlink()


def test_every_kind_of_entry_names_the_digest_of_the_line_before(home):
    home.archive.record(worlds.note())
    kinds = [link.kind for link in home.archive.links()]
    assert kinds == ["start", "register", *["attempt", "return"] * 2, "decision"]
    before = "0" * 64
    for number, (line, link) in enumerate(zip(lines(home), home.archive.links(), strict=True), 1):
        assert (link.sequence, link.previous) == (number, before)
        before = sha256(line).hexdigest()
    head = chain.head(home.archive.root)
    assert (head.sequence, head.digest) == (7, before)
    assert archive_problems(home.archive) == []


def test_a_digest_is_what_sha256sum_of_its_files_gives(home):
    link = chain.link_of(home.archive.root, "returns/Z01/2025-01/1")
    folder = home.archive.root / link.entry
    listing = "".join(
        f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("original.zip", "receipt.json", "rows.parquet")
    )
    assert link.digest == sha256(listing.encode()).hexdigest()


def test_the_same_decision_twice_has_one_line(home):
    for _ in range(2):
        home.archive.record(worlds.note())
    place = home.archive.root / "decisions" / f"{worlds.note().id}.json"
    with (
        pytest.raises(FileExistsError),
        chain.joining(home.archive.root, "decision", place, {place.name: b""}),
    ):
        pytest.fail("it was kept twice")
    assert [link.kind for link in home.archive.links()].count("decision") == 1


def test_keeping_an_entry_reads_no_other(home, monkeypatch):
    def reads(*_):
        pytest.fail("an entry or the chain was read")

    monkeypatch.setattr(chain, "_content", reads)
    monkeypatch.setattr(digests, "of_entry", reads)
    home.archive.record(worlds.note())
    monkeypatch.undo()
    assert home.archive.links()[-1].kind == "decision"


def test_many_at_once_make_one_chain(home):
    def keep(number):
        archive = Archive(home.archive.root)
        archive.record(worlds.note(number))
        archive.keep_register(
            register_of(worlds.register_frames()), Decided(worlds.TEAM, AT, f"{number}")
        )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(keep, range(12)))
    assert len(home.archive.links()) == 6 + 24
    assert archive_problems(home.archive) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to die without tidying up")
@pytest.mark.parametrize("entry_is_there", [True, False])
def test_a_line_whose_head_was_not_written_counts_if_its_entry_is_there(home, entry_is_there):
    child = os.fork()
    if child == 0:
        place = home.archive.root / "decisions" / f"{worlds.note().id}.json"
        place.parent.mkdir(exist_ok=True)
        content = worlds.note().model_dump_json().encode()
        with chain.joining(home.archive.root, "decision", place, {place.name: content}):
            if entry_is_there:
                place.write_bytes(content)
            os._exit(0)
    os.waitpid(child, 0)
    assert len(lines(home)) == 7
    assert len(home.archive.links()) == 6 + entry_is_there
    assert archive_problems(home.archive) == []
    home.archive.record(worlds.note(1))
    assert len(home.archive.links()) == 7 + entry_is_there
    assert archive_problems(home.archive) == []


def test_an_entry_that_could_not_be_kept_has_no_line(home, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="disk full"):
        worlds.send(home, "Z01", worlds.FIRST + 1)
    monkeypatch.undo()
    assert [link.kind for link in home.archive.links()][-1] == "attempt"
    assert archive_problems(home.archive) == []
    assert chain_file(home.archive.root).stat().st_size == chain.head(home.archive.root).size


def test_where_only_the_head_finds_no_room_nobody_is_told_that_nothing_was_kept(home, monkeypatch):
    keep = chain.keep_file

    def full(path: Path, *more: object) -> None:
        if path == head_file(home.archive.root):
            raise chain.NotKept(errno.ENOSPC, "No space left on device", str(path))
        keep(path, *more)

    with monkeypatch.context() as patched:
        patched.setattr(chain, "keep_file", full)
        with pytest.raises(chain.HeadNotKept) as refused:
            home.archive.record(worlds.note())
    said = str(refused.value)
    assert "may be in the archive all the same. Make room on that disk, then look" in said
    assert "Nothing has been changed" not in said
    assert home.archive.links()[-1].kind == "decision"
    home.archive.record(worlds.note(1))
    assert archive_problems(home.archive) == []


def test_a_line_cut_short_is_removed_by_the_next(home):
    with chain_file(home.archive.root).open("ab") as file:
        file.write(b'{"sequence":7,"ki')
    assert archive_problems(home.archive) == []
    home.archive.record(worlds.note())
    assert [link.sequence for link in home.archive.links()] == [*range(1, 8)]
    assert archive_problems(home.archive) == []


def test_an_attempt_cut_short_swallows_no_other(home):
    (log,) = (home.archive.root / "attempts").glob("*.jsonl")
    with log.open("ab") as file:
        file.write(b'{"at": "2025-')
    worlds.send(home, "Z01", worlds.FIRST)
    assert len(home.archive.attempts()) == 3
    assert archive_problems(home.archive) == []


def test_a_head_that_was_lost_is_found_in_the_chain(home):
    head_file(home.archive.root).unlink()
    home.archive.record(worlds.note())
    assert chain.head(home.archive.root).sequence == 7
    assert archive_problems(home.archive) == []


def test_an_archive_of_an_earlier_version_gets_its_chain_in_the_order_of_its_entries(home):
    home.archive.record(worlds.note())
    entries = [link.entry for link in home.archive.links() if link.kind != "start"]
    without_chain(home)
    assert archive_problems(home.archive) == []
    home.archive.settle()
    links = home.archive.links()
    assert sorted(link.entry for link in links[:-1]) == sorted(entries)
    assert links[0].kind == "register"
    assert (links[-2].kind, links[-1].kind) == ("decision", "start")
    assert archive_problems(home.archive) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_backup_of_an_earlier_version_is_restored_with_its_chain(folder, tmp_path):
    restore(folder / "archive.zip", tmp_path / "home")
    archive = Home(tmp_path / "home").archive
    links = archive.links()
    assert links[-1].kind == "start"
    returns = {f"returns/{receipt.return_id}" for receipt in archive.receipts()}
    assert returns <= {link.entry for link in links}
    assert archive_problems(archive) == []


def test_the_chain_can_be_copied_with_its_archive(home, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "copy"))
    copy.archive.record(worlds.note())
    assert archive_problems(copy.archive) == []
