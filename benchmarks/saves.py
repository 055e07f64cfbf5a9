"""What one save costs until its figures are in use: processor seconds, child processes included.

    uv run python benchmarks/saves.py HOME

HOME is a fictional programme (`feeling-safe demo --no-serve --home HOME`); a copy of it is used.
`against.py` runs this file with the code of two versions in turn: what is called here is there in
both, and where a version has a record of several values, the other takes the values one by one.
"""

import inspect
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl
import polars as pl

from pipelines.keeping import decide
from pipelines.keeping.home import Home
from pipelines.registers import ward_acts
from pipelines.releasing.build import build
from pipelines.submit import submit

RUNS = 3
FIELD = {"Patients present", "patients_present"}
KINDS = (
    "a new return",
    "a return sent again",
    "a query explained",
    "a ward renamed",
    "a rebase",
    "an event",
    "another day, first look",
    "a day beside it",
    "everything built again",
)


def changed(content: bytes, by: int) -> bytes:
    """The workbook with some more patients present on its first ward."""
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


class Saves:
    """A copy of a programme, with some of its newest returns not sent yet."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._home = Home(Path(shutil.copytree(home, folder / "home")))
        (self._home.root / "archive" / "chain.jsonl").unlink(missing_ok=True)  # made again
        active = self._home.archive.entries().active
        newest = max(receipt.month for receipt in active)
        last = [r for r in active if r.month == newest and r.version == 1]
        self._again = [self._file(receipt, by=1) for receipt in last[RUNS : 2 * RUNS]]
        self._new = [self._file(receipt) for receipt in last[:RUNS]]
        for receipt in last[:RUNS]:
            shutil.rmtree(self._home.archive.folder(receipt).parent)
        self._queries = [(r.return_id, q.code) for r in active for q in r.queries][-RUNS:]
        wards = self._home.archive.register().wards
        wards = wards.filter(pl.col("valid_to").is_null(), in_collaborative="yes")
        self._wards = list(wards.select("trust_code", "ward_code").iter_rows())
        self._made = 0
        build(self._home, _now())

    def run(self, kind: str) -> float:
        """Save something of a kind and build; the processor seconds of both."""
        self._made += 1
        save = self._kinds()[kind]
        began = _processor()
        save()
        return _processor() - began

    def _kinds(self) -> dict[str, Callable[[], object]]:
        home, number = self._home, self._made
        trust, ward = unit = self._wards[number]
        who = ("lead@trust.example", _now(), "Because")
        units, decided = _record("decision_subjects", "UnitCodes", unit), _decided(who)
        event = _record("decide", "Event", (f"2026-05-{number + 1:02}", "training", "Training"))

        def rename() -> None:
            register = home.archive.newest_register()
            name = {"ward_name": f"Ward {number}"}
            renamed = ward_acts.change_ward(register, trust, ward, date(2026, 9, 1), name)
            home.archive.keep_register(renamed, *decided)

        saves = {
            "a new return": lambda: self._send(*self._new.pop()),
            "a return sent again": lambda: self._send(*self._again.pop()),
            "a query explained": lambda: decide.answer_queries(
                home, {self._queries.pop(): f"Checked {number}"}, *who[:2]
            ),
            "a ward renamed": rename,
            "a rebase": lambda: decide.rebase(home, *units, "SS-O1", "2025-11", *decided),
            "an event": lambda: decide.annotate(home, *units, *event, *decided),
        }
        built = {kind: _and_build(save, home) for kind, save in saves.items()}
        day = _now().date() - timedelta(days=40 + number)
        return built | {
            "another day, first look": lambda: self._first_look(day),
            "a day beside it": lambda: build(home, _now(), day - timedelta(days=1)),
            "everything built again": lambda: build(home, _now(), full=True),
        }

    def _first_look(self, day: date) -> None:
        """Build a release as at a day, when there is none of any other day."""
        for path in (self._home.releases / "as-at").glob("*"):
            path.unlink()
        build(self._home, _now(), day)

    def _file(self, receipt: Any, by: int = 0) -> tuple[str, str, bytes]:
        original = self._home.archive.original(receipt)
        content = original.read_bytes()
        return receipt.trust_code, original.name, changed(content, by) if by else content

    def _send(self, trust: str, name: str, content: bytes) -> None:
        lead, answers = "lead@trust.example", {"*": "Checked"}
        arrival = (content, name, lead, _now(), answers, frozenset({trust}))
        given = _record("pipelines.accepting.submission", "Arrival", arrival)
        apart = {"release": False} if "release" in inspect.signature(submit).parameters else {}
        sent = submit(self._home, *given, **apart)
        if not sent.receipt:
            raise SystemExit("\n".join(problem.message for problem in sent.checked.problems))


def _and_build(save: Callable[[], object], home: Home) -> Callable[[], object]:
    def both() -> None:
        save()
        build(home, _now())

    return both


def _decided(who: tuple[object, ...]) -> tuple[object, ...]:
    return _record("decisions", "Decided", who)


def _record(module: str, name: str, values: tuple[object, ...]) -> tuple[object, ...]:
    """A record of some values or, in a version that has none of this name, the values."""
    full = module if "." in module else f"pipelines.keeping.{module}"
    try:
        record = getattr(import_module(full), name, None)
    except ModuleNotFoundError:
        record = None
    if record is None or len(inspect.signature(record).parameters) < len(values):
        return values
    return (record(*values),)


def _now() -> datetime:
    return datetime.now(UTC)


def _processor() -> float:
    return sum(os.times()[:4])


def _asked() -> Iterator[str]:
    for line in sys.stdin:
        yield line.strip()


def main(home: Path) -> None:
    """Print the median of each kind of save; or, asked by `against.py`, each save it asks for."""
    with tempfile.TemporaryDirectory() as folder:
        saves = Saves(home, Path(folder))
        if "--asked" in sys.argv:
            print("ready", flush=True)
            for kind in _asked():
                print(saves.run(kind), flush=True)
            return
        for kind in KINDS:
            print(f"{kind}: {median(saves.run(kind) for _ in range(RUNS)):.2f} s of processor")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
