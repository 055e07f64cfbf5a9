"""The first sentence of every screen: the answer to the question that the screen is about."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from dashboard import numbers
from dashboard.words import phrases

_VARIATION = {
    None: "too few months to say whether that is a change",
    "common": "no change that stands out",
    "improvement_high": "an improvement, higher than usual",
    "improvement_low": "an improvement, lower than usual",
    "concern_high": "a concern, higher than usual",
    "concern_low": "a concern, lower than usual",
    "neutral_high": "higher than usual",
    "neutral_low": "lower than usual",
}


def feeling_safe(
    measures: Sequence[Mapping[str, object]],
    signals: Sequence[Mapping[str, object] | None],
    wards: tuple[int, int] | None = None,
) -> str:
    """Are people feeling safer? Patients first, then staff, with how many wards it rests on.

    `wards` is how many answered and how many there are; none for a single ward.
    """
    known = [pair for pair in zip(measures, signals, strict=True) if pair[1] and pair[1]["latest"]]
    if not known:
        return "No answer to whether people feel safe has been sent yet."
    shares = [f"{_share(measure, signal)} of {_who(measure)}" for measure, signal in known]
    changes = [f"{_who(measure)}: {_VARIATION[signal['variation']]}" for measure, signal in known]
    answered = f" ({phrases.of_them(*wards, 'ward')} answered)" if wards else ""
    month = phrases.month(max(signal["latest"] for _, signal in known))
    return (
        f"In {month}, {phrases.listed(shares)} said they feel safe from sexual harm{answered}. "
        f"{phrases.starting('; '.join(changes))}."
    )


def changed(signals: pl.DataFrame, measure: Mapping[str, object]) -> str:
    """How many wards show a change now in one measure; `signals` holds one row for each ward."""
    if signals.is_empty():
        return "There is no ward to look at yet."
    if measure["direction"] == "none":
        parts = [
            f"{_among(signals, ('neutral_high',)) or 'none'} higher than usual",
            f"{_among(signals, ('neutral_low',)) or 'none'} lower",
        ]
    else:
        worse = _among(signals, ("concern_high", "concern_low"))
        better = _among(signals, ("improvement_high", "improvement_low"))
        parts = [f"{better or 'none'} improved", f"{worse or 'none'} got worse"]
    usual, unclear = _among(signals, ("common",)), signals["variation"].null_count()
    parts.append(f"{usual} with no change that stands out")
    if unclear:
        parts.append(f"{unclear} with too few months to say")
    return (
        f"{measure['name']}: of {phrases.counted(signals.height, 'ward')}, {phrases.listed(parts)}."
    )


def improved(made: Mapping[str, object], measure: Mapping[str, object]) -> str:
    """How all wards moved together and how far single wards did; `made` is one row of improvement.

    For a proportion; empty where no ward has twelve months.
    """
    if not made["compared"] or made["change"] is None:
        return ""
    times, unit = measure["multiplier"], str(measure["unit"])
    before, after = (numbers.reading(made[half] * times, unit) for half in ("before", "after"))
    low, high = (_points_of_change(made[f"{end}_change"] * times) for end in ("lowest", "highest"))
    return (
        f"Between their first six months and their last six, "
        f"{phrases.counted(made['compared'], 'ward')} with twelve months or more went from "
        f"{before} to {after} together; single wards moved by between {low} and {high}."
    )


def chance(signals: pl.DataFrame, one: str = "ward") -> str:
    """How many series stand out, beside how many would by chance alone.

    `signals` has `variation` and `chance`; only series whose chance is known count on either side.
    Empty where there is none.
    """
    judged = signals.filter(pl.col("chance").is_not_null())
    if judged.is_empty():
        return ""
    seen = judged.filter(pl.col("variation") != "common").height
    expected = float(judged["chance"].sum())
    number = "fewer than one" if expected < 0.5 else f"about {expected:,.0f}"
    stands = "stands" if seen < 2 else "stand"
    return (
        f"{phrases.counted(seen, one) if seen else f'No {one}'} {stands} out; {number} would by "
        "chance alone, had nothing changed anywhere."
    )


def _points_of_change(change: float) -> str:
    size = numbers.rounded(abs(change))
    way = "up" if change > 0 else "down"
    return f"{way} {size} percentage {'point' if size == 1 else 'points'}" if size else "no change"


def returns(grid: pl.DataFrame, month: date | None) -> str:
    """Who has sent the latest month, and who has not."""
    latest = grid.filter(pl.col("month") == month) if month else grid.clear()
    if latest.is_empty():
        return "No return has been due yet."
    sent = latest.filter(pl.col("state").is_in(["received", "late"])).height
    expected = latest.filter(~pl.col("state").is_in(["not_expected", "paused"])).height
    missing = grid.filter(pl.col("state") == "missing").height
    text = f"{phrases.of_them(sent, expected, 'trust')} have sent {phrases.month(month)}."
    if not missing:
        return f"{text} No return is missing from any month."
    trusts = grid.filter(pl.col("state") == "missing")["trust_code"].n_unique()
    return (
        f"{text} {phrases.counted(missing, 'return')} from {phrases.counted(trusts, 'trust')} "
        f"{'is' if missing == 1 else 'are'} missing over all months."
    )


def charters(stages: pl.DataFrame, wards: int) -> str:
    """How far charters have spread; `stages` counts wards by month and stage."""
    if stages.is_empty():
        return "No ward has told us about its charter yet."
    counts = stages.group_by("month").agg(pl.col("in_place").sum()).sort("month")
    (first, then), *_, (last, now) = [*counts.iter_rows(), *counts.tail(1).iter_rows()]
    return (
        f"{phrases.of_them(now, wards, 'ward')} had a co-produced charter in place in "
        f"{phrases.month(last)}, against {then:,} in {phrases.month(first)}."
    )


def incidents(
    year: Mapping[str, Mapping[str, object]], measures: Sequence[Mapping[str, object]], last: date
) -> str:
    """How many incidents were reported in twelve months, of which kinds, and at what rate.

    `measures` are all incidents first, then each kind; `year` holds the sums by measure.
    """
    every, *kinds = measures
    total = year.get(str(every["measure"]))
    if not total or not total["denominator"]:
        return "No incident and no nil return has been reported yet."
    rate = numbers.with_unit(
        total["numerator"] / total["denominator"] * every["multiplier"], str(every["unit"])
    )
    sums = [(year.get(str(kind["measure"])), str(kind["short_name"]).lower()) for kind in kinds]
    parts = [f"{numbers.whole(found['numerator'])} {name}" for found, name in sums if found]
    return (
        f"In the twelve months to {phrases.month(last)}, {numbers.whole(total['numerator'])} "
        f"incidents were reported, {rate}: {phrases.listed(parts)}. A rise can mean better "
        "reporting, a fall can mean less."
    )


def compared(comparisons: pl.DataFrame, whose: str = "") -> str:
    """How many wards differ from similar wards by more than chance."""
    counts = dict(comparisons["category"].value_counts().iter_rows())
    if not comparisons.height:
        return "There is nothing to compare yet."
    parts = [
        f"{counts.get('within', 0)} within the range expected by chance",
        f"{counts.get('higher', 0) or 'none'} higher",
        f"{counts.get('lower', 0) or 'none'} lower",
    ]
    if counts.get("too_few"):
        parts.append(f"{counts['too_few']} with too few data or too few similar wards")
    return f"Of {whose}{phrases.counted(comparisons.height, 'ward')}: {phrases.listed(parts)}."


def _share(measure: Mapping[str, object], signal: Mapping[str, object]) -> str:
    unit = str(measure["unit"])
    read = numbers.with_unit(numbers.scaled(signal["value"], measure["multiplier"]), unit)
    return f"{read} ({numbers.out_of(signal['numerator'], signal['denominator'], unit)})"


def _who(measure: Mapping[str, object]) -> str:
    return str(measure["who"]).lower()


def _among(signals: pl.DataFrame, kinds: Sequence[str]) -> int:
    return signals.filter(pl.col("variation").is_in(list(kinds))).height
