"""A process chart to listen to: month by month, what stands out, and what is usual.

Chart2Music plays the figures as notes and speaks the words that are made here
(`dashboard/page/listen/listen.js`). The arrow keys move along a part, Page Up and Page Down between
parts; each part says what it holds when it is reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from dashboard import numbers
from dashboard.charts import theme
from schemas import wording

MONTHS, STANDS_OUT = "Month by month", "What stands out"
_Notes = Sequence[tuple[int, Mapping[str, object]]]


def heard(
    drawn: Iterable[Mapping[str, object]], title: str, unit: str, middle: str
) -> dict[str, object] | None:
    """What is played and spoken of the rows of a process chart, or None if no month has a figure.

    `months` names each place on the chart. `parts` have, by name, what is said of a part and its
    `notes`: `x` is a place, `y` the height of the note in the unit people read, `reads` how that is
    said, and `label` what follows.
    """
    rows = list(drawn)
    points = [row for row in rows if row["row"] == "point"]
    notes = [(x, row) for x, row in enumerate(points) if row["v"] is not None]
    if not notes:
        return None
    flags = _flags(rows, notes)
    parts = {
        MONTHS: _part(
            MONTHS,
            [_month(points, x, flags.get(x, ())) for x, _ in notes],
            _range(points, notes),
        ),
        STANDS_OUT: _stretches(notes),
        middle: _usual(notes, unit, middle),
    }
    return {
        "title": title,
        "months": [row["when"] for row in points],
        "parts": {name: part for name, part in parts.items() if part},
    }


def _part(name: str, notes: list[dict[str, object]], *about: str) -> dict[str, object]:
    return {"about": _sentences(name, *about), "notes": notes}


def _note(
    x: int, row: Mapping[str, object], reads: str, label: str, level: str = "v"
) -> dict[str, object]:
    return {"x": x, "y": row[level], "reads": reads, "label": label}


def _range(points: Sequence[Mapping[str, object]], notes: _Notes) -> str:
    lowest = min(notes, key=lambda note: note[1]["v"])[1]
    highest = max(notes, key=lambda note: note[1]["v"])[1]
    figures = wording.counted(len(notes), "figure")
    return f"{figures}, {_span(points[0], points[-1])}, from {lowest['read']} to {highest['read']}"


def _month(
    points: Sequence[Mapping[str, object]], x: int, flags: Sequence[str]
) -> dict[str, object]:
    row = points[x]
    look = "" if row["look"] == theme.COMMON.words else row["look"]
    said = (row["based_on"], look, row["why"], row["note"], _skipped(points, x), *flags)
    return _note(x, row, str(row["read"]), _sentences(*said))


def _skipped(points: Sequence[Mapping[str, object]], x: int) -> str:
    """The months without a figure just before a point."""
    first = x
    while first and points[first - 1]["v"] is None:
        first -= 1
    return "" if first == x else f"no figure before it: {_span(points[first], points[x - 1])}"


def _stretches(notes: _Notes) -> dict[str, object] | None:
    """One note for each stretch of months that stand out in the same way, at its first month."""
    found, said = [], []
    # A month without a figure ends a stretch: places jump there, and their difference to a count.
    placed = enumerate(notes)
    for (look, _), stretch in groupby(placed, key=lambda at: (at[1][1]["look"], at[1][0] - at[0])):
        if look == theme.COMMON.words:
            continue
        members = [note for _, note in stretch]
        (x, first), (_, last) = members[0], members[-1]
        reasons = dict.fromkeys(str(row["why"]) for _, row in members if row["why"])
        until = "" if first is last else f"until {_last(last)}, when it is {last['read']}"
        found.append(_note(x, first, str(first["read"]), _sentences(look, until, *reasons)))
        said.append(f"{_span(first, last)}: {look}")
    return _part(STANDS_OUT, found, *said) if found else None


def _usual(notes: _Notes, unit: str, middle: str) -> dict[str, object] | None:
    """The line through the middle and its limits, at each month in which they change."""
    found, before = [], None
    for x, row in notes:
        lines = tuple(row[name] for name in ("c", "l", "u"))
        if row["c"] is not None and lines != before:
            centre, low, high = (None if v is None else numbers.reading(v, unit) for v in lines)
            limits = (f"lower limit {low}" if low else "", f"upper limit {high}" if high else "")
            found.append(_note(x, row, f"{middle.lower()} {centre}", _sentences(*limits), "c"))
        before = lines
    if not found:
        return None
    first, changes = found[0], len(found) - 1
    also = f"changes {wording.counted(changes, 'time')}" if changes else first["label"].rstrip(".")
    return _part(str(first["reads"]), found, also)


def _flags(rows: Iterable[Mapping[str, object]], notes: _Notes) -> dict[int, list[str]]:
    """The events to say at each place: of its month, and of months without a figure before it."""
    found: dict[int, list[str]] = {}
    for row in rows:
        if row["row"] == "event":
            x = next((x for x, point in notes if row["m"] < point["m1"]), notes[-1][0])
            found.setdefault(x, []).append(f"flag {row['flag']}, {row['when']}: {row['note']}")
    return found


def _span(first: Mapping[str, object], last: Mapping[str, object]) -> str:
    if first is last:
        return str(first["when"])
    return f"{str(first['when']).split(' to ')[0]} to {_last(last)}"


def _last(row: Mapping[str, object]) -> str:
    return str(row["when"]).split(" to ")[-1]


def _sentences(*parts: object) -> str:
    return " ".join(f"{str(part)[0].upper()}{str(part)[1:]}." for part in parts if part)
