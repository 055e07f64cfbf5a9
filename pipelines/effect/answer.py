"""An effect in sentences and as numbers, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import polars as pl

from pipelines.effect.left_out import LeftOut
from pipelines.effect.refusals import refusal
from pipelines.effect.terms import Terms
from pipelines.effect.told import Told
from pipelines.effect.words import by_period_lines, left_out_sentence, sentences
from pipelines.statistics.effect.comparable import COMPARED, Compared, Unanswerable
from pipelines.statistics.effect.estimate import Effect, Kind, Since, estimate
from pipelines.statistics.effect.imputation import Average

# A refusal that says already that nothing can be compared with anything.
_SAID_ALREADY = ("comparison",)


@dataclass(frozen=True)
class Answer:
    """What figures say: an effect in sentences, or why it can't be said.

    `lines` are the average by periods since the start, for a terminal, and `by_period` the same
    as a table; both are empty where there is no answer. `content` is all of it, for JSON, with
    units and clusters by their names; `left_out` has their codes.
    """

    answered: bool
    sentences: tuple[str, ...]
    lines: tuple[str, ...]
    content: dict[str, Any]
    by_period: pl.DataFrame
    left_out: tuple[LeftOut, ...]


def answer(told: Told, terms: Terms) -> Answer:
    """Whether figures changed where something was started, or why they can't say."""
    try:
        return _answered(told, estimate(told.panel, terms.kind), terms)
    except Unanswerable as why:
        left_out = told.left_out
        if why.compared and why.reason not in _SAID_ALREADY:
            left_out += _not_compared(told, why.compared, terms)
        named = told.with_names(left_out)
        parts = (refusal(why, terms), left_out_sentence(named, terms))
        said = tuple(part for part in parts if part)
        content = _content(told, terms, named, said, answered=False, reason=why.reason)
        return Answer(False, said, (), content, pl.DataFrame(), left_out)


def _answered(told: Told, found: Effect, terms: Terms) -> Answer:
    kind = terms.kind
    compared = found.compared
    names = told.called("cluster", [told.clusters[place] for place in compared.clusters])
    left_out = told.left_out + _not_compared(told, compared, terms)
    named = told.with_names(left_out)
    said = sentences(found, names, named, terms)
    by_period = _by_period(found.by_period, kind)
    content = _content(
        told,
        terms,
        named,
        said,
        answered=True,
        effect=_numbers(found.average, kind),
        by_period=by_period,
        compared={
            "units": compared.units,
            "units_started": compared.starters,
            "units_never_started": compared.never,
            "clusters": len(compared.clusters),
            "clusters_started": compared.starting_clusters,
            "figures_before": compared.entries_before,
            "figures_after": compared.entries_after,
            "figure_after": compared.after,
            "units_left_out": len(compared.early),
            "figures_left_out": compared.alone,
            "periods_without_an_average": list(found.unlisted),
        },
        checks={
            "trend_allowed": found.trend_share > 0,
            "trend_share": found.trend_share,
            "trend_before": found.trend and _numbers(found.trend, kind),
            "trend_detectable": found.trend and _scaled(found.trend.detectable, kind),
            "placebo": found.placebo and _numbers(found.placebo, kind),
            "placebo_by_period": _by_period(found.before, kind),
            "detectable": _scaled(found.average.detectable, kind),
            "without_cluster": {
                name: _scaled(value, kind) for name, value in zip(names, found.without, strict=True)
            },
            "hidden_trend": None
            if found.hidden_trend is None
            else _scaled(found.hidden_trend, kind),
            "hidden_bend": None if found.hidden_bend is None else _scaled(found.hidden_bend, kind),
            "hidden_steps": found.hidden_steps
            and {
                "breakdown": found.hidden_steps.breakdown,
                "largest_before": found.hidden_steps.largest * 100,
                "steps": found.hidden_steps.steps,
                "periods": found.hidden_steps.stretch,
            },
        },
    )
    lines = by_period_lines(found, terms)
    return Answer(True, said, lines, content, pl.DataFrame(by_period), left_out)


def _by_period(averages: Sequence[Since], kind: Kind) -> list[dict[str, float]]:
    return [
        {"since": since.period, **_numbers(since.average, kind), "clusters": since.clusters}
        for since in averages
    ]


def _not_compared(told: Told, compared: Compared, terms: Terms) -> tuple[LeftOut, ...]:
    """The figures that nothing can be compared with, and whose they are."""
    early = tuple(told.units[place] for place in compared.early)
    gone = sorted({*range(len(told.clusters))} - {*compared.clusters.tolist()})
    no_longer = tuple(told.clusters[place] for place in gone)
    alone = f"from when fewer than {COMPARED} {terms.cluster}s were still to start"
    every = (
        LeftOut("unit", len(early), "without a figure from before the start", early),
        LeftOut("cluster", len(gone), f"of which no {terms.unit} is left", no_longer),
        LeftOut("figure", compared.alone, alone),
    )
    return tuple(one for one in every if one.count)


def _content(
    told: Told,
    terms: Terms,
    left_out: Sequence[LeftOut],
    said: Sequence[str],
    *,
    answered: bool,
    **more: object,
) -> dict[str, object]:
    return {
        "answered": answered,
        "measure_kind": terms.kind,
        "scale": "percentage points" if terms.kind == "proportion" else "rate ratio",
        "period": terms.period,
        **more,
        "left_out": [
            {"what": one.what, "count": one.count, "why": one.why, "which": list(one.which)}
            for one in left_out
        ],
        "sentences": list(said),
        "notes": list(told.notes),
    }


def _numbers(average: Average, kind: Kind) -> dict[str, float]:
    """A value with its 95% interval, in percentage points or as a ratio."""
    lower, upper = average.interval()
    return {
        "value": _scaled(average.value, kind),
        "lower": _scaled(lower, kind),
        "upper": _scaled(upper, kind),
        "chance": average.chance,
    }


def _scaled(value: float, kind: Kind) -> float:
    return value * 100 if kind == "proportion" else exp(value)
