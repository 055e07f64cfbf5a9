"""Files for a person: whole or not at all, in the place that was named."""

import errno
import re
from pathlib import Path

import pytest

from pipelines import output_files
from pipelines.output_files import check_name, write
from pipelines.reading.tidy_cells import Unusable

# What writes at a place that somebody names; send-reports has an outbox of its own.
WRITERS = [
    *(path for path in Path("dashboard/cli").glob("*.py") if path.name != "send_reports.py"),
    *Path("pipelines/spc").glob("*.py"),
    *Path("pipelines/effect").glob("*.py"),
    *Path("pipelines/registers").glob("*.py"),
    Path("pipelines/edited_measures.py"),
]
ITSELF = re.compile(r"\.write_(bytes|text)\(|\.write_\w+\((path|out)\b|\bopen\([^)]*\"[wx]b?\"")


def test_a_disk_that_is_full_leaves_every_file_as_it_was(tmp_path, monkeypatch):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_bytes(b"what was there")
    room = iter([True, False])
    write_flushed = output_files.write_flushed

    def fill(path: Path, content: bytes) -> None:
        if next(room):
            return write_flushed(path, content)
        path.write_bytes(content[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(output_files, "write_flushed", fill)
    with pytest.raises(OSError, match="No space left") as full:
        write({old: b"instead", new: b"another"})
    assert full.value.filename == str(new)
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]
    assert old.read_bytes() == b"what was there"


def test_a_link_and_what_others_may_do_stay_and_a_device_is_no_file(tmp_path):
    place, link = tmp_path / "place.csv", tmp_path / "link.csv"
    place.write_bytes(b"old")
    place.chmod(0o664)
    link.symlink_to(place)
    write({link: b"new", Path("/dev/null"): b"nothing"})
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"new", 0o664)
    assert link.is_symlink()
    assert Path("/dev/null").is_char_device()
    assert len(list(tmp_path.iterdir())) == 2


def test_no_file_takes_the_place_of_another_of_the_same_command(tmp_path):
    read = tmp_path / "figures.csv"
    check_name("--points", tmp_path / "points.csv", [".csv"], [read, None])
    with pytest.raises(Unusable, match=r"--points .* would overwrite another file of this command"):
        check_name("--points", tmp_path / "." / "figures.csv", [".csv"], [read])


def test_whoever_writes_for_a_person_writes_whole_files():
    texts = {path: path.read_text(encoding="utf-8") for path in WRITERS}
    assert [str(path) for path, text in texts.items() if ITSELF.search(text)] == []
