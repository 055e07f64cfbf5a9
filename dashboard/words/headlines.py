"""The headline of each screen: a sentence that answers the question the screen is about."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from dashboard import numbers
from dashboard.words import titles
from pipelines.statistics.headline import NONE_ENOUGH
from pipelines.statistics.improvement import improvement
from schemas import wording

NOT_ASKED = "No measure of feeling safe is in use: the programme has archived them."
NOTHING_TO_COMPARE = "There is nothing to compare: no measure is in use."
NO_TOTAL = (
    "There is no total for this trust: either it has sent nothing yet, or a total would reveal "
    "the figures of a ward that now belongs to another trust."
)
_TOO_FEW = "too little data or too few similar wards"
_RUN_CHART_FROM = 6  # points: with fewer, nothing is judged


def feeling_safe(
    measures: Sequence[Mapping[str, object]],
    signals: Sequence[Mapping[str, object] | None],
    wards: tuple[int, int] | None = None,
    *,
    changes: bool = True,
) -> str:
    """Are people feeling safer? Patients first, then staff, with how many wards answered.

    `wards` is how many wards answered and how many there are; None for a single ward. Without
    `changes` it leaves out what stands out, for a screen whose charts say it in their titles.
    """
    if not measures:
        return NOT_ASKED
    known = [pair for pair in zip(measures, signals, strict=True) if pair[1] and pair[1]["latest"]]
    sent = [signal for signal in signals if signal and signal["headline"] == NONE_ENOUGH]
    if sent and not known:
        return "Too few people have answered each month to show how many feel safe."
    if not known:
        return "No figures on whether people feel safe have been received yet."
    answered = f" ({wording.of_them(*wards, 'ward')} answered)" if wards else ""
    said = f"{_said_now(known)}{answered}."
    if not changes:
        return said
    stands_out = [f"{measure['who']}: {signal['headline']}." for measure, signal in known]
    return f"{said} {' '.join(stands_out)}"


def _said_now(known: Sequence[tuple[Mapping[str, object], Mapping[str, object]]]) -> str:
    """The latest shares, each in its own month: patients' may be older than staff's."""
    shares = [f"{_share(measure, signal)} of {_who(measure)}" for measure, signal in known]
    months = [wording.month_of(signal["latest"]) for _, signal in known]
    safe = "said they feel safe from sexual harm"
    if len(set(months)) == 1:
        return f"In {months[0]}, {wording.listed(shares)} {safe}"
    first, *others = (f"in {month}, {share}" for month, share in zip(months, shares, strict=True))
    return "; ".join([f"I{first[1:]} {safe}", *(f"{other} did" for other in others)])


def now(
    signal: Mapping[str, object] | None,
    measure: Mapping[str, object],
    whole: str,
    wards: tuple[int, int] | None,
) -> str:
    """The latest figure of a total called `whole`, and how many wards it is based on.

    `wards` is how many wards the figure counts and how many had something to count.
    """
    if signal is None or signal["latest"] is None:
        says = signal["headline"] if signal else "no figures yet"
        return f"{wording.starting(whole)}: {says}."
    counted = f", based on {wording.of_them(*wards, 'ward')}" if wards else ""
    return f"{wording.starting(whole)}: {titles.latest(measure, signal)}{counted}."


def changed(signals: pl.DataFrame, measure: Mapping[str, object]) -> str:
    """How many wards stand out now in one measure; `signals` holds one row for each ward.

    Only wards that have sent figures are counted: their `n` is a number of months.
    """
    every, signals = signals.height, signals.filter(pl.col("n") > 0)
    if signals.is_empty():
        return f"{measure['name']}: no ward has sent figures yet."
    if measure["direction"] == "none":
        kinds = {"neutral_high": "higher than usual", "neutral_low": "lower"}
        parts = [f"{_among(signals, (kind,)) or 'none'} {words}" for kind, words in kinds.items()]
    else:
        better = _among(signals, ("improvement_high", "improvement_low"))
        worse = _among(signals, ("concern_high", "concern_low"))
        parts = [f"{better or 'none'} improved", f"{worse or 'none'} got worse"]
    unclear = signals.filter(pl.col("variation").is_null())
    few = unclear.filter(pl.col("n") < _RUN_CHART_FROM).height
    usual, same = _among(signals, ("common",)), unclear.height - few
    rest = [f"{usual} {'is' if usual == 1 else 'are'} as usual now"]
    if few:
        rest.append(f"{few} {'has' if few == 1 else 'have'} too few months to say")
    if same:
        rest.append(f"{same} {'has' if same == 1 else 'have'} figures that can’t show a change")
    return (
        f"{measure['name']}: of {_with_figures(signals.height, every)}, "
        f"{wording.listed(parts)}; {wording.listed(rest)}."
    )


def changes(signals: pl.DataFrame, halves: pl.DataFrame, measure: Mapping[str, object]) -> str:
    """How many wards stand out now, and how far all moved together.

    `signals` is as for `changed`; `halves` are the sums of the wards' first and last six months
    (`queries.windows.first_and_last`).
    """
    # One row, or none before the first return.
    together = improvement(halves).iter_rows(named=True)
    sentences = (
        changed(signals, measure),
        *(improved(change, measure) for change in together),
    )
    return " ".join(filter(None, sentences))


def _with_figures(wards: int, every: int) -> str:
    """The wards that are counted, and how many more have sent no figures."""
    without = every - wards
    if not without:
        return wording.counted(wards, "ward")
    have = "1 other has" if without == 1 else f"{without:,} others have"
    return f"the {wording.counted(wards, 'ward')} with figures ({have} sent none)"


def improved(change: Mapping[str, object], measure: Mapping[str, object]) -> str:
    """How far all wards moved together, and how far individual wards did, for a proportion.

    `change` is one row of `pipelines.statistics.improvement`. Empty if no ward has twelve months.
    """
    if not change["compared"] or change["change"] is None:
        return ""
    times, unit = measure["multiplier"], str(measure["unit"])
    before, after = (numbers.reading(change[half] * times, unit) for half in ("before", "after"))
    low, high = (
        _points_of_change(change[f"{end}_change"] * times) for end in ("lowest", "highest")
    )
    compared = int(change["compared"])
    if compared == 1:
        return (
            f"The one ward with at least a year of figures went from {before} in its first six "
            f"months to {after} in its last six."
        )
    return (
        f"Together, the {compared:,} wards with at least a year of figures went from {before} in "
        f"their first six months to {after} in their last six. Individual wards ranged from {low} "
        f"to {high}."
    )


def chance(signals: pl.DataFrame, one: str = "ward") -> str:
    """How many series stand out, and how many would by chance alone.

    `signals` has `variation` and `chance`; only series with a known chance are counted. Empty if
    there are none.
    """
    judged = signals.filter(pl.col("chance").is_not_null())
    if judged.is_empty():
        return ""
    seen = judged.filter(pl.col("variation") != "common").height
    expected = float(judged["chance"].sum())
    number = "most likely none" if expected < 0.5 else f"about {expected:,.0f}"
    stands = "stands" if seen < 2 else "stand"
    return (
        f"{wording.counted(seen, one) if seen else f'No {one}'} {stands} out; if nothing had "
        f"changed, {number} would by chance."
    )


def _points_of_change(change: float) -> str:
    size = numbers.rounded(abs(change))
    way = "rise" if change > 0 else "fall"
    return (
        f"a {way} of {size} percentage {'point' if size == 1 else 'points'}"
        if size
        else "no change"
    )


def returns(grid: pl.DataFrame, month: date | None) -> str:
    """Who has sent the latest month, and who has not."""
    latest = grid.filter(pl.col("month") == month) if month else grid.clear()
    if latest.is_empty():
        return "No return has been due yet."
    sent = latest.filter(pl.col("state").is_in(["received", "late"])).height
    expected = latest.filter(~pl.col("state").is_in(["not_expected", "paused"])).height
    missing = grid.filter(pl.col("state") == "missing").height
    have = "has sent its return" if sent == 1 else "have sent their returns"
    text = f"{wording.of_them(sent, expected, 'trust')} {have} for {wording.month_of(month)}."
    if damaged := grid.filter(pl.col("state") == "damaged").height:
        text += f" {wording.counted(damaged, 'return')} {'is' if damaged == 1 else 'are'} damaged."
    if not missing:
        return f"{text} No return is missing from any month."
    trusts = grid.filter(pl.col("state") == "missing")["trust_code"].n_unique()
    return (
        f"{text} Over all months, {wording.counted(missing, 'return')} from "
        f"{wording.counted(trusts, 'trust')} {'is' if missing == 1 else 'are'} missing."
    )


def charters(stages: pl.DataFrame) -> str:
    """How far charters have spread; `stages` counts the wards that reported by month and stage."""
    if stages.is_empty():
        return "No ward has reported on its charter yet."
    counts = stages.group_by("month").agg(pl.col("in_place", "wards").sum()).sort("month")
    first, then, of_then = counts.row(0)
    last, now, of_now = counts.row(-1)
    latest = (
        f"In {wording.month_of(last)}, {now:,} of the {wording.counted(of_now, 'ward')} that "
        "reported had a co-produced charter in place"
    )
    before = f", compared with {then:,} of {of_then:,} in {wording.month_of(first)}"
    return f"{latest}{before if first < last else ''}."


def incidents(
    year: Mapping[str, Mapping[str, object]],
    every: Sequence[Mapping[str, object]],
    kinds: Sequence[Mapping[str, object]],
    last: date,
) -> str:
    """How many incidents were reported in twelve months, of what kind, and at what rate.

    `every` is the measure of all incidents, if it is in use, `kinds` those of each kind that are;
    `year` gives the sums by measure.
    """
    if not every:
        return "The measure of all reported incidents is archived: there is no total."
    total = year.get(str(every[0]["measure"]))
    if not total or not total["denominator"]:
        return "No incidents or nil returns have been reported yet."
    rate = numbers.with_unit(
        total["numerator"] / total["denominator"] * every[0]["multiplier"], str(every[0]["unit"])
    )
    sums = [(year.get(str(kind["measure"])), str(kind["short_name"]).lower()) for kind in kinds]
    parts = [f"{numbers.whole(row['numerator'])} {name}" for row, name in sums if row]
    of_kinds = f": {wording.listed(parts)}" if parts else ""
    return (
        f"In the twelve months to {wording.month_of(last)}, {numbers.whole(total['numerator'])} "
        f"incidents were reported, {rate}{of_kinds}. A rise can mean better reporting; a fall can "
        "mean less reporting."
    )


def compared(comparisons: pl.DataFrame, whose: str = "") -> str:
    """How many wards differ from similar wards by more than chance."""
    counts = dict(comparisons["category"].value_counts().iter_rows())
    if not comparisons.height:
        return "There is nothing to compare yet."
    few = counts.get("too_few", 0)
    if few == comparisons.height:
        which = f"{whose or 'the '}ward" if few == 1 else f"none of {whose}{few:,} wards"
        can = "can’t" if few == 1 else "can"
        return f"{wording.starting(which)} {can} be compared: {_TOO_FEW}."
    parts = [
        f"{counts.get('within', 0)} within the range expected by chance",
        f"{counts.get('higher', 0) or 'none'} higher",
        f"{counts.get('lower', 0) or 'none'} lower",
    ]
    if few:
        parts.append(f"{few} with {_TOO_FEW}")
    return f"Of {whose}{wording.counted(comparisons.height, 'ward')}: {wording.listed(parts)}."


def _share(measure: Mapping[str, object], signal: Mapping[str, object]) -> str:
    unit = str(measure["unit"])
    read = numbers.with_unit(numbers.scaled(signal["value"], measure["multiplier"]), unit)
    return f"{read} ({numbers.out_of(signal['numerator'], signal['denominator'], unit)})"


def _who(measure: Mapping[str, object]) -> str:
    return str(measure["who"]).lower()


def _among(signals: pl.DataFrame, kinds: Sequence[str]) -> int:
    return signals.filter(pl.col("variation").is_in(list(kinds))).height
