"""One process chart as a picture: exact with its limits, or masked months without limits."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from dashboard.charts import process
from dashboard.exports import masked
from dashboard.exports.chart_pictures import picture, titled
from dashboard.exports.figures import chosen, group_name
from dashboard.exports.html_document import Picture
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.pdf import chart_pdf
from dashboard.queries.organisations import wards
from dashboard.queries.series import ambitions, events, series, signals
from dashboard.words import alt, caveats, titles
from dashboard.words.ambitions import sentence
from schemas import wording
from schemas.disclosure import FOR_SHARING
from schemas.measures import Measure

_LONGEST = 3  # months in one point; longer periods would overlap
_HIDDEN = f"{FOR_SHARING} No limits are drawn."
_EXACT = "Exact figures with small numbers: do not share."


def content(
    ask: Ask,
    facts: Mapping[str, object],
    measure: Measure,
    figures: pl.DataFrame,
    order: Order,
) -> bytes:
    """The picture; `figures` is the whole masked table if the order is for sharing."""
    about = {**measure.model_dump(), "measure": measure.id, "multiplier": measure.multiplier}
    name = _name(ask, order)
    draw = _shared if order.shared else _exact
    title, rows, spec, described, notes = draw(ask, about, measure, name, figures, order)
    fictional = ["Fictional: every figure is made up."] if facts["fictional"] else []
    source = (
        f"{facts['programme']}, data to {wording.month_of(facts['data_to'])}, release "
        f"{facts['release_id']}."
    )
    subtitles = [
        titles.direction(about),
        *filter(None, notes),
        *fictional,
        f"{caveats.known_on(facts)} {source}".strip(),
    ]
    if order.kind in ("pdf", "pptx"):  # where the title is text beside the picture
        drawn = Picture(picture(spec, rows, "svg", alt=described).decode(), described)
        page = chart_pdf if order.kind == "pdf" else _slide
        return page(title, facts["built_at"], subtitles, drawn)
    return picture(titled(spec, title, subtitles), rows, order.kind, alt=described)


def _slide(title: str, made: datetime, notes: list[str], drawn: Picture) -> bytes:
    from dashboard.exports import slides  # slow to import, and few people ask for slides

    return slides.of_chart(title, made, notes, drawn)


def _exact(ask, about, measure, name, figures, order):
    level, unit = order.unit
    points = ask(series, level=level, units=(unit,), measure=measure.id)
    found = ask(signals, level=level, units=(unit,), measures=(measure.id,))
    if not points["value"].count():
        raise CannotMake("There is nothing to draw yet: choose another measure, ward or trust.")
    if (points["months"] > _LONGEST).any():
        raise CannotMake(
            f"{measure.name}: each figure covers 12 months, so neighbouring ones overlap and can’t "
            "be drawn. Choose the table."
        )
    happened = ask(events, unit=unit, measure=measure.id, trust=order.trust)
    aimed = ask(ambitions, level=level, unit=unit, measure=measure.id)
    far = [sentence(row, about) for row in aimed.iter_rows(named=True)]
    signal = None if found.is_empty() else found.row(0, named=True)
    return (
        titles.process(about, signal),
        process.rows(points, about, happened, aimed),
        process.spec(process.reading(about)),
        alt.process(name, points, about, signal, far),
        (
            f"{measure.name}, {name}.",
            *far,
            caveats.clipped(measure.unit, points),
            _flags(happened),
            _EXACT,
        ),
    )


def _shared(ask, about, measure, name, figures, order):
    level, unit = order.unit
    mine = chosen(figures, order).filter(pl.col("level") == level, pl.col("unit_id") == unit)
    months = masked.as_points(mine)
    if not months["value"].count():
        raise CannotMake(
            f"{measure.name}, {name}: no month can be shown, because of small numbers. Choose "
            "something larger, or the table, which says why each month is hidden."
        )
    return (
        f"{measure.name}, {name}",
        process.rows(months, about),
        process.spec(process.reading(about), signals=False),
        masked.in_words(months, f"{measure.name}, {name}", measure),
        (_HIDDEN,),
    )


def _flags(happened: pl.DataFrame) -> str:
    meanings = [
        f"{number} {wording.listed(group['label'].to_list())}"
        for number, group in process.flags(happened)
    ]
    return f"Flags: {'; '.join(meanings)}." if meanings else ""


def _name(ask: Ask, order: Order) -> str:
    level, unit = order.unit
    if level == "programme":
        return "the whole programme"
    if level == "group":
        return group_name(ask, unit)
    column = {"ward": "ward_id", "trust": "trust_code"}[level]
    found = ask(wards).filter(pl.col(column) == unit)
    if found.is_empty():
        raise CannotMake(f"There is no {level} {unit} here: choose another one.")
    return str(found[f"{level}_name"][0])
