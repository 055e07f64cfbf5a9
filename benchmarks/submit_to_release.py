"""How long from sending one return to the release that shows it, on a copy of a home.

    feeling-safe demo --no-serve --home /somewhere/demo
    python benchmarks/submit_to_release.py /somewhere/demo

Sends the newest return of a trust again with one figure changed, three times over.
"""

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl

from pipelines.accepting.submission import Arrival
from pipelines.keeping.home import Home
from pipelines.releasing import build
from pipelines.submit import submit

FIELD = {"Patients present", "patients_present"}


def changed(content: bytes, by: int) -> bytes:
    """The workbook with one more patient present on its first ward."""
    workbook = openpyxl.load_workbook(BytesIO(content))
    cells = [cell for row in workbook["monthly"].iter_rows() for cell in row]
    header = next(cell for cell in cells if cell.value in FIELD)
    figure = next(
        cell
        for cell in cells
        if cell.column == header.column and cell.row > header.row and cell.value is not None
    )
    figure.value = int(figure.value) + by
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def main(home: Path) -> None:
    """Print wall and processor seconds for each sending."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Home(Path(shutil.copytree(home, Path(folder) / "home")))
        build.build(copy, datetime.now(UTC))
        receipt = max(copy.archive.entries().active, key=lambda kept: kept.month)
        original = copy.archive.original(receipt)
        for by in (1, 2, 3):
            content = changed(original.read_bytes(), by)
            wall, processor = time.perf_counter(), time.process_time()
            sent = submit(
                copy,
                Arrival(
                    content, original.name, "lead@trust.example", datetime.now(UTC), {"*": "So"}
                ),
            )
            took = (time.perf_counter() - wall, time.process_time() - processor)
            if not sent.receipt:
                sys.exit("\n".join(problem.message for problem in sent.checked.problems))
            print(
                f"{sent.receipt.return_id} in release {sent.release_id}: "
                f"{took[0]:.1f} s, {took[1]:.1f} s of processor"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
