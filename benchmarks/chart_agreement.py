# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "clinical-qikit==0.5.0",
#     "controlchartspy==0.1.3",
#     "feeling-safe",
#     "processbehavior==0.4.0",
#     "pycontrolcharts==0.1.2",
#     "shewhart==0.1.1",
# ]
#
# [tool.uv.sources]
# feeling-safe = { path = "..", editable = true }
# ///
"""Five other programs judge our process charts, on the golden series.

Run `uv run benchmarks/chart_agreement.py`: it installs their releases in an environment of its own.
Each is asked for every chart it has, phase by phase, of the series in `tests/golden`, and every
value it gives is compared with ours (as `feeling-safe spc --sigma exact`, and `--screen` beside
clinical-qikit, which screens individuals). Numbers agree within a billionth; flags agree or don't.

Where it differs, a value must be the one that another rule gives: `DIFFERENCES` has these rules,
worked out here in plain Python. Exits with 1 if any value is left that none of them gives.
docs/spc.md has the tables and says who is right.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import floor, isfinite, log2, pi, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import narwhals as nw
import polars as pl
from chart_judges import JUDGES

from pipelines.statistics.chart import charted
from pipelines.statistics.detectable import Lines, nearest_shown
from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.run_chart import crossings_min, runs

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "qic_points.parquet"
OURS = {chart: chart for chart in ("p", "pp", "u", "up", "c", "g", "t", "run")} | {"i": "xmr"}
RUNS = ("longest_run", "crossings", "useful", "runs_signal")
NOTHING = object()  # what a rule gives for a point it says nothing of

Columns = dict[str, list[Any]]
Rule = Callable[[str, Columns, str], list[Any]]  # chart, our columns of the phase, column


# --- other rules, in plain Python ----------------------------------------------------------------


def limits(
    d2: float = 1.128, least: float = 0.0, ceiling: float | None = 1.0, pooled: bool = False
) -> Rule:
    """Limits with another d2, with σz no less than `least`, or with no ceiling at 100%."""

    def rule(chart: str, ours: Columns, what: str) -> list[Any]:
        centres, ys, sizes = ours["centre"], ours["value"], ours["denominator"]
        if len(ys) < 2:
            return [NOTHING] * len(ys)
        if chart == "i":
            moves = [abs(b - a) for a, b in pairwise(ys)]
            sds = [sum(moves) / len(moves) / d2] * len(ys)
        else:
            spreads = [c * (1 - c) if chart[0] == "p" else c for c in centres]
            sds = [sqrt(s / n) for s, n in zip(spreads, sizes, strict=True)]
            if chart in ("pp", "up") and all(sds):
                zs = [(y - c) / sd for y, c, sd in zip(ys, centres, sds, strict=True)]
                moves = [abs(b - a) for a, b in pairwise(zs)]
                wider = max(least, sum(moves) / len(moves) / d2)
                sds = [sd * wider for sd in sds]
        return _line(chart, ours, what, sds, ceiling if chart[0] == "p" else None)

    return rule


def g_around_the_median(chart: str, ours: Columns, what: str) -> list[Any]:
    """Limits of a g chart from its centre line, the median, not from the mean."""
    return _line(chart, ours, what, [sqrt(c * (c + 1)) for c in ours["centre"]], None)


def _line(
    chart: str, ours: Columns, what: str, sds: list[float], ceiling: float | None
) -> list[Any]:
    width = 2 if what.startswith("near") else 3
    pairs = list(zip(ours["centre"], sds, strict=True))
    lower = [c - width * sd if chart == "i" else max(0.0, c - width * sd) for c, sd in pairs]
    upper = [c + width * sd for c, sd in pairs]
    if ceiling is not None:
        upper = [min(ceiling, line) for line in upper]
    if what == "rule_outside":
        rows = zip(ours["value"], lower, upper, strict=True)
        return [y < low or y > high for y, low, high in rows]
    return lower if what.endswith("lower") else upper


def constant_has_none(chart: str, ours: Columns, what: str) -> list[Any]:
    """No limits where nothing varies."""
    pairs = zip(ours["lower"], ours["upper"], strict=True)
    return [None if low == high else NOTHING for low, high in pairs]


def none_of_nobody(chart: str, ours: Columns, what: str) -> list[Any]:
    """No p′ limits where nobody, or everybody, says yes."""
    return [None if centre in (0.0, 1.0) else NOTHING for centre in ours["centre"]]


def runs_of_nothing(chart: str, ours: Columns, what: str) -> list[Any]:
    """Runs of 0 where every point is on the median."""
    return [0 if count is None else NOTHING for count in ours[what]]


def one_side_has_no_runs(chart: str, ours: Columns, what: str) -> list[Any]:
    """No crossings, and not 0 of them, where all other points are on one side of the median."""
    return [None if count == 0 else NOTHING for count in ours[what]]


def single_point_is_its_own_limit(chart: str, ours: Columns, what: str) -> list[Any]:
    """Limits of a phase of one point: that point."""
    return ours["value"] if len(ours["value"]) == 1 else [NOTHING] * len(ours["value"])


def ties_are_passed_over(chart: str, ours: Columns, what: str) -> list[Any]:
    """Seven on one side, or seven up or down, where equal values neither help nor interrupt."""
    ys, centre = ours["value"], ours["centre"]
    if what == "rule_shift":
        steps = [(y > c) - (y < c) for y, c in zip(ys, centre, strict=True)]
        return _marked(steps, 7, before=0)
    steps = [(b > a) - (b < a) for a, b in pairwise(ys)]
    return _marked(steps, 6, before=1)


def _marked(steps: list[int], least: int, before: int) -> list[bool]:
    """The points of every run of at least `least` steps one way; 0 goes neither way."""
    marks = [False] * (len(steps) + before)
    for sign in (1, -1):
        start, count = 0, 0
        for at, step in enumerate([*steps, -sign]):
            if step == -sign:
                if count >= least:
                    marks[start : at + before] = [True] * (at + before - start)
                start, count = at + 1, 0
            elif step == sign:
                count += 1
            elif not count:
                start = at + 1
    return marks


def seven_steps_are_eight_points(chart: str, ours: Columns, what: str) -> list[Any]:
    """A trend counted in steps, and without its first point."""
    steps = [(b > a) - (b < a) for a, b in pairwise(ours["value"])]
    marks = [False] * len(ours["value"])
    for at in range(len(steps) - 6):
        if abs(sum(steps[at : at + 7])) == 7:
            marks[at + 1 : at + 8] = [True] * 7
    return marks


def third_may_be_anywhere(chart: str, ours: Columns, what: str) -> list[Any]:
    """Two of three points beyond a near limit, with the third on either side of the centre."""
    beyond = _beyond(ours)
    found = _windows(beyond)
    return [side != 0 and (at, side) in found for at, side in enumerate(beyond)]


def whole_pattern_is_marked(chart: str, ours: Columns, what: str) -> list[Any]:
    """Every point of a pattern of two of three, not only those beyond the near limit."""
    found = _windows(_beyond(ours))
    return [(at, 1) in found or (at, -1) in found or NOTHING for at in range(len(ours["value"]))]


def pattern_is_missed(chart: str, ours: Columns, what: str) -> list[Any]:
    """Nothing, though two of three points are beyond the near limit."""
    beyond = _beyond(ours)
    found = _windows(beyond)
    return [False if (at, side) in found else NOTHING for at, side in enumerate(beyond)]


def _beyond(ours: Columns) -> list[int]:
    rows = zip(ours["value"], ours["near_lower"], ours["near_upper"], strict=True)
    return [(y > high) - (y < low) for y, low, high in rows]


def _windows(beyond: list[int]) -> set[tuple[int, int]]:
    """Each point and side of a window of three points of which two are beyond on that side."""
    return {
        (point, side)
        for at in range(len(beyond) - 2)
        for side in (1, -1)
        for point in range(at, at + 3)
        if beyond[at : at + 3].count(side) >= 2
    }


def runs_one_shorter(chart: str, ours: Columns, what: str) -> list[Any]:
    """Anhøj's rule with runs of ⌊log₂ n⌋ + 3 already a signal, and none under ten points."""
    n = ours["useful"][0]
    if n is None or n < 10:
        return [False] * len(ours["value"])
    fewest = nw.from_native(pl.DataFrame({"n": [n - 1]})).select(crossings_min(nw.col("n"))).item()
    found = ours["longest_run"][0] >= floor(log2(n)) + 3 or ours["crossings"][0] < fewest
    return [found] * len(ours["value"])


class Difference(NamedTuple):
    """A rule of another program that isn't ours, and the columns of charts that show it."""

    judge: str
    charts: str
    columns: str
    rule: Rule
    says: str


EDGES = "lower upper near_lower near_upper"
FLAGGED = f"{EDGES} rule_outside"
DIFFERENCES = (
    Difference("shewhart", "i pp up", EDGES, limits(d2=2 / sqrt(pi)), "d2 is 2/√π, not 1.128"),
    Difference("shewhart", "pp", EDGES, none_of_nobody, "no limits if everybody says yes"),
    Difference(
        "shewhart", "run", "crossings", one_side_has_no_runs, "no crossings of points on one side"
    ),
    Difference("clinical-qikit", "i", EDGES, constant_has_none, "a constant series has no limits"),
    Difference("clinical-qikit", "p pp", FLAGGED, limits(ceiling=None), "limits exceed 100%"),
    Difference(
        "clinical-qikit", "pp up", FLAGGED, limits(least=1.0, ceiling=None), "σz is never below 1"
    ),
    Difference(
        "clinical-qikit",
        "run",
        "longest_run crossings",
        runs_of_nothing,
        "a constant has runs of 0",
    ),
    Difference(
        "clinical-qikit", "g", FLAGGED, g_around_the_median, "limits are worked out from the median"
    ),
    Difference(
        "clinical-qikit", "run", "runs_signal", runs_one_shorter, "runs of ⌊log₂ n⌋ + 3 are signals"
    ),
    Difference(
        "controlchartspy",
        "i p pp u up c",
        "rule_shift rule_trend",
        ties_are_passed_over,
        "equal values don't interrupt a pattern",
    ),
    Difference(
        "controlchartspy",
        "i p pp u up c",
        "rule_two_of_three",
        third_may_be_anywhere,
        "the third of three may be on the other side",
    ),
    Difference(
        "pycontrolcharts",
        "i",
        EDGES,
        single_point_is_its_own_limit,
        "a single point is its own limits",
    ),
    Difference(
        "pycontrolcharts",
        "i p u c",
        "rule_trend",
        seven_steps_are_eight_points,
        "a trend of seven is seven steps, and its first point isn't marked",
    ),
    Difference(
        "pycontrolcharts",
        "i p u c",
        "rule_two_of_three",
        whole_pattern_is_marked,
        "all three of two in three are marked, wherever the third is",
    ),
    Difference(
        "pycontrolcharts",
        "i p u c",
        "rule_two_of_three",
        pattern_is_missed,
        "some patterns of two in three are missed",
    ),
)


# --- asking and comparing ------------------------------------------------------------------------


def series() -> pl.DataFrame:
    """The golden series on each chart that suits them: whole, and in phases."""
    rows = pl.read_parquet(GOLDEN).filter(
        pl.col("variant").is_in(["base", "part"]), pl.col("chart").is_in(list(OURS))
    )
    each = ["chart", "variant", "series_id", "idx"]
    rows = rows.unique(each, keep="first", maintain_order=True).select(
        "chart",
        "variant",
        date=pl.col("date").str.to_date(),
        value=pl.col("y").cast(pl.Float64),
        numerator=pl.col("y_sum").cast(pl.Float64),
        denominator=pl.col("n").cast(pl.Float64),
        series="series_id",
        phase=pl.col("part").cast(pl.Int64),
    )
    before = pl.col("phase").shift(1).over("chart", "variant", "series")
    return rows.with_columns(phase_start=(pl.col("phase") != before).fill_null(False))


def ours(rows: pl.DataFrame, chart: str, screen: bool) -> pl.DataFrame:
    """Our points, and on a run chart the runs of each phase beside them."""
    method = Method(chart=OURS[chart], sigma="exact", screen=screen)
    given = rows.drop("phase", "chart", "variant")
    made = points(given, method)
    if chart != "run":
        return made.sort("series", "date")
    counted = runs(charted(nw.from_native(given), method)).to_native()
    counted = counted.select("series", "phase", *RUNS)
    joined = made.join(counted, on=["series", "phase"], how="left", maintain_order="left")
    return joined.sort("series", "date")


class Verdict(NamedTuple):
    """How one value compares; `why` is the other rule that gives theirs, empty if none does."""

    judge: str
    chart: str
    column: str
    series: str
    agrees: bool
    why: str


def verdicts() -> Iterator[Verdict]:
    """Compare every value that any of the programs gives."""
    for (chart, _), rows in series().partition_by("chart", "variant", as_dict=True).items():
        for judge, (ask, charts) in JUDGES.items():
            if chart not in charts.split():
                continue
            mine = ours(rows, chart, screen=(judge, chart) == ("clinical-qikit 0.5.0", "i"))
            for (name, phase), asked in rows.partition_by("series", "phase", as_dict=True).items():
                same = (pl.col("series") == name) & (pl.col("phase") == phase)
                about = mine.filter(same).to_dict(as_series=False)
                yield from _compared(judge, chart, name, about, ask(asked.sort("date"), chart))


def _compared(
    judge: str, chart: str, name: str, mine: Columns, theirs: Columns
) -> Iterator[Verdict]:
    for column, told in theirs.items():
        told = [None if one is None or one != one else one for one in told]
        for at, (a, b) in enumerate(zip(mine[column], told, strict=True)):
            agrees = _same(a, b)
            why = "" if agrees else _why(judge, chart, column, mine, at, b)
            yield Verdict(judge, chart, column, name, agrees, why)


def _why(judge: str, chart: str, column: str, mine: Columns, at: int, told: Any) -> str:
    for one in DIFFERENCES:
        concerns = chart in one.charts.split() and column in one.columns.split()
        if concerns and judge.startswith(one.judge):
            given = one.rule(chart, mine, column)[at]
            if given is not NOTHING and _same(given, told):
                return one.says
    return ""


def _same(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    return bool(abs(float(a) - float(b)) <= max(1e-9 * abs(float(b)), 1e-12))


def detectable() -> tuple[int, int]:
    """Of how many points clinical-qikit's least detectable level on a funnel is also ours.

    Given its own upper limit: what exceeds it in 80% of points. It rounds to nine decimals.
    """
    from qikit import qic

    agree = every = 0
    for (chart, _), rows in series().partition_by("chart", "variant", as_dict=True).items():
        if chart not in ("p", "u"):
            continue
        y, n = rows["numerator"].to_numpy(), rows["denominator"].to_numpy()
        made = qic(y=y, n=n, chart=chart, funnel=True, y_percent=False).data
        kind = "proportion" if chart == "p" else "rate"
        told = zip(made["cl"], made["ucl"], made["min_detectable"], sorted(n), strict=True)
        for centre, upper, level, size in told:
            lines = Lines(kind, size, centre, 0.0, 0.0, upper, upper)
            ours = nearest_shown(lines, "up", power=0.8)
            every += 1
            agree += abs(ours - level) < 1e-8 if ours is not None else not isfinite(level)
    return agree, every


def main() -> int:
    """Print how many values agree, and the rule that gives each of the others."""
    warnings.simplefilter("ignore")
    found = pl.DataFrame(list(verdicts()), orient="row", schema=list(Verdict._fields))
    print("| program | charts | values | agree | differ |\n|---|---|---:|---:|---:|")
    for judge, (_, charts) in JUDGES.items():
        agrees = found.filter(pl.col("judge") == judge)["agrees"]
        counts = f"{len(agrees):,} | {agrees.sum():,} | {(~agrees).sum():,}"
        print(f"| {judge} | {charts.replace(' ', ', ')} | {counts} |")
    differing = found.filter(~pl.col("agrees"))
    print("\n| program | charts | values | its rule |\n|---|---|---:|---|")
    for (judge, why), rows in differing.sort("judge", "why").group_by(
        "judge", "why", maintain_order=True
    ):
        charts = ", ".join(rows["chart"].unique().sort())
        print(f"| {judge} | {charts} | {len(rows):,} | {why or 'NOT EXPLAINED'} |")
    agree, every = detectable()
    print(f"\nleast detectable levels of clinical-qikit: {agree:,} of {every:,} agree")
    left = differing.filter(pl.col("why") == "")
    for row in left.group_by("judge", "chart", "column", "series").len().iter_rows():
        print(*row, file=sys.stderr)
    return 1 if len(left) or agree < every else 0


if __name__ == "__main__":
    sys.exit(main())
