"""What to ask next: questions that a board can put because of something in its figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from schemas import wording

NOTHING_STANDS_OUT = (
    "Nothing stands out. What would patients and staff say if you asked them what would make them "
    "feel safer?"
)
# Figures for sharing have no signals to ask about, so these are the same every month.
FOR_EVERYONE = (
    "What do the people who don’t feel safe say would help?",
    "Where few incidents are reported, is little happening, or is little being reported?",
    "Whose answers are missing, and what would help them to answer?",
)


@dataclass(frozen=True)
class Known:
    """What questions are asked about.

    `signals` are the unit's own, one row for each measure, `changed` those of its wards that stand
    out (`queries.series.standing_out`), `missing` the returns that are due and have not arrived.
    """

    signals: pl.DataFrame
    changed: pl.DataFrame
    missing: int


def to_ask(known: Known) -> tuple[str, ...]:
    """The questions, the gravest first; one sentence if there is nothing to ask about."""
    asked = [
        *(_of_measure(row) for row in _of_kind(known.signals, "concern")),
        *_of_wards(known.changed),
        *(_of_reporting(row) for row in _of_kind(known.signals, "neutral")),
        *(_of_few(row) for row in known.signals.filter("few_wards").iter_rows(named=True)),
        *_of_returns(known.missing),
    ]
    return tuple(asked) or (NOTHING_STANDS_OUT,)


def _of_kind(signals: pl.DataFrame, kind: str) -> Iterator[Mapping[str, object]]:
    return signals.filter(pl.col("variation").str.starts_with(kind)).iter_rows(named=True)


def _of_measure(signal: Mapping[str, object]) -> str:
    return (
        f"{signal['short_name']} stands out as a concern. What changed at that time, and who is "
        "doing what about it?"
    )


def _of_wards(changed: pl.DataFrame) -> Iterator[str]:
    concerns = _wards(changed, "concern")
    if concerns:
        they = "this ward" if len(concerns) == 1 else "these wards"
        yield (
            f"{wording.starting(wording.some(concerns, 2))} got worse. Who has asked {they} what "
            "happened, and what do they need?"
        )
    better = _wards(changed, "improvement")
    if better:
        they = "it" if len(better) == 1 else "they"
        yield (
            f"{wording.starting(wording.some(better, 2))} improved. What did {they} do, and who "
            "could learn from it?"
        )


def _wards(changed: pl.DataFrame, kind: str) -> Sequence[str]:
    """The wards with a change of this kind, each once, in the order they are listed."""
    mine = changed.filter(pl.col("variation").str.starts_with(kind))
    each = mine.unique("unit_id", keep="first", maintain_order=True)
    if changed["trust_code"].n_unique() < 2:
        return each["ward_name"].to_list()
    return [f"{ward} ({trust})" for ward, trust in each.select("ward_name", "trust_name").rows()]


def _of_reporting(signal: Mapping[str, object]) -> str:
    way = "higher" if str(signal["variation"]).endswith("high") else "lower"
    more = "more" if way == "higher" else "less"
    if signal["topic"] == "incidents":
        return (
            f"{signal['short_name']}: {way} than usual. Is {more} happening, or is {more} being "
            "reported?"
        )
    return f"{signal['short_name']}: {way} than usual. What changed at that time?"


def _of_few(signal: Mapping[str, object]) -> str:
    answered = wording.of_them(signal["wards"], signal["wards_expected"], "ward")
    return (
        f"{signal['short_name']} is based on only {answered}. What would help the others to send?"
    )


def _of_returns(missing: int) -> Iterator[str]:
    if missing:
        is_missing = "return is missing" if missing == 1 else "returns are missing"
        yield f"{missing:,} {is_missing}. What would help to send what is due?"
