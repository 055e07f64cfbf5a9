"""What a programme plans: its wards, how many answer there, and when each starts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.reading.tidy_cells import Layout, Unusable, as_text, bad, day_in, first_of, numbers
from pipelines.statistics.effect.panel import NEVER, Floats, Whole
from schemas.periods import Month
from schemas.wording import counted

MOST_WARDS, MONTHS, MOST_ANSWERS = 500, range(6, 121), 1000
COLUMNS = ("trust", "ward", "answers", "starts")
_LAYOUT = Layout(columns=COLUMNS, needed=(COLUMNS,), rows="there is no ward to rehearse with")
_NUMBERED = r"^[0-9]{1,3}(\.0)?$"  # 7.0 is how programs write whole numbers beside gaps


@dataclass(frozen=True)
class Plan:
    """An entry for each ward: its trust, numbered from 0, its start and its size.

    `start` is the month in which it starts, counted from 0, or NEVER; `size` how many answer in a
    month or, for a rate, how many incidents there are in one. `trusts` are their names.
    """

    trust: Whole
    start: Whole
    size: Floats
    months: int
    trusts: tuple[str, ...]

    @property
    def wards(self) -> int:
        return len(self.trust)

    @property
    def starting(self) -> int:
        """How many wards start within the plan."""
        return int((self.start < self.months).sum())


@dataclass(frozen=True)
class Shape:
    """A plan in numbers; starts are months counted from 1, `never` the share that doesn't start.

    `together`: the wards of a trust start in the same month.
    """

    wards: int
    trusts: int
    answers: float
    first: int
    last: int
    never: float
    together: bool


def shaped(shape: Shape, months: int, seed: int) -> Plan:
    """A plan of wards of one size, dealt evenly to trusts, whose starts are spread evenly.

    The order in which they start is drawn by lot. Raises Unusable.
    """
    _check(shape, months)
    random = np.random.default_rng(seed)
    trust = np.sort(np.arange(shape.wards) % shape.trusts)
    who = shape.trusts if shape.together else shape.wards
    starting = who - round(who * shape.never)
    start = np.full(who, NEVER)
    start[:starting] = np.linspace(shape.first - 1, shape.last - 1, starting).round()
    start = random.permutation(start)
    names = tuple(f"trust {number}" for number in range(1, shape.trusts + 1))
    each = start[trust] if shape.together else start
    return Plan(trust, each, np.full(shape.wards, float(shape.answers)), months, names)


def _check(shape: Shape, months: int) -> None:
    check_months(months)
    if not 1 <= shape.trusts <= shape.wards <= MOST_WARDS:
        raise Unusable(
            f"{counted(shape.wards, 'ward')} of {counted(shape.trusts, 'trust')} can’t be "
            f"rehearsed: each trust needs a ward, and {MOST_WARDS} wards are the most."
        )
    if not 0 < shape.answers <= MOST_ANSWERS:
        raise Unusable(f"--answers {shape.answers:g}: use a number above 0, up to {MOST_ANSWERS}.")
    if not 1 <= shape.first <= shape.last <= months:
        raise Unusable(
            f"Wards can’t start from month {shape.first} to month {shape.last} of {months}: the "
            "first has to come before the last, and both within the programme."
        )
    if not 0 <= shape.never < 1:
        raise Unusable(
            f"--never {shape.never * 100:.6g}: use 0 to 99, the percentage of wards that never "
            "start."
        )


def check_months(months: int) -> None:
    """Refuse programmes that are too short or too long to rehearse."""
    if months not in MONTHS:
        raise Unusable(f"--months {months}: use {MONTHS[0]} to {MONTHS[-1]}.")


def read(path: Path, months: int, first: str | None) -> Plan:
    """Read a plan: a row for each ward, with trust, ward, answers (a month) and starts.

    `starts` is a month of the programme (5 is the fifth), or a date if `first`, such as 2027-01,
    says which month is the first; empty if the ward never starts. Raises Unusable with the first
    ten findings.
    """
    check_months(months)
    text = as_text(path, _LAYOUT)
    cells, findings = text.frame, []
    for name in ("trust", "ward"):
        findings += bad(cells, cells[name].is_null(), name, "is no name: every row needs one")
    twice = cells["ward"].is_duplicated() & cells["ward"].is_not_null()
    findings += bad(cells, twice, "ward", "is in two rows: write each ward once")
    answers, more = numbers(cells, "answers", text.decimal_comma)
    findings += more
    outside = cells["answers"].is_null() | ((answers <= 0) | (answers > MOST_ANSWERS)).fill_null(
        False
    )
    why = f"is not how many answer in a month: a number above 0, up to {MOST_ANSWERS}"
    findings += bad(cells, outside, "answers", why)
    start = pl.Series([_start(cell, first) for cell in cells["starts"]], dtype=pl.Int64)
    why = "is not a month of the programme: write 5 for the fifth, or leave it empty for never"
    if first is None:
        why += "; a date needs --first"
    outside = cells["starts"].is_not_null() & ~start.is_between(1, 10**4).fill_null(False)
    findings += bad(cells, outside, "starts", why)
    if len(cells) > MOST_WARDS:
        findings.append(f"{path.name} has {len(cells)} wards: {MOST_WARDS} are the most.")
    if findings:
        raise Unusable("\n".join(first_of(findings)))
    names = tuple(cells["trust"].unique().sort())
    trust = np.unique(cells["trust"].to_numpy(), return_inverse=True)[1]
    started = (start - 1).fill_null(NEVER).to_numpy()
    return Plan(trust, started, answers.to_numpy(), months, names)


def _start(cell: str | None, first: str | None) -> int | None:
    """The month of the programme in a cell, counted from 1; None if there is none."""
    if cell is None:
        return None
    if pl.Series([cell]).str.contains(_NUMBERED).item():
        return int(cell.removesuffix(".0"))
    day, time = day_in(cell)
    if day is None or time or first is None:
        return None
    begin = _month(first)
    return (day.year - begin.year) * 12 + day.month - begin.number + 1


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Unusable(f"--first: {error}") from error
