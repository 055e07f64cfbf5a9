"""Whether figures changed where something was started: what `feeling-safe effect` does."""

import json
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any, get_args

import polars as pl

from pipelines.effect.tidy_file import Told, read
from pipelines.effect.words import by_period_lines, refusal, sentences
from pipelines.reading.tidy_cells import Unusable
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.estimate import Effect, Kind, estimate
from pipelines.statistics.effect.imputation import Average
from schemas.wording import listed

OUT = (".json", ".csv", ".parquet")


@dataclass(frozen=True)
class Answer:
    """What a file says: an effect in sentences, or why it can't be said.

    `lines` are the average by periods since the start, for a terminal, and `by_period` the same
    as a table; both are empty where there is no answer. `content` is all of it, for JSON.
    """

    answered: bool
    sentences: tuple[str, ...]
    lines: tuple[str, ...]
    content: dict[str, Any]
    by_period: pl.DataFrame


def run(file: Path, kind: str = "proportion", out: Path | None = None) -> Answer:
    """Answer for a file, and write the answer to `out`; raises Unusable.

    `out` ends in .json for the whole answer, or in .csv or .parquet for the table by periods,
    which is written only if there is an answer.
    """
    measured = _checked(kind, out)
    told = read(Path(file), measured)
    try:
        answer = _answered(told, estimate(told.panel, measured), measured)
    except Unanswerable as why:
        said = refusal(why, told.periods, measured)
        content = _content(measured, told, False, said, reason=why.reason)
        answer = Answer(False, (said,), (), content, pl.DataFrame())
    if out is not None:
        _write(answer, Path(out))
    return answer


def _checked(kind: str, out: Path | None) -> Kind:
    """The kind of measure; raises Unusable for an option that isn't allowed."""
    known = {one: one for one in get_args(Kind)}
    if kind not in known:
        raise Unusable(f"--measure-kind {kind} is not known: choose {listed(known, 'or')}.")
    if out is not None and Path(out).suffix.lower() not in OUT:
        raise Unusable(f"--out {out}: its name must end in {listed(OUT, 'or')}.")
    if out is not None and not Path(out).parent.is_dir():
        raise Unusable(f"--out {out}: there is no folder {Path(out).parent}.")
    return known[kind]


def _answered(told: Told, found: Effect, kind: Kind) -> Answer:
    names = [told.clusters[place] for place in found.compared.clusters]
    said = sentences(found, names, told.periods, kind)
    by_period = [
        {"since": since.period, **_numbers(since.average, kind), "clusters": since.clusters}
        for since in found.by_period
    ]
    compared = found.compared
    content = _content(
        kind,
        told,
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
            "detectable": _scaled(found.average.detectable, kind),
            "without_cluster": {
                name: _scaled(value, kind) for name, value in zip(names, found.without, strict=True)
            },
            "hidden_trend": None
            if found.hidden_trend is None
            else _scaled(found.hidden_trend, kind),
        },
    )
    lines = by_period_lines(found, told.periods, kind)
    return Answer(True, said, lines, content, pl.DataFrame(by_period))


def _content(
    kind: Kind, told: Told, answered: bool, *said: str, **more: object
) -> dict[str, object]:
    return {
        "answered": answered,
        "measure_kind": kind,
        "scale": "percentage points" if kind == "proportion" else "rate ratio",
        "period": told.periods.word,
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


def _write(answer: Answer, out: Path) -> None:
    match out.suffix.lower():
        case ".json":
            text = json.dumps(answer.content, ensure_ascii=False, indent=2)
            out.write_text(text + "\n", encoding="utf-8")
        case ".csv" if answer.answered:
            answer.by_period.write_csv(out)
        case ".parquet" if answer.answered:
            answer.by_period.write_parquet(out)
