"""About these data: what they are, what they are not, and what every measure means."""

from datetime import timedelta
from html import escape

import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import as_at, measures, page, session
from dashboard.page.session import Visit
from dashboard.queries.organisations import questions, standards
from schemas import wording

_QUESTIONS = (
    Column("asked_of", "Asked of", row_header=True),
    Column("text", "Question"),
    Column("answers", "Answers offered"),
    Column("counts_as_safe", "Counted as yes"),
)
_STANDARDS = (
    Column("group_title", "Foundation"),
    Column("short_text", "Statement", row_header=True),
    Column("applies_to", "Applies to"),
)
_STATES = {
    "0": "Something was counted and there was none of it.",
    "Nil return": "The ward confirmed that there were no incidents.",
    "No data": "The ward was open and nothing was sent, or nothing was collected.",
    "Not applicable": "The measure has nothing to count: no incident, so no support to offer.",
    "Ward closed": "The ward was not open, or not yet in the programme.",
    "Programme paused": "The whole programme stood still; no line or run crosses it.",
    "Hidden: small numbers": "Shown to nobody outside the trust and the programme team.",
}
_RULES = """
**How a change is told from chance.** From 12 months on, a series has an average and limits
(the average plus and minus 2.66 times the mean difference between neighbouring months). A month
stands out when it lies beyond a limit, is part of seven on one side of the average or seven going
one way, or is one of two out of three near a limit. From 6 to 11 months there is a median and a
check for long runs; below 6 there are only the points. New limits are never started by a machine:
a person does it, with a reason.

**Who sees what.** A trust sees its own figures exactly and its peers only as a spread that names
nobody and is hidden where there are too few wards. The programme team sees every figure, with a
standing notice. Nothing shared or public holds a small number.

**What these data are not.** They are management information for improvement, not official
statistics. They say what was reported, not all that happened; more reports can mean more trust in
reporting. Wards differ in whom they care for, so there are no ranks here, and no colours for good
and bad.

**How figures are revised.** Every version of a return is kept, the newest one in use counts, and
figures are provisional until the month is final. Choose a point on a chart or a figure in a table
to see which cells of which workbook it came from, who sent it and when.
"""


def show() -> None:
    """Source, definitions, rules and limits, for every role."""
    visit = session.admit("programme", "trust", "region")
    facts = visit.facts
    page.headline(
        visit,
        "About these data",
        f"Every figure comes from the monthly returns of the trusts in “{facts['programme']}”, "
        f"from {wording.month_of(facts['first_month'])} on.",
        placeholders=True,
    )
    st.markdown(_RULES)
    page.section("What the words in the tables mean")
    words = [{"word": word, "means": means} for word, means in _STATES.items()]
    page.html(
        html(
            "Each of these means something of its own",
            (Column("word", "Word", row_header=True), Column("means", "What it means")),
            words,
        )
    )
    page.section("The measures")
    for measure in measures.all_of(visit).values():
        _measure(measure)
    page.section("The questions people are asked")
    page.html(html("Survey questions", _QUESTIONS, visit.ask(questions).to_dicts()))
    page.section("The standards wards rate themselves against")
    page.html(html("Statements", _STANDARDS, visit.ask(standards).to_dicts()))
    _another_day(visit)
    page.section("This release")
    page.facts(
        {
            "Release": facts["release_id"],
            "Built at": wording.moment(facts["built_at"]),
            "Made by version": facts["code_version"],
        }
    )


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
        st.html(f'<dl class="fs-definition">{items}</dl>')


def _another_day(visit: Visit) -> None:
    """A date, and what it will show; the form of “About these data”."""
    if visit.scope.role not in as_at.ROLES:
        return
    first, last = visit.facts["first_month"], session.today() - timedelta(days=1)
    page.section(
        "As known on another day",
        "Every figure as it was at the end of a day in the past: without the returns, corrections "
        "and decisions that came later. What you may see is decided by today’s register.",
        anchor="another-day",
    )
    if last < first:
        page.html('<p class="fs-note">The programme has no earlier day yet.</p>')
        return
    with st.form("another_day", border=False):
        day = st.date_input(
            "Day",
            value=visit.facts["as_at"] or last,
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            key="another_day_chosen",
        )
        asked = st.form_submit_button("Show the figures of that day")
    page.html(
        f'<p class="fs-note">Any day from {wording.day_of(first)} to {wording.day_of(last)}. '
        "The first look at a day takes a few seconds.</p>"
    )
    if asked:
        as_at.go(day)
        st.rerun()
