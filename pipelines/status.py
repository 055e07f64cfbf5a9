"""Works out who has sent what and what is due, straight from the archive's small files.

It takes well under a second, because it opens no release and imports nothing slow.
"""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from pipelines.keeping.damaged import (
    Damaged,
    damaged_at,
    gone,
    lost,
    read_record,
    received,
    whole_forum,
    whole_measures,
    whole_register,
)
from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.layout import (
    RECEIPT,
    decision_files,
    forum_folders,
    measures_folders,
    return_folders,
)
from pipelines.keeping.month_locks import LastDays, last_days, span
from pipelines.keeping.set_aside import waiting
from pipelines.keeping.staging import leftovers
from pipelines.releasing.code_version import is_checked
from schemas.deadlines import dates_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import Programme
from schemas.receipts import Decision, is_baseline

Row = Mapping[str, str]
OWED = ("missing", "not_yet_due")


@dataclass(frozen=True)
class Status:
    """The state of every trust's months on a day (see `schemas.release.RETURN_STATES`)."""

    programme: Programme
    today: date
    release: str | None
    names: dict[str, str]
    states: dict[str, dict[Month, str]]
    exceptions: LastDays
    set_aside: dict[Path, int]  # files of watched folders that could not be handled
    damaged: tuple[Damaged, ...] = ()  # entries of the archive that can't be read
    staged: tuple[Path, ...] = ()  # release files that a build has not finished

    @property
    def months(self) -> list[Month]:
        """The months with a return, oldest first."""
        return self.programme.expected_months(self.today)

    def count(self, month: Month) -> Counter[str]:
        """How many trusts are in each state for a month."""
        return Counter(states[month] for states in self.states.values())

    def who(self, month: Month, *wanted: str) -> list[str]:
        """The trusts in one of these states for a month."""
        return [code for code, states in self.states.items() if states[month] in wanted]

    def opened_again(self, month: Month) -> dict[str, date]:
        """The trusts that may send for a month after it closed, each with its last day."""
        spans = {
            code: span(code, month, self.exceptions, self.programme)
            for code in self.states
            if {(code, month), (None, month)} & self.exceptions.keys()
        }
        return {
            code: found.open_until
            for code, found in spans.items()
            if found.closes < self.today <= found.open_until
        }


def status(root: Path, today: date) -> Status:
    """The state of a programme's returns; raises HomeError if it or its settings can't be used."""
    programme = _programme(root)
    register = _newest(root / "archive" / "register")
    if register and not whole_register(register):
        from pipelines.keeping.home import open_home  # slow to import, and it knows what to say

        open_home(root).archive.newest_register()
    trusts, wards = _rows(register, "trusts"), _rows(register, "wards")
    _refuse_misfits(root, programme, trusts, _rows(register, "standards"))
    damaged = gone(root / "archive")
    taken = _decisions(root / "archive", damaged)
    sent, lost = _first_days(root / "archive", withdrawn(taken), damaged)
    names = {row["trust_code"]: row["trust_name"] for row in trusts}
    joined = {row["trust_code"]: date.fromisoformat(row["joined"]) for row in trusts}
    states: dict[str, dict[Month, str]] = {code: {} for code in sorted(names)}
    for month in programme.expected_months(today):
        due = dates_for(month, programme.deadlines).due
        owing = {row["trust_code"] for row in wards if _has_ward_open(row, month)}
        for code, of_trust in states.items():
            owed = code in owing and joined[code] <= month.first_day
            state = _state(sent.get((code, month)), owed, due, today)
            of_trust[month] = "damaged" if (code, str(month)) in lost else state
    release, exceptions = _release(root), last_days(taken, programme)
    folders = measures_folders(root / "archive")
    damaged += [Damaged("measures", f.name) for f in folders if not whole_measures(f)]
    forums = forum_folders(root / "archive")
    damaged += [damaged_at(f / RECEIPT) for f in forums if not whole_forum(f)]
    unreadable = tuple(sorted(damaged))
    staged = tuple(leftovers(root / "releases"))
    return Status(
        programme, today, release, names, states, exceptions, waiting(root), unreadable, staged
    )


def _state(received: date | None, owed: bool, due: date, today: date) -> str:
    if received is not None:
        return "received" if received <= due else "late"
    if not owed:
        return "not_expected"
    return "missing" if due < today else "not_yet_due"


def _has_ward_open(ward: Row, month: Month) -> bool:
    """Whether a row of the register's wards describes a ward that was open in a month."""
    spans = (("valid_from", "valid_to"), ("open_from", "open_to"))
    return ward["in_collaborative"] == "yes" and all(
        date.fromisoformat(ward[first]) <= month.last_day
        and (not ward[last] or date.fromisoformat(ward[last]) >= month.first_day)
        for first, last in spans
    )


def _programme(root: Path) -> Programme:
    try:
        text = (root / "programme.toml").read_text(encoding="utf-8")
        return Programme.model_validate(tomllib.loads(text))
    except (OSError, ValueError, ValidationError):
        from pipelines.keeping.home import open_home  # slow to import, and it knows what to say

        return open_home(root).programme


def _refuse_misfits(
    root: Path, programme: Programme, trusts: list[Row], standards: list[Row]
) -> None:
    """Raise an error if a setting or a measure names something that isn't there.

    Measures are only read again if another version, or other measures, built last.
    """
    invented = not programme.fictional and any(row["trust_code"][:1] == "Z" for row in trusts)
    unchecked = not is_checked(root / "releases")
    if invented or unchecked or programme.without_set({row["set_id"] for row in standards}):
        from pipelines.keeping.home import ready_home  # slow to import

        ready_home(root)


def _rows(register: Path | None, name: str) -> list[Row]:
    if register is None:
        return []
    with (register / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _newest(folder: Path) -> Path | None:
    versions = [path for path in _inside(folder) if path.name.isdecimal()]
    return max(versions, key=lambda path: int(path.name), default=None)


def _decisions(archive: Path, damaged: list[Damaged]) -> list[Decision]:
    """Every decision; those that can't be read are added to `damaged`."""
    found = []
    for path in decision_files(archive):
        _, decision = read_record(path, Decision)
        if decision is None:
            damaged.append(damaged_at(path))
        else:
            found.append(decision)
    return found


def _first_days(
    archive: Path, withdrawn_ids: frozenset[str], damaged: list[Damaged]
) -> tuple[dict[tuple[str, Month], date], frozenset[tuple[str, str]]]:
    """The day each trust's month was first received, and the months whose return is damaged.

    Withdrawn versions are ignored; those that can't be read are added to `damaged`.
    """
    days: dict[tuple[str, Month], date] = {}
    newest: dict[tuple[str, str], int] = {}
    for folder in return_folders(archive):
        path = folder / RECEIPT
        receipt = received(path)
        if receipt is None:
            damaged.append(damaged_at(path))
            continue
        trust, month, version = folder.parts[-3:]
        if is_baseline(month):
            continue  # of several months, none of which it is the return of
        if f"{trust}/{month}/{version}" not in withdrawn_ids:
            key, day = (trust, Month.parse(month)), london_day(receipt)
            days[key] = min(day, days.get(key, day))
            newest[trust, month] = int(version)
    return days, lost(damaged, newest, withdrawn_ids)


def _release(root: Path) -> str | None:
    try:
        return (root / "releases" / "CURRENT").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def _inside(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()
