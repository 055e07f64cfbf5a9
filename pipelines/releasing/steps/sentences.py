"""Puts each series into plain words: what its chart shows, whether it is chance, what to do next.

What the chart shows is said by `pipelines.statistics.headline`, here as on every screen. Reported
incidents stay neutral: more of them can mean more trust in reporting, and fewer are a reason to
check reporting. Nothing is compared with the month before.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import polars as pl

from pipelines.statistics.headline import CHANCE, PERIODS
from pipelines.statistics.on_this_machine import by_row
from pipelines.statistics.rebase_proposals import Proposal
from schemas.measures import Measure
from schemas.periods import Month

UNCHARTED = ("stage", "table")  # shown by stage or as a table, never on a process chart
_SAID = (
    *("measure", "chart", "n", "headline", "date", "months", "value", "numerator", "denominator"),
    *("stands_out", "cause", "kind", "high", "trial", "upper", "points", "assurance", "target"),
    "silent",
)


def with_sentences(
    now: pl.DataFrame, points: pl.DataFrame, measures: Sequence[Measure]
) -> pl.DataFrame:
    """Put each series' sentence into the latest rows of charted series.

    Series that are not charted have their latest figure as their headline. `now` has the columns of
    `pipelines.statistics.signals.latest`; `points` is used to count the months without a figure
    after the latest one.
    """
    by_id = {m.id: m for m in measures}
    silent = points.filter(pl.col("value").is_null() & pl.col("state").is_in(["missing", "few"]))
    silent = silent.select("series", "date").join(now.select("series", latest="date"), on="series")
    counted = silent.group_by("series").agg(silent=(pl.col("date") > pl.col("latest")).sum())
    now = now.join(counted, on="series", how="left", maintain_order="left")
    now = now.with_columns(pl.col("silent").fill_null(0))
    headlines, sentences = [], []
    for row in by_row(now, _SAID):
        measure = by_id[row["measure"]]
        bare = row["chart"] in UNCHARTED and row["n"]
        headlines.append(_latest(row, measure) if bare else row["headline"])
        sentences.append(sentence(row, measure))
    return now.with_columns(
        headline=pl.Series(headlines, dtype=pl.String),
        sentence=pl.Series(sentences, dtype=pl.String),
    ).drop("silent")


def sentence(signal: Mapping[str, Any], measure: Measure) -> str:
    """What a chart shows, its latest figure and what to do.

    `signal` has the columns of `schemas.release.Signals`, and for the latest point `date`, `cause`,
    `kind`, `trial`, `stands_out` and `points` (of the phase); `silent` counts the months without a
    figure after it.
    """
    if not signal["n"]:
        return f"{subject(measure)}: {signal['headline']}."
    latest = _latest(signal, measure)
    text = f"{subject(measure)}: {latest}."
    if signal["chart"] not in UNCHARTED:
        text = f"{subject(measure)}: {signal['headline']} ({latest})."
    if signal["stands_out"] is not None:
        text += f" {CHANCE[signal['stands_out']]}"
    if todo := _what_next(signal, measure):
        text += f" {todo}"
    if signal["stands_out"] and signal["trial"] and signal["upper"] is not None:
        text += f" The limits are trial limits, from {signal['points']} points."
    if signal["silent"]:
        text += f" There is no figure for {_count(signal['silent'], signal['months'])} since."
    return text


def _latest(signal: Mapping[str, Any], measure: Measure) -> str:
    at = when(signal["date"], signal["months"])
    if measure.unit == "days":
        at = f"at the end of {at.removeprefix('in ')}"
    return f"{figure(signal, measure)} {at}"


def subject(measure: Measure) -> str:
    """The measure as the start of a sentence; incidents are always “reported”."""
    name = measure.name
    if measure.topic != "incidents" or "reported" in name.lower() or measure.unit == "days":
        return name
    if name.startswith("All "):
        return f"All reported {name[4:]}"
    return f"Reported {name[0].lower()}{name[1:]}"


def figure(signal: Mapping[str, Any], measure: Measure) -> str:
    """The numbers behind a value: 10 of 12, 3 in 612 bed days, 45 days."""
    value, n, d = signal["value"], signal["numerator"], signal["denominator"]
    if measure.unit == "percent" and n is not None:
        return f"{n:,.0f} of {d:,.0f}"
    if measure.unit == "per_1000_bed_days" and n is not None:
        return f"{n:,.0f} in {d:,.0f} bed days"
    return _count(value, 1, "day") if measure.unit == "days" else f"{value:,.0f}"


def settled(hint: Proposal, measure: Measure) -> str:
    """A proposal to start new limits at a new level, for someone who knows of a change."""
    before, after = hint.before * measure.multiplier, hint.after * measure.multiplier
    digits = 0 if measure.unit == "percent" and round(before) != round(after) else 1
    unit = {"percent": "%", "per_1000_bed_days": " per 1,000 bed days"}.get(measure.unit, "")
    return (
        f"Since {Month.of(hint.date).label} the points have settled at about "
        f"{after:,.{digits}f}{unit}, after about {before:,.{digits}f}{unit} before. If you know of "
        "a change then, you may start new limits there, with a reason."
    )


@cache
def when(first: date, months: int) -> str:
    """A point's period in a sentence: in March 2026, in the 12 months to March 2026."""
    begin = Month.of(first)
    end = begin + (months - 1)
    if months == 1:
        return f"in {begin.label}"
    if months == 12:
        return f"in the 12 months to {end.label}"
    return f"in {begin.first_day:%B} to {end.label}"


def _what_next(signal: Mapping[str, Any], measure: Measure) -> str:
    if signal["chart"] in ("points", *UNCHARTED):
        return ""
    if not signal["stands_out"]:
        return _aim(signal, measure)
    if signal["cause"] is None:
        return f"Find out what changed. {_target(signal, measure)}".rstrip()
    if signal["kind"] == "improvement":
        return "Find out what changed and keep it."
    if signal["kind"] == "concern":
        return "Find out what changed and what would help."
    if measure.topic != "incidents":
        return "Find out what changed."
    if signal["high"]:
        return "More reports can mean more trust in reporting: find out what changed."
    return "Check reporting: did less happen, or was less reported?"


def _aim(signal: Mapping[str, Any], measure: Measure) -> str:
    if said := _target(signal, measure):
        return said
    if measure.direction == "none":
        return "Nothing needs explaining."
    return "To improve it, try something new and watch this chart."


def _target(signal: Mapping[str, Any], measure: Measure) -> str:
    """Whether the target can be expected to be met; empty if that can't be said."""
    target = _aimed(signal, measure)
    match signal["assurance"]:
        case "pass":
            return f"It can be expected to meet the target of {target}."
        case "fail":
            return f"It can't be expected to meet the target of {target} unless something changes."
        case "hit_or_miss":
            return f"It may or may not meet the target of {target}: that is chance too."
    return ""


def _aimed(signal: Mapping[str, Any], measure: Measure) -> str:
    """The target that a series is judged against: of every month, or of the latest point's."""
    sign = "%" if measure.unit == "percent" else ""
    if measure.target is not None or signal["target"] is None:
        return "" if measure.target is None else f"{measure.target:g}{sign}"
    month = when(signal["date"], signal["months"]).removeprefix("in ")
    scaled = Decimal(repr(round(signal["target"] * measure.multiplier, 6)))
    target = scaled.quantize(Decimal("1" if sign else "0.1"), ROUND_HALF_UP)  # as on the chart
    return f"{target:,}{sign} for {month}"


def _count(number: float, months: int, noun: str | None = None) -> str:
    noun = noun or PERIODS[months]
    return f"{number:,.0f} {noun}" if number == 1 else f"{number:,.0f} {noun}s"
