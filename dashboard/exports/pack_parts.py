"""The parts of the monthly pack: one function for each section."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard import numbers
from dashboard.charts import adoption, foundations, process, table
from dashboard.exports import masked
from dashboard.exports.document import Picture, Section
from dashboard.exports.masked import Ask
from dashboard.exports.pictures import picture
from dashboard.queries.adoption import adoption as adopted
from dashboard.queries.events import events
from dashboard.queries.foundations_now import foundations_now
from dashboard.queries.returns_grid import returns_grid
from dashboard.queries.series import series
from dashboard.queries.signals import signals
from dashboard.words import alt, answers, caveats, direction, phrases, titles
from schemas.measures import Measure

_UNIT = {"level": "programme", "units": ("programme",)}
_NO_LIMITS = (
    "It can't tell why. Limits are left out, because they would be worked out from figures that "
    "may be hidden: do not read much into one month."
)
_HEIGHT = 240  # two charts on a page of the PDF


def _about(measure: Measure) -> dict[str, object]:
    return {**measure.model_dump(), "measure": measure.id, "multiplier": measure.multiplier}


def exact(ask: Ask, measure: Measure) -> Section:
    """Everything that one measure says about the whole programme."""
    about = _about(measure)
    points = ask(series, measure=measure.id, **_UNIT)
    found = ask(signals, measures=(measure.id,), **_UNIT)
    signal = None if found.is_empty() else found.row(0, named=True)
    title = titles.process(about, signal, titles.phase_start(points))
    happened = ask(events, unit="programme", measure=measure.id)
    described = alt.process("the whole programme", points, about, signal)
    sentences = [str(signal["sentence"])] if signal else []
    return Section(
        title,
        (*sentences, direction.sentence(about)),
        _drawn(
            process.spec(**process.settings(about), height=_HEIGHT),
            process.rows(points, about, happened),
            described,
        ),
        table.of_points(f"{measure.name}, the whole programme", points, about),
        (_flags(happened), caveats.caveat("process").cannot, caveats.clipped(measure.unit)),
    )


def _flags(happened: pl.DataFrame) -> str:
    """What the numbered flags of a chart stand for; empty where there are none."""
    said = [
        f"{number} {phrases.listed(group['label'].to_list())} ({phrases.month(group['month'][0])})"
        for number, group in process.flags(happened)
    ]
    return f"Flags: {'; '.join(said)}." if said else ""


def masked_only(figures: pl.DataFrame, measure: Measure) -> Section:
    """What may be shared of one measure: masked months and years, without limits or signals."""
    about = _about(measure)
    whole = (pl.col("level") == "programme") & (pl.col("measure") == measure.id)
    months = masked.as_points(figures.filter(whole))
    name = f"{measure.name}, the whole programme"
    described = masked.in_words(months, name, measure)
    drawn = _drawn(
        process.spec(**process.settings(about), signals=False, height=_HEIGHT),
        process.rows(months, about),
        described,
    )
    return Section(
        measure.name,
        (phrases.starting(described.split(": ", 1)[-1]), direction.sentence(about)),
        drawn if months["value"].count() else None,
        _shared_table(name, figures.filter(whole), measure),
        (_NO_LIMITS,),
    )


def _shared_table(name: str, figures: pl.DataFrame, measure: Measure) -> str:
    columns = [
        table.Column("when", "Period", row_header=True),
        table.Column("value_shown", numbers.AXES[measure.unit], number=True),
        table.Column("numerator_shown", "Numerator, rounded", number=True),
        table.Column("denominator_shown", "Denominator, rounded", number=True),
        table.Column("why", "Hidden because"),
    ]
    rows = [
        {
            **row,
            "when": table.unbroken(
                phrases.month(row["month"])
                if row["months"] == 1
                else f"12 months to {phrases.month(row['month'])}"
            ),
            "why": row["suppression_reason"] or "Not hidden",
        }
        for row in figures.sort("month", "months", descending=True).iter_rows(named=True)
    ]
    return table.html(name, columns, rows)


def charters(ask: Ask) -> Section:
    """How far ward charters have spread."""
    stages = ask(adopted)
    rows = adoption.rows(stages)
    said = answers.charters(stages)
    described = alt.series("wards with a charter in place", stages["month"].to_list(), said)
    return Section(
        "Ward charters",
        (said,),
        _drawn(adoption.spec(), rows, described) if rows else None,
        notes=(caveats.caveat("adoption").cannot,),
    )


def founded(ask: Ask) -> Section:
    """How many wards have each of the four foundations in place."""
    found = ask(foundations_now, level="programme")
    rows = foundations.rows(found)
    said = [str(row["heading"]).replace("\n", " ") for row in rows if row["low"] == 0]
    described = f"Bars of the four foundations for good practice. {'; '.join(said)}."
    return Section(
        "The four foundations for good practice",
        (),
        _drawn(foundations.spec(), rows, described) if rows else None,
        notes=(caveats.caveat("foundations").cannot,),
    )


def returns(ask: Ask, facts: Mapping[str, object]) -> Section:
    """Who has sent the latest month."""
    grid = ask(returns_grid, today=facts["built_at"].date())
    return Section("Returns", (answers.returns(grid, facts["data_to"]),))


def _drawn(
    spec: Mapping[str, object], rows: Sequence[Mapping[str, object]], described: str
) -> Picture:
    return Picture(picture(spec, rows, "svg", alt=described, width=820).decode(), described)
