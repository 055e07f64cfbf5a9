"""Writes one plain sentence for each series: what happened, whether it is chance, what to do next.

Reported incidents stay neutral: more of them can mean more trust in reporting, and fewer are a
reason to check reporting. Nothing is compared with the month before.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipelines.statistics.rebase_proposals import Proposal
from schemas.measures import Measure
from schemas.periods import Month

UNLIKELY = "this is unlikely to be chance"
PERIODS = {1: "month", 3: "quarter", 12: "year"}


def with_sentences(
    now: pl.DataFrame, points: pl.DataFrame, measures: Sequence[Measure]
) -> pl.DataFrame:
    """Put each series' sentence into the latest rows of charted series.

    `points` is used to count the months without a figure, during or after what is described.
    """
    by_id = {m.id: m for m in measures}
    missing = points.filter(pl.col("value").is_null() & (pl.col("state") == "missing"))
    seen = now.select("series", "since", latest="date")
    missing = missing.select("series", "date").join(seen, on="series")
    inside = pl.col("date").is_between("since", "latest", closed="none")
    counted = missing.group_by("series").agg(
        gaps=inside.fill_null(False).sum(), silent=(pl.col("date") > pl.col("latest")).sum()
    )
    now = now.join(counted, on="series", how="left", maintain_order="left")
    now = now.with_columns(pl.col("gaps", "silent").fill_null(0))
    sentences = [sentence(row, by_id[row["measure"]]) for row in now.iter_rows(named=True)]
    return now.with_columns(sentence=pl.Series(sentences, dtype=pl.String)).drop("gaps", "silent")


def sentence(signal: Mapping[str, Any], measure: Measure) -> str:
    """Put a series' latest point into words.

    `signal` has the columns of `schemas.release.Signals`, and for the latest point `date`,
    `cause`, `high`, `kind`, `since`, `trial` and `points` (of the phase); `gaps` and `silent`
    count the missing months during what is described and after the latest point.
    """
    if not signal["n"]:
        return f"{subject(measure)}: no figures yet."
    if signal["chart"] in ("points", "stage", "table"):
        text = _only_points(signal, measure)
    elif signal["cause"]:
        text = f"{_special(signal, measure)}; {UNLIKELY}. {_what_next(signal, measure)}"
        if signal["trial"] and signal["chart"] != "run":
            text += f" The limits are trial limits, from {signal['points']} points."
    elif signal["chart"] == "run" and signal["runs_signal"]:
        text = f"{_restless(signal, measure)}; {UNLIKELY}. Find out when it changed, and why."
    else:
        text = _common(signal, measure)
    if signal["silent"]:
        text += f" There is no figure for {_count(signal['silent'], signal['months'])} since."
    return text


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


def when(first: date, months: int) -> str:
    """A point's period in a sentence: in March 2026, in the 12 months to March 2026."""
    begin = Month.of(first)
    end = begin + (months - 1)
    if months == 1:
        return f"in {begin.label}"
    if months == 12:
        return f"in the 12 months to {end.label}"
    return f"in {begin.first_day:%B} to {end.label}"


def _special(signal: Mapping[str, Any], measure: Measure) -> str:
    name, at = subject(measure), when(signal["date"], signal["months"])
    period, high = PERIODS[signal["months"]], signal["high"]
    since = Month.of(signal["since"]).label
    shown, latest = figure(signal, measure), f"{figure(signal, measure)} {at}"
    gaps = signal["gaps"]
    gap = f"; {_count(gaps, signal['months'])} in between without a figure" if gaps else ""
    centre = "median" if signal["chart"] in ("run", "g") else "average"
    match signal["cause"]:
        case "outside":
            moved = "rose above" if high else "fell below"
            return f"{name} {moved} the usual range {at} ({shown})"
        case "trend":
            moved = "rose" if high else "fell"
            return f"{name} {moved} {period} after {period} from {since} on ({latest}{gap})"
        case "two_of_three":
            end = "top" if high else "bottom"
            twice = f"twice in three {period}s, the last time {at} ({shown})"
            return f"{name} came near the {end} of the usual range {twice}"
    place = "above" if high else "below"
    return f"{name} stayed {place} the {centre} from {since} on ({latest}{gap})"


def _what_next(signal: Mapping[str, Any], measure: Measure) -> str:
    if signal["kind"] == "improvement":
        return "Find out what changed and keep it."
    if signal["kind"] == "concern":
        return "Find out what changed and what would help."
    if measure.topic != "incidents":
        return "Find out what changed."
    if signal["high"]:
        return "More reports can mean more trust in reporting: find out what changed."
    return "Check reporting: did less happen, or was less reported?"


def _restless(signal: Mapping[str, Any], measure: Measure) -> str:
    name, latest = subject(measure), when(signal["date"], signal["months"])
    if signal["longest_run"] > signal["longest_run_max"]:
        run = signal["longest_run"]
        return (
            f"{name} stayed on one side of the median for {run} points in a row up to {latest[3:]}"
        )
    crossed = {0: "never", 1: "only once"}.get(
        signal["crossings"], f"only {signal['crossings']} times"
    )
    return f"{name} crossed the median {crossed} in {signal['n']} points"


def _common(signal: Mapping[str, Any], measure: Measure) -> str:
    name, at = subject(measure), when(signal["date"], signal["months"])
    shown = figure(signal, measure)
    if signal["upper"] is not None and signal["upper"] == signal["lower"]:
        return f"{name} did not vary ({shown} {at}). {_aim(signal, measure)}".rstrip()
    if signal["chart"] == "run":
        text = f"{name} showed no sign of change ({shown} {at})"
    else:
        text = f"{name} stayed within the usual range {at} ({shown})"
    return f"{text}; ups and downs like these are likely to be chance. {_aim(signal, measure)}"


def _aim(signal: Mapping[str, Any], measure: Measure) -> str:
    target = "" if measure.target is None else f"{measure.target:g}"
    target += "%" if measure.unit == "percent" else ""
    match signal["assurance"]:
        case "pass":
            return f"It can be expected to meet the target of {target}."
        case "fail":
            return f"It can't be expected to meet the target of {target} unless something changes."
        case "hit_or_miss":
            return f"It may or may not meet the target of {target}: that is chance too."
    if measure.direction == "none":
        return "Nothing needs explaining."
    return "To improve it, try something new and watch this chart."


def _only_points(signal: Mapping[str, Any], measure: Measure) -> str:
    name, at = subject(measure), when(signal["date"], signal["months"])
    shown = figure(signal, measure)
    if signal["chart"] != "points":
        return f"{name}: {shown} {at}."
    if measure.unit == "days":
        return f"{name}: {_count(signal['value'], 1, 'day')} at the end of {at[3:]}."
    if signal["months"] == 12:
        return f"{name}: {shown} {at}; too few to tell change from chance."
    if signal["n"] < 6:
        so_far = _count(signal["n"], signal["months"])
        return f"{name}: {shown} {at}; {so_far} so far, too few to tell change from chance."
    periods = f"{PERIODS[signal['months']]}s"
    return f"{name}: {shown} {at}; most {periods} are the same, so this chart can't show change."


def _count(number: float, months: int, noun: str | None = None) -> str:
    noun = noun or PERIODS[months]
    return f"{number:,.0f} {noun}" if number == 1 else f"{number:,.0f} {noun}s"
