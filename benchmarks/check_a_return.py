"""How long a check of a workbook takes, warm, against reading it; and how its template opens.

    python -m benchmarks.check_a_return

Workbooks of 3 and of 40 wards, with a year of returns behind them. Everything is measured in one
run, so that what counts is the ratio. Opening is measured with LibreOffice, where there is one.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl

from pipelines.checking.check import Context, check
from pipelines.reading.read import read
from pipelines.registers.register import register_of
from pipelines.workbooks.template import filled, template
from schemas.periods import Month, months
from tests import worlds

MONTH, TRIES = Month(2026, 3), 7


def main() -> None:
    """Print the times and their ratios."""
    for count in (3, 40):
        _one_size(tuple(f"WARD{number:02}" for number in range(count)))


def _one_size(wards: tuple[str, ...]) -> None:
    rows = pl.DataFrame([worlds.ward_row("Z01", ward) for ward in wards])
    register = register_of(worlds.register_frames(wards=rows))
    programme, past = worlds.programme(), []

    def workbook(month: Month) -> bytes:
        values = {
            "cover": [worlds.cover_row("Z01", month)],
            "monthly": [worlds.monthly_row(ward, month) for ward in wards],
            "charter": [],
        }
        return filled(programme, register, "Z01", month, values)

    def context(month: Month) -> Context:
        known = pl.concat(past) if past else None
        return Context(programme, register, (month + 1).first_day, history=known)

    for month in months(MONTH + -12, MONTH + -1):
        cells = check(workbook(month), "x.xlsx", context(month)).cells
        past.append(cells.with_columns(trust_code=pl.lit("Z01"), month=pl.lit(month.first_day)))
    content, now = workbook(MONTH), context(MONTH)
    reads = _best(lambda: read(content))
    checks = _best(lambda: check(content, "x.xlsx", now))
    print(
        f"{len(wards)} wards, {len(content):,} bytes: read {reads * 1000:.1f} ms, "
        f"checked {checks * 1000:.1f} ms, {checks / reads:.1f} times as long"
    )
    _opening(template(programme, register, "Z01", MONTH), len(wards))


def _opening(content: bytes, wards: int) -> None:
    empty = BytesIO()
    openpyxl.Workbook().save(empty)
    loads = [
        _best(lambda book=book: openpyxl.load_workbook(BytesIO(book)))
        for book in (content, empty.getvalue())
    ]
    print(
        f"template for {wards} wards: {len(content):,} bytes; openpyxl loads it in "
        f"{loads[0] * 1000:.0f} ms ({loads[0] / loads[1]:.1f} times an empty workbook)"
    )
    office = shutil.which("soffice")
    if office is None:
        print("  no LibreOffice here")
        return
    opens = [_opened(office, book) for book in (content, empty.getvalue())]
    print(
        f"  LibreOffice opens and saves it in {opens[0]:.2f} s "
        f"({opens[0] / opens[1]:.2f} times an empty workbook)"
    )


def _opened(office: str, content: bytes) -> float:
    """The least processor time of three: LibreOffice runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, profile, "--headless", "--convert-to", "ods", "--outdir", folder, path]

        def convert() -> None:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603

        convert()  # the first start makes a profile
        return _best(convert, 3, _of_children)


def _of_children() -> float:
    """Processor seconds of the processes that were started and have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _best(
    do: Callable[[], object], tries: int = TRIES, clock: Callable[[], float] = time.process_time
) -> float:
    """The shortest of several times, after one that warms up."""
    do()
    took = []
    for _ in range(tries):
        before = clock()
        do()
        took.append(clock() - before)
    return min(took)


if __name__ == "__main__":
    main()
