"""Whether the sentence of every series of a release says what its points show.

    uv run python -m tests.said_of_points RELEASE.duckdb

Each run of points that stand out in the latest phase must be named with its first and last month,
no such phase may be called unchanged, and no month may be named that isn't on the chart. Works from
the points alone, without the functions that write the sentences. Exits with 1 if any disagree.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl

SERIES = ("level", "unit_id", "measure")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NAMED = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{4}})\b")
_UNCHANGED = re.compile(
    r"no change|no doubling|no halving|no sign|no variation|unchanged|not? var", re.IGNORECASE
)
_FEW = re.compile(r"(month|quarter|point)s?( with enough people)? so far, too few")
_JUDGED_FROM = 6  # points


def disagreements(said: str, chart: str, points: pl.DataFrame) -> Iterator[str]:
    """What a sentence says that the points of its series do not show, or leaves out.

    `points` has rows of `points` of one series and `chart` is that of its signal.
    """
    seen = points.sort("month").filter(pl.col("value").is_not_null())
    phase = seen.filter(pl.col("phase") == seen["phase"].max()).to_dicts() if len(seen) else []
    runs = _runs(phase, chart)
    named = {" ".join(month) for month in _NAMED.findall(said)}
    if runs and _UNCHANGED.search(said):
        yield "called unchanged, but has points that stand out"
    for run in runs:
        for month in (_month(run[0], 0), _month(run[-1], run[-1]["months"] - 1)):
            if month not in named:
                yield f"{month} begins or ends a run and is not named"
    drawn = {_month(point, step) for point in points.to_dicts() for step in range(point["months"])}
    for month in sorted(named - drawn):
        yield f"{month} is named and not on the chart"
    if chart == "run" and "usual" in said:
        yield "a run chart has no usual range"
    if _FEW.search(said) and len(phase) >= _JUDGED_FROM:
        yield f"called too few, with {len(phase)} points"


def _runs(phase: list[dict[str, object]], chart: str) -> list[list[dict[str, object]]]:
    """Neighbouring points with a cause and the same direction; on a run chart, ties are skipped."""
    if chart == "run":
        phase = [point for point in phase if point["side"] != 0 or point["cause"]]
    found: list[list[dict[str, object]]] = []
    for before, point in pairwise([None, *phase]):
        if point["cause"] is None:
            continue
        if before and before["cause"] and before["high"] == point["high"]:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _month(point: Mapping[str, object], later: int) -> str:
    year, month = divmod(point["month"].year * 12 + point["month"].month - 1 + later, 12)
    return f"{_MONTHS[month]} {year}"


def compared(release: Path) -> tuple[int, list[str]]:
    """How many series were compared, and each disagreement in words."""
    with duckdb.connect(str(release), read_only=True) as connection:
        points = connection.sql("SELECT * FROM points").pl()
        signals = connection.sql("SELECT * FROM signals").pl()
    of = points.partition_by(*SERIES, as_dict=True)
    found = [
        f"{', '.join(row[name] for name in SERIES)}: {why}. “{said}”"
        for row in signals.iter_rows(named=True)
        for said in (row["headline"], row["sentence"])
        for why in disagreements(said, row["chart"], of[tuple(row[name] for name in SERIES)])
    ]
    return signals.height, found


if __name__ == "__main__":
    number, wrong = compared(Path(sys.argv[1]))
    print("\n".join(wrong[:20]))
    print(f"{number:,} series compared, {len(wrong):,} sentences disagree with their points.")
    sys.exit(bool(wrong))
