"""Sums up each series now: its latest point, assurance and runs."""

from functools import cache

import narwhals as nw
from narwhals.typing import FrameT, IntoFrameT

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.points import HOUSE
from pipelines.statistics.run_chart import runs
from pipelines.statistics.variation import assurance, icon

COLUMNS = (
    "series",
    "n",
    "chart",
    "phase",
    "centre",
    "lower",
    "upper",
    "variation",
    "assurance",
    "longest_run",
    "longest_run_max",
    "crossings",
    "crossings_min",
    "runs_signal",
    "reason",
    "sentence",
)
WORDS = {  # high, low
    "outside": ("is above its usual range", "is below its usual range"),
    "trend": ("ends seven points that each rose", "ends seven points that each fell"),
    "two_of_three": ("is high for the second time in three", "is low for the second time in three"),
    "shift": ("is one of a long run above the centre", "is one of a long run below the centre"),
}


def signals(data: IntoFrameT, method: Method = HOUSE) -> IntoFrameT:
    """Sum up each series in one row, with the columns `COLUMNS`; takes what `points` takes."""
    frame = latest(charted(nw.from_native(data), method), method)
    native: IntoFrameT = frame.sort("series").select(*COLUMNS).to_native()
    return native


def latest(frame: FrameT, method: Method) -> FrameT:
    """Keep the latest point of each charted series, with its assurance, runs and notes."""
    counted = runs(frame)
    date, present = nw.col("date"), nw.col("present")
    there = nw.when(present).then(date)
    frame = frame.with_columns(
        n=present.cast(nw.Int64).sum().over("series").cast(nw.Int64),
        _last=there.max().over("series"),
        _end=date.max().over("series"),
        _zeros=_zeros().cast(nw.Int64).sum().over("series").cast(nw.Int64),
    )
    frame = frame.filter(date == nw.coalesce(nw.col("_last"), nw.col("_end")))
    frame = frame.drop("_last", "_end")
    frame = frame.join(counted, on=["series", "phase"], how="left")
    frame = frame.with_columns(
        runs_signal=nw.when(nw.col("chart") != "points").then(
            nw.col("runs_signal").fill_null(False)
        ),
        variation=icon(),
        assurance=assurance(method.assurance),
        reason=_reason(),
    )
    return frame.with_columns(sentence=_sentence())


@cache
def _reason() -> nw.Expr:
    """Why this chart was chosen, with notes on anything that differs from what was asked for."""
    still = (nw.col("lower") == nw.col("upper")) & (nw.col("points") > 1)
    notes = (
        (still, " There is no variation in this period: the limits equal the centre."),
        (
            nw.col("screening_refused"),
            " Moving ranges were not screened, as that would leave none.",
        ),
        (
            nw.col("start_moved"),
            " A new phase asked for in a missing month starts with the next point.",
        ),
        (nw.col("_zeros") == 1, " 1 time of 0 is drawn and left out of the limits."),
    )
    sentences = [
        nw.when(holds.fill_null(False)).then(nw.lit(note)).otherwise(nw.lit(""))
        for holds, note in notes
    ]
    zeros = nw.concat_str(
        nw.lit(" "),
        nw.col("_zeros").cast(nw.String),
        nw.lit(" times of 0 are drawn and left out of the limits."),
    )
    sentences.append(nw.when(nw.col("_zeros") > 1).then(zeros).otherwise(nw.lit("")))
    return nw.concat_str(nw.col("reason"), *sentences)


def _zeros() -> nw.Expr:
    """The times of 0 on a t chart."""
    return ((nw.col("chart") == "t") & (nw.col("value") == 0)).fill_null(False)


@cache
def _sentence() -> nw.Expr:
    """What the latest point means, in plain words without a unit."""
    sentence = nw.lit("The latest point is within its usual range.")
    unlimited = nw.lit("There are no limits to judge the latest point by.")
    sentence = nw.when(nw.col("upper").is_null()).then(unlimited).otherwise(sentence)
    steady = nw.lit("No run of points on one side of the centre is longer than chance explains.")
    sentence = nw.when(nw.col("chart") == "run").then(steady).otherwise(sentence)
    few_crossings = nw.col("runs_signal") & nw.col("cause").is_null()
    sentence = (
        nw.when(few_crossings.fill_null(False))
        .then(nw.lit("The points cross the centre too seldom, or stay on one side too long."))
        .otherwise(sentence)
    )
    for cause, texts in WORDS.items():
        high, low = (f"The latest point {text}; this is unlikely to be chance." for text in texts)
        text = nw.when(nw.col("high")).then(nw.lit(high)).otherwise(nw.lit(low))
        sentence = nw.when(nw.col("cause") == cause).then(text).otherwise(sentence)
    bare = nw.lit("There are too few points to tell change from chance.")
    sentence = nw.when(nw.col("chart") == "points").then(bare).otherwise(sentence)
    return nw.when(nw.col("n") == 0).then(nw.lit("There are no points yet.")).otherwise(sentence)
