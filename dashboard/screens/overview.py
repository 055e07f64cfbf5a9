"""Overview: are people feeling safer, what changed, how far have charters and returns come?"""

from functools import partial
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import measure_table
from dashboard.charts.figure_links import linked, traced
from dashboard.page import coverage, measures, page, session
from dashboard.page.coverage import COUNTED
from dashboard.page.session import Visit
from dashboard.panels import changed_wards, events, process_chart, unit_charts
from dashboard.panels.chart_decisions import Unit
from dashboard.queries.charters import adoption
from dashboard.queries.engagement import trusts_now
from dashboard.queries.groups import groups
from dashboard.queries.learning import forums
from dashboard.queries.organisations import people, wards
from dashboard.queries.returns import returns_grid
from dashboard.queries.series import ambitions, signals, standing_out
from dashboard.queries.windows import first_and_last
from dashboard.screens.returns import requests
from dashboard.words import ambitions as ambition_words
from dashboard.words import engagement as engagement_words
from dashboard.words import headlines, register
from dashboard.words import learning as learning_words
from schemas import wording

_WHERE = "which-wards-changed"
_NAMED = 6  # wards with a concern above the charts; all of them are in the table


def show() -> None:
    """The programme at a glance, for the national team."""
    visit = session.admit("programme")
    page.open_screen(
        visit, "Overview", visit.keep(unit_charts.headline, level="programme", unit="programme")
    )
    if new := visit.keep(_new_on_the_team):
        page.lead(new)
    requests.mention(visit)
    if page.nothing_yet(
        visit,
        "whether patients and staff feel safer, which wards changed, every measure of the whole "
        "programme, and how far charters have come",
    ):
        page.html('<p><a href="returns" target="_self">Returns, month by month</a></p>')
        return
    ways = f'<a href="#{_WHERE}">Which wards changed</a> · {page.FILES}'
    page.html(f'<p class="fs-lead">{visit.keep(_concerns)}{ways}</p>')
    process_chart.feeling_safe(visit, process_chart.PROGRAMME)
    page.section("Which wards changed", anchor=_WHERE)
    changed_wards.table(visit, visit.keep(_core))
    for measure in measures.feeling_safe(visit):
        page.lead(visit.keep(_changed, measure=measure["measure"]))
    if far := visit.keep(_ambitions):
        page.section("Ambitions")
        for sentence in far:
            page.lead(sentence)
    page.section(
        "Measure by measure",
        f"The whole programme, every ward together. Choose one to see its chart, its trusts and "
        f"its wards. {COUNTED}",
    )
    page.cached(visit, _measures)
    page.section("Charters", visit.keep(_charters))
    page.html('<p><a href="charters" target="_self">Charters and foundations</a></p>')
    if not visit.ask(forums).is_empty():
        page.section("Learning", learning_words.next_forum(visit.ask(forums), visit.today))
        page.html('<p><a href="learning" target="_self">Learning forums</a></p>')
    page.section("Engagement", visit.keep(_engagement, today=visit.today))
    page.html('<p><a href="engagement" target="_self">Engagement, trust by trust</a></p>')
    page.section("Returns", visit.keep(_returns))
    page.html('<p><a href="returns" target="_self">Returns, month by month</a></p>')
    events.show(visit, (("programme", "programme"),), visit.keep(_trusts))


def _new_on_the_team(visit: Visit) -> str:
    return register.new_on_the_team(visit.ask(people), visit.today)


def _changed(visit: Visit, measure: str) -> str:
    now = visit.ask(signals, level="ward", measures=(measure,), open_only=True)
    halves = visit.ask(first_and_last, measure=measure)
    return headlines.changes(now, halves, measures.all_of(visit)[measure])


def _concerns(visit: Visit) -> str:
    """The wards whose latest month is a concern, each with a link, as a line of markup."""
    found = visit.ask(standing_out, measures=_core(visit))
    found = found.filter(pl.col("variation").str.starts_with("concern"))
    if found.is_empty():
        return ""
    named = [
        f"{linked(of['ward_name'][0], f'ward?ward={quote(str(unit))}')} "
        f"({escape(wording.listed(of['short_name']))})"
        for (unit,), of in found.group_by("unit_id", maintain_order=True)
    ]
    return f"Concerns now: {wording.some(named, _NAMED)}.<br>"


def _core(visit: Visit) -> tuple[str, ...]:
    known = measures.all_of(visit).items()
    return tuple(m for m, about in known if about["core"] and about["unit"] != "count")


def _ambitions(visit: Visit) -> list[str]:
    """A sentence for each ambition: the programme's, for all trusts or groups, and one's own."""
    names = ambition_words.named(visit.ask(wards), visit.ask(groups))
    return ambition_words.every(visit.ask(ambitions), measures.all_of(visit), names)


def _measures(visit: Visit) -> str:
    now = visit.ask(signals, level="programme").filter(~pl.col("restricted"))
    return measure_table.html(
        "The programme’s measures now",
        now,
        coverage.of_unit(visit, "programme", "programme"),
        "measure?measure={measure}",
        partial(traced, "programme", "programme"),
    )


def _charters(visit: Visit) -> str:
    return headlines.charters(visit.ask(adoption))


def _engagement(visit: Visit, today: object) -> str:
    return engagement_words.headline(visit.ask(trusts_now, today=visit.today))


def _returns(visit: Visit) -> str:
    return headlines.returns(visit.ask(returns_grid, today=visit.today), visit.facts["data_to"])


def _trusts(visit: Visit) -> tuple[Unit, ...]:
    return tuple(("trust", code) for code in visit.ask(wards)["trust_code"].unique().sort())
