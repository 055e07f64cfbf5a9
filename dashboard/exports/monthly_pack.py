"""The monthly pack: one document about the whole programme, for the programme or the public."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard import numbers
from dashboard.charts import adoption, bars, process, table
from dashboard.exports import masked
from dashboard.exports.chart_pictures import picture
from dashboard.exports.html_document import Picture, Report, Section
from dashboard.exports.masked import Ask
from dashboard.queries.charters import adoption as adopted
from dashboard.queries.charters import foundations_now
from dashboard.queries.returns import returns_grid
from dashboard.queries.series import ambitions, events, series, signals
from dashboard.words import alt, caveats, headlines, titles
from dashboard.words.ambitions import sentence
from schemas import wording
from schemas.disclosure import FOR_SHARING
from schemas.measures import Measure

_UNIT = {"level": "programme", "units": ("programme",)}
_NO_LIMITS = (
    "It can't tell why. There are no limits, because they would be worked out from figures that "
    "may be hidden: do not read too much into a single month."
)
_HEIGHT = 240  # two charts on a page of the PDF


def _about(measure: Measure) -> dict[str, object]:
    return {**measure.model_dump(), "measure": measure.id, "multiplier": measure.multiplier}


def exact(ask: Ask, measure: Measure) -> Section:
    """Everything that one measure shows about the whole programme."""
    about = _about(measure)
    points = ask(series, measure=measure.id, **_UNIT)
    found = ask(signals, measures=(measure.id,), **_UNIT)
    signal = None if found.is_empty() else found.row(0, named=True)
    happened = ask(events, unit="programme", measure=measure.id)
    aimed = ask(ambitions, level="programme", measure=measure.id)
    far = [sentence(row, about) for row in aimed.iter_rows(named=True)]
    described = alt.process("the whole programme", points, about, signal, far)
    sentences = [str(signal["sentence"]), *far] if signal else []
    return Section(
        measure.name,
        (*sentences, titles.direction(about)),
        _drawn(
            process.spec(process.reading(about), height=_HEIGHT),
            process.rows(points, about, happened, aimed),
            described,
        ),
        table.of_points(f"{measure.name}, the whole programme", points, about, ambitions=aimed),
        (
            _flags(happened),
            caveats.caveat(caveats.kind_of(signal)).cannot,
            caveats.clipped(measure.unit, points),
        ),
    )


def _flags(happened: pl.DataFrame) -> str:
    """What the numbered flags on a chart mean; empty if there are none."""
    meanings = [
        f"{number} {wording.listed(group['label'].to_list())} "
        f"({wording.month_of(group['month'][0])})"
        for number, group in process.flags(happened)
    ]
    return f"Flags: {'; '.join(meanings)}." if meanings else ""


def masked_only(figures: pl.DataFrame, measure: Measure) -> Section:
    """What may be shared about one measure: masked months and years, without limits or signals."""
    about = _about(measure)
    whole = (pl.col("level") == "programme") & (pl.col("measure") == measure.id)
    months = masked.as_points(figures.filter(whole))
    name = f"{measure.name}, the whole programme"
    described = masked.in_words(months, name, measure)
    drawn = _drawn(
        process.spec(process.reading(about), signals=False, height=_HEIGHT),
        process.rows(months, about),
        described,
    )
    return Section(
        measure.name,
        (wording.starting(described.split(": ", 1)[-1]), titles.direction(about)),
        drawn if months["value"].count() else None,
        _shared_table(name, figures.filter(whole), measure),
        (_NO_LIMITS,),
    )


def _shared_table(name: str, figures: pl.DataFrame, measure: Measure) -> table.Table:
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
                wording.month_of(row["month"])
                if row["months"] == 1
                else f"12 months to {wording.month_of(row['month'])}"
            ),
            "why": row["suppression_reason"] or "Not hidden",
        }
        for row in figures.sort("month", "months", descending=True).iter_rows(named=True)
    ]
    return table.Table(name, columns, rows)


def charters(ask: Ask) -> Section:
    """How far ward charters have spread."""
    stages = ask(adopted)
    rows = adoption.rows(stages)
    headline = headlines.charters(stages)
    described = alt.series("wards with a charter in place", stages["month"].to_list(), headline)
    return Section(
        "Ward charters",
        (headline,),
        _drawn(adoption.spec(), rows, described) if rows else None,
        notes=(caveats.caveat("adoption").cannot,),
    )


def foundations(ask: Ask) -> Section:
    """How many wards have each of the four foundations in place."""
    found = ask(foundations_now, level="programme")
    rows = bars.foundation_rows(found)
    each = [str(row["heading"]).replace("\n", " ") for row in rows if row["low"] == 0]
    described = f"Bar chart of the four foundations for good practice. {'; '.join(each)}."
    return Section(
        "The four foundations for good practice",
        (),
        _drawn(bars.foundations(), rows, described) if rows else None,
        notes=(caveats.caveat("foundations").cannot,),
    )


def returns(ask: Ask, facts: Mapping[str, object]) -> Section:
    """Who has sent the latest month."""
    grid = ask(returns_grid, today=facts["built_at"].date())
    return Section("Returns", (headlines.returns(grid, facts["data_to"]),))


def _drawn(
    spec: Mapping[str, object], rows: Sequence[Mapping[str, object]], described: str
) -> Picture:
    return Picture(picture(spec, rows, "svg", alt=described, width=820).decode(), described)


_FOR_SHARING = f"Hidden figures are marked [c]. {FOR_SHARING}"


def pack(
    ask: Ask,
    facts: Mapping[str, object],
    measures: Sequence[Measure],
    for_sharing: pl.DataFrame | None,
) -> Report:
    """The pack of the core measures, for `report_html` or `report_pdf` to make into a file.

    `ask` runs queries in the scope of the programme, and `facts` is the release's own row.
    `for_sharing` is the whole table, masked for its audience (`masked.observations`); without it
    the pack shows exact figures.
    """
    shared = for_sharing is not None
    if for_sharing is not None:
        sent = set(for_sharing["measure"].unique())
        drawn = [masked_only(for_sharing, m) for m in measures if m.core and m.id in sent]
    else:
        drawn = [exact(ask, measure) for measure in measures if measure.core]
    month = wording.month_of(facts["data_to"]) if facts["data_to"] else "no data yet"
    return Report(
        f"{facts['programme']}, {month}",
        facts["built_at"],
        tuple(_lead(facts, shared)),
        tuple(_notices(facts, shared)),
        (*drawn, charters(ask), foundations(ask), returns(ask, facts)),
    )


def _lead(facts: Mapping[str, object], shared: bool) -> list[str]:
    sentences = [
        f"Figures built at {wording.moment(facts['built_at'])}, release {facts['release_id']}.",
        "Management information for improvement, not official statistics.",
    ]
    return [*sentences, _FOR_SHARING] if shared else sentences


def _notices(facts: Mapping[str, object], shared: bool) -> list[str]:
    notices = ["Fictional: every trust, ward and figure is made up."] if facts["fictional"] else []
    notices += [caveats.known_on(facts)] if facts["as_at"] else []
    if not shared:
        notices.append("Contains small numbers: for the programme team, do not share.")
    return notices
