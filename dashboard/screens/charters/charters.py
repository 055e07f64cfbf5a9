"""Charters and foundations: how far they have spread, and whether they made a difference."""

import polars as pl
import streamlit as st

from dashboard.charts import adoption, bars, stacked
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import measures, page, session
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import confidence_items, figure_source, process_chart, unit_charts, what_helps
from dashboard.panels.ward_charter import PARTS, TOGETHER
from dashboard.queries.charters import adoption as stages_by_month
from dashboard.queries.charters import charters_now, ratings
from dashboard.screens.charters import before_after, foundations
from dashboard.words import alt, headlines
from dashboard.words.standards import progress
from schemas import wording
from schemas.periods import Month
from schemas.vocabularies import CHARTER_STAGE

_STAGES = (
    Column("stage", "Stage", row_header=True),
    Column("wards", "Wards", number=True),
)
_PARTS = (
    Column("part", "Part", row_header=True),
    Column("yes", "Yes", number=True),
    Column("no", "No", number=True),
    Column("unknown", "Not answered", number=True),
)
_COUNTED_SO_FAR = {
    "patients_n": "Patients who took part",
    "staff_n": "Staff who took part",
    "carers_n": "Carers who took part",
    "conversations_n": "Conversations about sexual safety",
    "changes_n": "Changes on wards",
}
_SO_FAR = (
    Column("what", "What", row_header=True),
    Column("number", "Number", number=True),
    Column("wards", "Counted by", number=True),
)
_RATINGS = (
    Column("name", "Group of statements", row_header=True),
    Column("part", "Rating"),
    Column("read", "Ratings", number=True),
)
_SIDE_BY_SIDE = 2
_RATED = {"ward": "open ward", "site": "site", "trust": "trust"}
_RATED_ALONE = {"ward": "of wards", "site": "of sites", "trust": "of trusts as a whole"}
_ONE_MONTH = "The measure “Standards met” counts only these, and only those sent in one month."
_MOST_NOT_ASSESSED = 0.2  # above this share a single percentage would mislead
_ADOPTION = (
    Column("when", "Month", row_header=True),
    Column("read", "With a charter in place", number=True, markup=True),
)


def show() -> None:
    """Adoption, stages, contents, co-production, before and after, standards and confidence."""
    visit = session.admit("programme")
    page.open_screen(visit, "Charters and foundations", visit.keep(_headline), placeholders=True)
    if visit.ask(stages_by_month).is_empty():
        st.info(
            "There is nothing to show until the first return that reports on a charter arrives. "
            "This screen will then show how many wards have one in place, what charters contain "
            "and who wrote them, what changed afterwards, the four foundations, and ratings "
            "against the standards."
        )
        return
    figure_source.show_chart(visit, visit.keep(_adoption), "chart_adoption")
    page.show(visit.keep(_stages), "chart_stages")
    if visit.keep(_some_missing):
        what_helps.show("charter")
    page.section("What charters contain, and who wrote them", visit.keep(_together))
    page.cached(visit, _parts)
    page.cached(visit, _took_part)
    before_after.show(visit)
    foundations.show(visit)
    _standards(visit)
    for measure in measures.in_use(visit, (measures.CONFIDENT,)):
        page.section("Staff confidence", "Staff who are confident to address sexual safety.")
        process_chart.alone(visit, measure)
        if unit_charts.confidence_fell(visit, "programme", "programme"):
            what_helps.show("confidence")
    confidence_items.show(visit)


def _headline(visit: Visit) -> str:
    return headlines.charters(visit.ask(stages_by_month))


def _some_missing(visit: Visit) -> bool:
    """Whether a charter is not in place on every ward that reported last."""
    stages = visit.ask(stages_by_month)
    now = stages.filter(pl.col("month") == stages["month"].max())
    return bool(now["in_place"].sum() < now["wards"].sum())


def _adoption(visit: Visit) -> page.Chart:
    stages = visit.ask(stages_by_month)
    span = stages["month"].unique().sort().to_list()
    rows = adoption.rows(stages)
    traced = measures.CHARTER_IN_PLACE in measures.all_of(visit)
    return page.chart(
        f"A charter is in place on {rows[-1]['read']} in {wording.month_of(span[-1])}",
        page.Drawing(
            rows,
            adoption.spec(),
            alt.series("wards with a charter in place", span, headlines.charters(stages)),
        ),
        table=html(
            "Charters in place, newest month first",
            _ADOPTION,
            [{**row, "read": _read(row, traced=traced)} for row in rows[:0:-2]],
        ),
        kind="adoption",
        figures={(str(row["month"]),): (_in_place_in(row),) for row in rows} if traced else None,
    )


def _read(row: dict[str, object], *, traced: bool) -> str:
    read = str(row["read"])
    return linked(read, figure_source.address(_in_place_in(row))) if traced else read


def _in_place_in(row: dict[str, object]) -> FigureReference:
    """The figure of wards with a charter in place in the month of a row."""
    month = Month.parse(str(row["month"])[:7])
    return FigureReference(
        "programme", "programme", "the whole programme", measures.CHARTER_IN_PLACE, month
    )


def _stages(visit: Visit) -> page.Chart:
    stages = visit.ask(stages_by_month)
    span = stages["month"].unique().sort().to_list()
    now = stages.filter(pl.col("month") == span[-1])
    counts = dict(now.select("stage", "wards").iter_rows())
    most, all_of_them = max(counts, key=counts.__getitem__), sum(counts.values())
    words = CHARTER_STAGE[most].lower()
    title = f"The most common stage is “{words}”: {counts[most]:,} of {all_of_them:,} wards"
    rows = [
        {"stage": words, "wards": f"{counts.get(stage, 0):,}"}
        for stage, words in CHARTER_STAGE.items()
    ]
    return page.chart(
        title,
        page.Drawing(
            stacked.charter_stage_rows(stages),
            stacked.charter_stages(),
            alt.series("wards at each stage of their charter", span, title),
        ),
        table=html(f"Stages in {wording.month_of(span[-1])}", _STAGES, rows),
        notes=(_co_produced(now),),
        kind="charter_stages",
    )


def _co_produced(now: pl.DataFrame) -> str:
    """Why fewer charters count as in place than have reached the last two stages."""
    there = now.filter(pl.col("stage").is_in(["displayed", "under_review"]))
    reached, in_place = int(there["wards"].sum()), int(there["in_place"].sum())
    if reached == in_place:
        return ""
    return (
        f"{wording.of_them(in_place, reached, 'charter')} displayed or under review "
        f"{'was' if in_place == 1 else 'were'} co-produced with patients, as a charter must be to "
        "count as in place."
    )


def _together(visit: Visit) -> str:
    every = visit.ask(charters_now)["coproduced_patients"]
    answered = every.drop_nulls()
    return (
        f"{wording.of_them(int(answered.sum()), answered.len(), 'ward')} that answered wrote "
        f"theirs together with patients; {every.null_count():,} gave no answer."
    )


def _parts(visit: Visit) -> str:
    now = visit.ask(charters_now)
    wrote = {f"Written together with {who}": field for field, who in TOGETHER.items()}
    holds = {words: field for field, words in PARTS.items()}
    rows = [
        {
            "part": words,
            "yes": f"{now[field].sum():,}",
            "no": f"{(~now[field]).sum():,}",
            "unknown": f"{now[field].null_count():,}",
        }
        for words, field in (wrote | holds).items()
    ]
    return html(f"The latest answer of {wording.counted(now.height, 'open ward')}", _PARTS, rows)


def _took_part(visit: Visit) -> str:
    """How many people took part, and what charters have led to, on the wards that counted it."""
    now = visit.ask(charters_now)
    rows = [
        {
            "what": words,
            "number": f"{now[field].sum():,}" if now[field].count() else "No ward counted it",
            "wards": wording.of_them(now[field].count(), now.height, "open ward"),
        }
        for field, words in _COUNTED_SO_FAR.items()
    ]
    return html("Who took part, and what charters have led to so far", _SO_FAR, rows)


def _standards(visit: Visit) -> None:
    """The latest ratings against each set of standards, by whom it is for, side by side."""
    found = visit.keep(_sets)
    levels = wording.listed([_RATED_ALONE[level] for level, _ in found], nothing="")
    page.section("Standards", f"Sets of standards: {levels}." if len(found) > 1 else "")
    if not found:
        page.html(html("Ratings against the standards", _RATINGS, []))
    beside = min(len(found), _SIDE_BY_SIDE)
    for number, (level, title) in enumerate(found):
        if number % _SIDE_BY_SIDE == 0:
            columns = st.columns(beside)
        with columns[number % _SIDE_BY_SIDE]:
            drawn = visit.keep(_rated, level=level, of_set=title)
            page.show(drawn, f"chart_standards_{number}")


def _sets(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Each level and set that was rated, wards first."""
    rated = visit.ask(ratings).select("level", "set_title").unique(maintain_order=True)
    return tuple(rated.iter_rows())


def _rated(visit: Visit, level: str, of_set: str) -> page.Chart:
    rated = visit.ask(ratings).filter(pl.col("level") == level, pl.col("set_title") == of_set)
    rows = bars.standard_rows(rated)
    counted = rated.filter(pl.col("rating").is_in(["met", "partly_met", "not_met"]))
    unassessed = rated.filter(pl.col("rating") == "not_assessed").height
    met = counted.filter(pl.col("rating") == "met").height
    bodies = rated.select("trust_code", "ward_id", "org_code").n_unique()
    usual = session.programme().standards_set in rated["set_id"]
    return page.chart(
        f"{of_set}: {_rated_title(met, counted.height, unassessed, rated.height)}",
        page.Drawing(
            rows,
            bars.standards(),
            f"Bar chart of ratings by group. {met} of {counted.height} rated statements "
            f"are met; {unassessed} were not assessed.",
        ),
        table=html("Ratings against the standards", _RATINGS, rows),
        kind="standards",
        notes=(
            f"The latest ratings of {wording.counted(bodies, _RATED[level])}.",
            progress(rated.iter_rows(named=True)),
            _ONE_MONTH if usual else "",
        ),
    )


def _rated_title(met: int, counted: int, unassessed: int, every: int) -> str:
    if unassessed > _MOST_NOT_ASSESSED * every:
        return f"{unassessed:,} of {every:,} ratings are “not assessed”: too many for one figure"
    return f"{met:,} of {counted:,} rated statements are met"
