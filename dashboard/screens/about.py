"""About these data: what they are, what they are not, and what every measure means."""

from html import escape

import polars as pl
import streamlit as st

from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import measures, page, session
from dashboard.panels import what_helps
from dashboard.queries.organisations import questions, standards
from schemas import wording

_QUESTIONS = (
    Column("asked_of", "Asked of", row_header=True),
    Column("text", "Question"),
    Column("answers", "Answers offered"),
    Column("counts_as_safe", "Counted as yes"),
    Column("used", "In use"),
)
_STANDARDS = (
    Column("set_title", "Standards"),
    Column("group_title", "Group"),
    Column("short_text", "Statement", row_header=True),
    Column("applies_to", "Applies to"),
    Column("used", "In use"),
)
_STATES = {
    "0": "It was counted, and there were none.",
    "Nil return": "The ward confirmed that there were no incidents.",
    "No data": "The ward was open and nothing was sent, or nothing was collected.",
    "Not applicable": "There was nothing to count, such as support offered after no incidents.",
    "Ward closed": "The ward was not open, or not yet in the programme.",
    "Baseline": "From before the ward joined. It is on the ward’s own charts and in nothing else.",
    "Programme paused": "The whole programme was paused; no line or run crosses these months.",
    "Hidden: small numbers": "Not shown to anyone outside the trust and the programme team.",
}
_RULES = """
**How we tell a change from chance.** With 12 months or more, a series has an average and limits
(the average plus and minus 2.66 times the mean difference between neighbouring months). A month
stands out when it is beyond a limit, is part of seven on one side of the average or seven going
one way, or is one of two out of three near a limit. With 6 to 11 months there is a median and a
check for long runs; with fewer than 6 there are only the points. New limits are never started
automatically: a person starts them and gives a reason.

**Who sees what.** A trust sees its own exact figures. It sees its peers only as a spread, which
names nobody and is hidden where there are too few wards. The programme team sees every figure,
with a standing notice. Nothing shared or public contains a small number.

**What these data are not.** They are management information for improvement, not official
statistics. They show what was reported, not everything that happened; more reports can mean more
trust in reporting. Wards care for different people, so there are no rankings here, and no colours
for good and bad.

**How figures are revised.** Every version of a return is kept, the newest one not withdrawn counts,
and figures are provisional until the month is final. Choose a point on a chart or a figure in a
table to see which cells of which workbook it came from, who sent it and when.
"""


def show() -> None:
    """Source, definitions, rules and limits, for every role."""
    visit = session.admit("programme", "trust", "region", "group")
    facts = visit.facts
    page.open_screen(
        visit,
        "About these data",
        f"Every figure comes from the monthly returns of the trusts in “{facts['programme']}”, "
        f"from {wording.month_of(facts['first_month'])} onwards.",
        placeholders=True,
    )
    st.markdown(_RULES)
    page.section("What the words in the tables mean")
    words = [{"word": word, "means": means} for word, means in _STATES.items()]
    page.html(
        html(
            "Words shown in place of a number, and zero",
            (Column("word", "Word", row_header=True), Column("means", "What it means")),
            words,
        )
    )
    page.section("The measures")
    for measure in measures.all_of(visit).values():
        _measure(measure)
    page.section("The questions people are asked")
    page.html(html("Survey questions", _QUESTIONS, _dated(visit.ask(questions))))
    page.section("The standards wards and trusts rate themselves against")
    page.html(html("Statements", _STANDARDS, _dated(visit.ask(standards))))
    page.section("What helps", "Something to read or watch, by foundation.")
    what_helps.show_all()
    page.section("This release")
    page.facts(
        {
            "Release": facts["release_id"],
            "Built at": wording.moment(facts["built_at"]),
            "Built by version": facts["code_version"],
        }
    )


def _dated(rows: pl.DataFrame) -> list[dict[str, object]]:
    """Each wording with the days on which it is in use."""
    return [row | {"used": _used(row)} for row in rows.iter_rows(named=True)]


def _used(row: dict[str, object]) -> str:
    first, last = row["valid_from"], row["valid_to"]
    days = [f"from {wording.day_of(first)}"] if first else []
    days += [f"until {wording.day_of(last)}"] if last else []
    return wording.starting(" ".join(days)) or "Always"


def _measure(measure: dict[str, object]) -> None:
    with st.expander(f"{measure['name']} ({measure['measure']})"):
        pairs = {
            "Counted": measure["numerator_text"],
            "Out of": measure["denominator_text"] or "Nothing: it is a plain number.",
            "Why it matters": measure["why_it_matters"],
            "How it is calculated": measure["how_it_is_calculated"],
            "Reviewed": f"{wording.day_of(measure['reviewed'])}, by {measure['author']}; "
            f"next {wording.day_of(measure['next_review'])}",
        }
        items = "".join(f"<dt>{k}</dt><dd>{escape(str(v))}</dd>" for k, v in pairs.items())
        chart = "" if measure["restricted"] else _chart(str(measure["measure"]))
        page.html(f'<dl class="fs-definition">{items}</dl>{chart}')


def _chart(measure: str) -> str:
    return f"<p>{linked('See its figures', f'measure?measure={measure}')}</p>"
