"""A file is opened first where it can do no harm, whatever it does there."""

import subprocess
import sys

import pytest

from pipelines.checking.check import check_arriving
from pipelines.reading import apart
from pipelines.reading.apart import try_apart
from pipelines.reading.read import Unreadable
from schemas.problems import Outcome
from schemas.returns import SHEETS
from tests.returns import scene


def ending(code: str) -> subprocess.CompletedProcess[bytes]:
    """How the process ends that reads a file, if reading did this."""
    changed = f"""
import sys
from pipelines.reading import apart
def read(content, asked):
    {code}
apart.read = read
sys.exit(apart._main())
"""
    return subprocess.run([sys.executable, "-c", changed], input=b"", capture_output=True)


def test_a_usual_return_passes_and_is_checked() -> None:
    try_apart(scene.workbook(), SHEETS)
    assert check_arriving(scene.workbook(), "x", scene.context()).outcome is Outcome.CLEAN


def test_what_is_no_return_passes_and_its_reader_says_why() -> None:
    try_apart(b"\x89PNG\r\n\x1a\n", SHEETS)
    (problem,) = check_arriving(b"\x89PNG\r\n\x1a\n", "x", scene.context()).problems
    assert "a picture" in problem.message


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    "code",
    [
        "bytearray(10**9)",
        "[bytearray(10**6) for _ in range(1000)]",
        "while True: pass",
        "import os; os.abort()",
        "raise ValueError('nobody thought of this')",
        "return read(content, asked)",  # without an end
    ],
)
def test_whatever_reading_does_its_process_ends_and_says_so(code: str) -> None:
    ended = ending(code)
    assert ended.returncode != 0
    assert b"TypeError" not in ended.stderr  # it is this code that ends it


@pytest.mark.parametrize("code", ["return", "raise Unreadable('a picture', 'fix')"])
def test_a_process_whose_file_does_no_harm_ends_well(code: str) -> None:
    assert ending(f"from pipelines.reading.read import Unreadable\n    {code}").returncode == 0


def test_the_process_loads_nothing_that_every_file_would_wait_for() -> None:
    slow = {"pandera", "pandas", "numpy", "polars", "duckdb", "pydantic", "openpyxl"}
    loads = "import sys; from pipelines.reading import apart; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True)
    assert "pipelines.reading.xlsx" in loaded.stdout.split()
    assert not slow & set(loaded.stdout.split())


def test_a_file_that_ends_its_process_gets_a_sentence_and_nothing_else_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0)
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(Unreadable, match="far more memory or time to open"):
        try_apart(scene.workbook(), SHEETS)
    checked = check_arriving(scene.workbook(), "x", scene.context())
    assert (checked.outcome, checked.cells) == (Outcome.UNREADABLE, None)
    assert "newly downloaded workbook" in checked.problems[0].fix


def test_a_process_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("reading", 60)

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(Unreadable, match="far more memory or time to open"):
        try_apart(b"1,2\n", SHEETS)
