import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.keeping import staging


def test_versions_count_up_from_one_without_gaps(tmp_path):
    taken = [staging.keep_version(tmp_path / "month", lambda v: {"a": b"x"}) for _ in range(3)]
    assert taken == [1, 2, 3]
    assert staging.versions(tmp_path / "month") == [1, 2, 3]
    assert staging.leftovers(tmp_path) == []


def test_the_files_are_told_the_version_they_are_kept_as(tmp_path):
    for _ in range(2):
        staging.keep_version(tmp_path, lambda version: {"receipt": str(version).encode()})
    assert [(tmp_path / v / "receipt").read_text() for v in ("1", "2")] == ["1", "2"]


def test_a_number_taken_by_somebody_else_meanwhile_is_left_to_them(tmp_path):
    def files(version: int) -> dict[str, bytes]:
        if version == 1:  # somebody else is quicker
            staging.write_flushed(_folder(tmp_path / "1") / "theirs", b"theirs")
        return {"ours": str(version).encode()}

    assert staging.keep_version(tmp_path, files) == 2
    assert (tmp_path / "1" / "theirs").read_bytes() == b"theirs"
    assert (tmp_path / "2" / "ours").read_bytes() == b"2"
    assert not (tmp_path / "1" / "ours").exists()


def test_a_disk_that_refuses_the_rename_leaves_nothing_behind(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OSError, match="disk full"):
        staging.keep_version(tmp_path / "month", lambda v: {"a": b"x"})
    assert list((tmp_path / "month").iterdir()) == []


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "CURRENT"
    staging.keep_file(path, b"old")
    staging.keep_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["CURRENT"]


def test_a_reader_that_holds_the_file_is_waited_for(tmp_path, monkeypatch):
    refusals, replace = [1, 1], os.replace

    def busy(staged: Path, path: Path) -> None:
        if refusals:
            refusals.pop()
            raise PermissionError
        replace(staged, path)

    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(staging.time, "sleep", lambda _: None)
    staging.keep_file(tmp_path / "CURRENT", b"new")
    assert (tmp_path / "CURRENT").read_bytes() == b"new"


def test_what_a_crash_left_is_not_a_version(tmp_path):
    (tmp_path / ".staged-version-abc").mkdir()
    assert staging.newest_version(tmp_path) == 0
    assert [p.name for p in staging.leftovers(tmp_path)] == [".staged-version-abc"]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_many_threads_take_every_number_once(tmp_path):
    def keep(number: int) -> int:
        return staging.keep_version(tmp_path, lambda v: {"who": f"{number} {v}".encode()})

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(keep, range(40)))
    assert sorted(taken) == list(range(1, 41))
    for number, version in enumerate(taken):
        assert (tmp_path / str(version) / "who").read_text() == f"{number} {version}"


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_full_disk_names_the_file_and_leaves_nothing_behind(tmp_path, monkeypatch, fault):
    def full(descriptor: int) -> None:
        raise OSError(fault, os.strerror(fault))

    staging.keep_file(tmp_path / "kept", b"before")
    monkeypatch.setattr(os, "fsync", full)
    for place, keep in (
        (tmp_path / "kept", lambda path: staging.keep_file(path, b"after")),
        (tmp_path / "month", lambda path: staging.keep_version(path, lambda v: {"a": b"x"})),
    ):
        with pytest.raises(staging.NotKept) as refused:
            keep(place)
        assert str(refused.value).startswith(f"{place} could not be kept: ")
        assert "Nothing has been changed." in str(refused.value)
        full = fault in (errno.ENOSPC, errno.EDQUOT)
        assert ("Make room on that disk, then try again." in str(refused.value)) is full
        assert refused.value.errno == fault
    assert (tmp_path / "kept").read_bytes() == b"before"
    assert staging.leftovers(tmp_path) == []


def test_only_what_need_not_wait_for_the_disk_does_not(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(os, "fsync", waited.append)

    def keep() -> int:
        """How often keeping a file waits for the disk."""
        before = len(waited)
        staging.keep_file(tmp_path / "kept", b"kept")
        return len(waited) - before

    with ThreadPoolExecutor(1) as another:
        with staging.unflushed():
            assert keep() == 0
            assert another.submit(keep).result() == 2
        assert keep() == 2
