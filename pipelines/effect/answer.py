"""An effect in sentences and as numbers, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import polars as pl

from pipelines.effect.refusals import refusal
from pipelines.effect.terms import Terms
from pipelines.effect.told import Told
from pipelines.effect.words import by_period_lines, sentences
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.estimate import Effect, Kind, Since, estimate
from pipelines.statistics.effect.imputation import Average


@dataclass(frozen=True)
class Answer:
    """What figures say: an effect in sentences, or why it can't be said.

    `lines` are the average by periods since the start, for a terminal, and `by_period` the same
    as a table; both are empty where there is no answer. `content` is all of it, for JSON.
    """

    answered: bool
    sentences: tuple[str, ...]
    lines: tuple[str, ...]
    content: dict[str, Any]
    by_period: pl.DataFrame


def answer(told: Told, terms: Terms) -> Answer:
    """Whether figures changed where something was started, or why they can't say."""
    try:
        return _answered(told, estimate(told.panel, terms.kind), terms)
    except Unanswerable as why:
        said = refusal(why, terms)
        content = _content(told, terms, False, said, reason=why.reason)
        return Answer(False, (said,), (), content, pl.DataFrame())


def _answered(told: Told, found: Effect, terms: Terms) -> Answer:
    kind = terms.kind
    names = [told.clusters[place] for place in found.compared.clusters]
    said = sentences(found, names, terms)
    by_period = _by_period(found.by_period, kind)
    compared = found.compared
    content = _content(
        told,
        terms,
        True,
        *said,
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
            "units_left_out": compared.early,
            "figures_left_out": compared.alone,
        },
        checks={
            "trend_allowed": found.trend_allowed,
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
    return Answer(True, said, lines, content, pl.DataFrame(by_period))


def _by_period(averages: Sequence[Since], kind: Kind) -> list[dict[str, float]]:
    return [
        {"since": since.period, **_numbers(since.average, kind), "clusters": since.clusters}
        for since in averages
    ]


def _content(
    told: Told, terms: Terms, answered: bool, *said: str, **more: object
) -> dict[str, object]:
    return {
        "answered": answered,
        "measure_kind": terms.kind,
        "scale": "percentage points" if terms.kind == "proportion" else "rate ratio",
        "period": terms.period,
        **more,
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
