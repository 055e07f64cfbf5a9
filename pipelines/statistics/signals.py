"""Sums up each series now: its latest point, assurance and runs."""

from itertools import groupby
from typing import Any, Literal

import narwhals as nw
from narwhals.typing import FrameT, IntoFrameT

from pipelines.statistics import chart_choice
from pipelines.statistics.chart import charted
from pipelines.statistics.headline import CHANCE, headline, runs_of, stands_out
from pipelines.statistics.method import Method
from pipelines.statistics.on_this_machine import Local, by_row, locally
from pipelines.statistics.points import HOUSE
from pipelines.statistics.run_chart import runs
from pipelines.statistics.series_order import place
from pipelines.statistics.steps import added
from pipelines.statistics.variation import assurance, icon
from schemas.periods import Month
from schemas.wording import starting

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
OF_A_RUN = ("series", "phase", "date", "place", "stretch", "chart", "cause", "high", "since")
TOLD = (  # what a headline is made of; only some charts have all of it
    *("series", "n", "chart", "phase", "phase_from", "date", "unit", "months", "points"),
    *("cause", "kind", "find", "upper", "lower", "runs_signal", "crossings", "any_few"),
    *("by_month", "silent_to", "_begin", "_end", "_rows"),
)
NARROWER = (
    " The points vary less than chance alone would explain, so the limits are narrower than those "
    "of a"
)


def signals(data: IntoFrameT, method: Method = HOUSE) -> IntoFrameT:
    """Sum up each series in one row, with the columns `COLUMNS`; takes what `points` takes."""
    frame = latest(charted(nw.from_native(data), method), method)
    native: IntoFrameT = frame.sort("series").select(*COLUMNS).to_native()
    return native


def latest(frame: FrameT, method: Method) -> FrameT:
    """Keep the latest point of each charted series, with its assurance, runs, notes and words."""
    counted = runs(frame)
    frame = added(added(frame, _of_series), _latest)
    frame = frame.filter(nw.col("_latest") | ~nw.col("cause").is_null())
    frame = frame.join(counted, on=["series", "phase"], how="left")
    frame = added(frame, _now, method.assurance, method.chart == "auto")
    in_words: FrameT = nw.from_native(locally(frame.to_native(), _in_words))
    return in_words


def _of_series(eager: bool) -> dict[str, nw.Expr]:
    date, present = nw.col("date"), nw.col("present")
    there = nw.when(present).then(date)
    return {
        "n": present.cast(nw.Int64).sum().over("series").cast(nw.Int64),
        "phase_from": there.min().over("series", "phase"),
        "_last": there.max().over("series"),
        "_begin": date.min().over("series"),
        "_end": date.max().over("series"),
        "_rows": (~date.is_null()).cast(nw.Int64).sum().over("series").cast(nw.Int64),
        "any_few": nw.col("few").any().over("series"),
        "by_month": (date.dt.day() == 1).all().over("series"),
        "_zeros": _zeros().cast(nw.Int64).sum().over("series").cast(nw.Int64),
        "place": place(eager),
    }


def _latest(_: bool) -> dict[str, nw.Expr]:
    return {"_latest": nw.col("date") == nw.coalesce(nw.col("_last"), nw.col("_end"))}


def _now(_: bool, form: Literal["mdc", "strict"], chosen: bool) -> dict[str, nw.Expr]:
    charted = nw.when(nw.col("chart") != "points")
    return {
        "chart": nw.col("chart").cast(nw.String),
        "runs_signal": charted.then(nw.col("runs_signal").fill_null(False)),
        "variation": icon(),
        "assurance": assurance(form),
        "reason": _reason(chart_choice.reason() if chosen else nw.col("reason")),
        "silent_to": nw.when(nw.col("_end") > nw.col("_last")).then(nw.col("_end")),
    }


def _in_words(rows: Local) -> Local:
    """The latest points with `headline`, `stands_out` and `sentence`.

    `rows` has the latest points and those with a cause.
    """
    of_phase: dict[tuple[Any, int], list[dict[str, Any]]] = {}
    marked = rows.filter(~nw.col("cause").is_null()).select(*OF_A_RUN).sort("series", "date")
    for key, points in groupby(
        by_row(marked, OF_A_RUN), key=lambda point: (point["series"], point["phase"])
    ):
        of_phase[key] = list(points)
    now = rows.filter(nw.col("_latest"))
    said, out, sentences = [], [], []
    for point in by_row(now, [name for name in TOLD if name in now.columns]):
        of_series = runs_of(of_phase.get((point["series"], point["phase"]), []))
        point["regular"] = _regular(point)
        said.append(headline(point, of_series))
        out.append(stands_out(point, of_series))
        chance = f" {CHANCE[out[-1]]}" if out[-1] is not None else ""
        sentences.append(f"{starting(said[-1])}.{chance}")
    engine = now.implementation
    return now.with_columns(
        nw.new_series("headline", said, nw.String, backend=engine),
        nw.new_series("stands_out", out, nw.Boolean, backend=engine),
        nw.new_series("sentence", sentences, nw.String, backend=engine),
    ).drop("_latest", "_begin", "_end", "_last", "_rows", "_zeros")


def _regular(point: dict[str, Any]) -> bool:
    """Whether the series has a row for each month, or each quarter, from its first to its last."""
    if not point["by_month"]:
        return False
    whole = Month.of(point["_end"]) - Month.of(point["_begin"])
    return bool(point["_rows"] == whole // point["months"] + 1)


def _reason(why: nw.Expr) -> nw.Expr:
    """Why there is this chart, with notes on anything that differs from what was asked for."""
    still = (nw.col("lower") == nw.col("upper")) & (nw.col("points") > 1)
    notes = (
        (still, " There is no variation in this period: the limits equal the centre."),
        (
            nw.col("screening_refused"),
            " Moving ranges were not screened, as that would leave none.",
        ),
        *(
            (
                nw.col("narrowed") & (nw.col("chart") == chart),
                f"{NARROWER} {plain} chart.",
            )
            for chart, plain in (("pp", "p"), ("up", "u"))
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
    return nw.concat_str(why, *sentences)


def _zeros() -> nw.Expr:
    """The times of 0 on a t chart."""
    return ((nw.col("chart") == "t") & (nw.col("value") == 0)).fill_null(False)
