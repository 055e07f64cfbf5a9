"""Chooses the chart for each phase of a series, with a sentence that says why."""

from functools import cache

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.method import RUN_CHART_FROM, TRIAL_BELOW
from pipelines.statistics.run_chart import with_median
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added, word_number, worded

CHOICES = ("points", "run", "xmr", "pp", "u", "up")
LARGE, SMALL = 30, 8  # usual denominators: a p′ chart from 30, no limits under 8
BY_QUARTER = (
    "By quarter, because most months have too few for a percentage; quarters do not overlap, as "
    "rolling months would, so the rules hold. "
)
NAMES = {
    "xmr": "XmR chart",
    "run": "Run chart",
    "p": "p chart",
    "pp": "p′ chart",
    "u": "u chart",
    "up": "u′ chart",
    "c": "c chart",
    "g": "g chart",
    "t": "t chart",
    "cusum": "CUSUM",
    "points": "Points only",
}


def with_chart(frame: FrameT) -> FrameT:
    """Add `chart` and `why`, the number of its reason, to a frame with phases and periods.

    Needs `unit`: proportion, rate, count, days or value; `months`, `expected` and
    `usual_denominator` of the series; `points` of the phase. `reason` puts the number into words:
    few rows need them, and they are long.
    """
    phase = keys(frame, "group")
    frame = with_median(frame, "value", "_median", phase)
    frame = added(added(frame, _ties, phase), _chosen)
    return worded(frame, "why", "chart", [chart for _, chart, _ in _rules()])


def _ties(_: bool, phase: tuple[str, ...]) -> dict[str, nw.Expr]:
    on_median = (nw.col("value") == nw.col("_median")).cast(nw.Float64)
    return {"_ties": on_median.mean().over(*phase)}


def _chosen(eager: bool) -> dict[str, nw.Expr]:
    number = word_number(eager, 0)
    for place, (suits, _chart, _why) in enumerate(_rules()):
        number = nw.when(suits).then(word_number(eager, place)).otherwise(number)
    return {"why": number}


def reason() -> nw.Expr:
    """The sentence that says why, from what `with_chart` has added and what it needs."""
    words: nw.Expr = nw.lit(None).cast(nw.String)
    for place, (_suits, _chart, why) in enumerate(_rules()):
        words = nw.when(nw.col("why") == place).then(why).otherwise(words)
    quarters = (nw.col("unit") == "proportion") & (nw.col("months") == 3)
    return nw.when(quarters).then(_text(BY_QUARTER, words)).otherwise(words)


def asked_for(frame: FrameT, chart: str) -> FrameT:
    """Add the `chart` asked for, by month, and a `reason` that mentions trial limits."""
    return added(frame, _asked_for, chart)


def _asked_for(_: bool, chart: str) -> dict[str, nw.Expr]:
    reason: nw.Expr = nw.lit(f"{NAMES[chart]}, as asked for.")
    if chart not in ("run", "points"):
        few = nw.lit(f"{NAMES[chart]}, as asked for; under 12 points its limits are trial limits.")
        reason = nw.when(nw.col("trial")).then(few).otherwise(reason)
    return {"chart": nw.lit(chart), "reason": reason, "months": nw.lit(1).cast(nw.Int64)}


@cache
def _rules() -> list[tuple[nw.Expr, str, nw.Expr]]:
    """The rules for choosing a chart; the last one that applies decides, or else the first."""
    unit, points, months = nw.col("unit"), nw.col("points"), nw.col("months")
    usual, expected = nw.col("usual_denominator"), _number("expected")
    share, rate = unit == "proportion", unit == "rate"
    by_quarter = _text("By quarter, because about ", expected, " a month are expected. ")
    quarter = months == 3
    n = points.cast(nw.String)
    few = points < TRIAL_BELOW
    run = _text("Run chart: ", n, " points so far; limits need 12.")
    return [
        (points >= 0, "xmr", nw.lit("XmR chart: there are 12 points or more.")),
        (
            share,
            "xmr",
            nw.lit("XmR chart: denominators are usually under 30, too small for a p′ chart."),
        ),
        (
            share & (usual >= LARGE),
            "pp",
            nw.lit("p′ chart: a percentage whose denominators are usually 30 or more."),
        ),
        (rate, "up", _text("u′ chart: a rate with about ", expected, " events a month.")),
        (rate & quarter, "u", _text(by_quarter, "u chart: a rate of rare events.")),
        ((unit == "count") & quarter, "xmr", _text(by_quarter, "XmR chart of the counts.")),
        (
            share & (usual < SMALL),
            "run",
            _text(
                "Run chart: the usual denominator, ",
                _number("usual_denominator"),
                ", is too small for limits.",
            ),
        ),
        (few, "run", run),
        (few & quarter & ~share, "run", _text(by_quarter, run)),
        (
            (nw.col("_ties") > 0.5) & (few | (share & (usual < SMALL))),
            "points",
            nw.lit("Points only: more than half lie on the median, so runs say nothing."),
        ),
        (
            points < RUN_CHART_FROM,
            "points",
            _text("Points only: ", n, f" so far; a run chart needs {RUN_CHART_FROM}."),
        ),
        (
            nw.col("rare"),
            "points",
            _text("By quarter, points only: about ", expected, " a month are too few for limits."),
        ),
        (
            unit == "days",
            "points",
            nw.lit("Points only: days since an event grow by themselves until the next one."),
        ),
    ]


def _number(column: str) -> nw.Expr:
    """A number to one decimal place in words, halves to the even digit: 0.2 for 0.25.

    Engines round halves differently, and write large numbers differently, so this counts tenths.
    """
    tenths = nw.col(column) * 10
    whole = tenths.floor()
    over, odd = tenths - whole, whole % 2 == 1
    up = (over > 0.5) | ((over == 0.5) & odd)
    rounded = nw.when(up).then(whole + 1).otherwise(whole).cast(nw.Int64)
    parts = ((rounded // 10).cast(nw.Int64), (rounded % 10).cast(nw.Int64))
    units, tenth = (part.cast(nw.String) for part in parts)
    return nw.concat_str(units, nw.lit("."), tenth).fill_null("0")


def _text(*parts: str | nw.Expr) -> nw.Expr:
    return nw.concat_str(*[nw.lit(part) if isinstance(part, str) else part for part in parts])
