"""The learning radar: after which ideas charts changed for the better, and whom to ring up."""

from html import escape
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.radar import changes_for_the_better, tried
from dashboard.words import radar as words
from pipelines.effect.radar import ALREADY, NOT, ROSE, SOON, UNCHARTED, Radar, radar
from schemas import wording

_ORDER = {ROSE: 0, NOT: 1, ALREADY: 2, SOON: 3, UNCHARTED: 4}
_ROWS = 40


def panel(visit: Visit, measure: str) -> pl.DataFrame | None:
    """An expander with the radar of a measure; the rows of its file, once it is open."""
    expander = st.expander(words.TITLE, page.EXPANDED, key="radar", on_change="rerun")
    if not expander.open:
        return None
    direction = measures.definition(visit, measure).direction
    with expander:
        if direction == "none":
            page.html(f'<p class="fs-note">{escape(words.WITHOUT_DIRECTION)}</p>')
            return None
        found = visit.keep(_found, measure=measure)
        if not found.ideas:
            page.html(f'<p class="fs-empty">{escape(words.NOTHING)}</p>')
            return None
        _ideas(visit, found, direction)
        _wards(visit, found, direction)
    return visit.keep(rows, measure=measure)


def _tried(visit: Visit) -> pl.DataFrame:
    """What each ward tried, by a code for the idea."""
    code = pl.concat_str("kind", "name", separator=":")
    return visit.ask(tried).with_columns(idea=code)


def _found(visit: Visit, measure: str) -> Radar:
    """The radar of a measure. It takes about a fifth of a second."""
    charts = visit.ask(changes_for_the_better, measure=measure)
    return radar(charts, visit.keep(_tried).select("idea", "unit", "month"))


def _names(visit: Visit) -> dict[str, tuple[str, str]]:
    """What was tried by its code: as a list writes it, and its wards within a sentence."""
    every = visit.keep(_tried).select("idea", "kind", "name").unique()
    return {
        idea: (words.name(kind, name), words.who(kind, name))
        for idea, kind, name in every.iter_rows()
    }


def _ideas(visit: Visit, found: Radar, direction: str) -> None:
    names = visit.keep(_names)
    sentences = {idea: who for idea, (_, who) in names.items()}
    said = words.stands_out(found, sentences, direction)
    page.html(f'<p class="fs-takeaway">{escape(said)}</p>')
    page.html(f'<p class="fs-note">{escape(words.lead(direction))}</p>')
    columns = (
        Column("idea", "What was tried", row_header=True),
        Column("tried", "Wards", number=True),
        Column("rose", words.column(direction), number=True),
        Column("by_chance", "By chance", number=True),
        Column("adjusted", "So many by chance, after any idea"),
    )
    told = [
        {
            "idea": names[one.idea][0],
            "tried": f"{one.tried:,}",
            "rose": f"{one.rose:,}",
            "by_chance": words.by_chance(one),
            "adjusted": words.often(one.adjusted),
        }
        for one in found.ideas
    ]
    caption = f"{wording.counted(len(told), 'idea')} looked at, the clearest first"
    page.html(html(caption, columns, told))
    if said := words.too_few(found):
        page.html(f'<p class="fs-note">{escape(said)}</p>')


def _wards(visit: Visit, found: Radar, direction: str) -> None:
    page.html(f'<p class="fs-takeaway">{escape(words.RING_UP)}</p>')
    names = visit.keep(_names)
    options = {one.idea: names[one.idea][0] for one in found.ideas}
    chosen = url_state.choose("Wards that tried", options, "tried")
    (one,) = (one for one in found.ideas if one.idea == chosen)
    called = _called(visit)
    followed = pl.DataFrame(
        [
            {**ward, "at": _ORDER[ward["state"]], "name": called[ward["unit"]][0]}
            for ward in one.wards
        ]
    ).sort("at", "name", "unit")
    shown = filters.paged(followed, _ROWS, "wards", key="page_radar")
    told = [
        {
            "ward": linked(row["name"], escape(f"ward?ward={quote(row['unit'])}")),
            "trust": called[row["unit"]][1],
            "since": wording.month_of(row["started"]),
            "became": _became(row, direction),
        }
        for row in shown.iter_rows(named=True)
    ]
    columns = (
        Column("ward", "Ward", row_header=True, markup=True),
        Column("trust", "Trust"),
        Column("since", "Started in"),
        Column("became", "What followed"),
    )
    page.html(html(f"{options[chosen]}: the wards that tried it", columns, told))


def _called(visit: Visit) -> dict[str, tuple[str, str]]:
    """The names of each ward and its trust, by the ward's code."""
    named = visit.ask(wards).select("ward_id", "ward_name", "trust_name").unique("ward_id")
    called = {ward: (name or ward, trust or "") for ward, name, trust in named.iter_rows()}
    return {unit: (unit, "") for unit in visit.keep(_tried)["unit"]} | called


def _became(row: dict[str, object], direction: str) -> str:
    rose = wording.month_of(row["rose"]) if row["rose"] else ""
    return words.became(str(row["state"]), rose, direction)


def rows(visit: Visit, measure: str) -> pl.DataFrame:
    """A row for each ward that tried each idea, with the idea's counts and chances."""
    names, called = visit.keep(_names), _called(visit)
    direction = measures.definition(visit, measure).direction
    return pl.DataFrame(
        {
            "idea": names[one.idea][0],
            "wards": one.tried,
            "changed": one.rose,
            "changed_by_chance": round(one.by_chance, 3),
            "chance": round(one.alone, 4),
            "chance_adjusted": round(one.adjusted, 4),
            "ward": ward["unit"],
            "ward_name": called[ward["unit"]][0],
            "trust_name": called[ward["unit"]][1],
            "started": ward["started"],
            "change_began": ward["rose"],
            "what_followed": _became(ward, direction),
        }
        for one in visit.keep(_found, measure=measure).ideas
        for ward in one.wards
    )
