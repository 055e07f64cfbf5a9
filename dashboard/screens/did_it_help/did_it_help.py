"""Did it help? Whether figures changed on wards that started something, and how sure that is."""

from dataclasses import replace
from functools import partial
from html import escape

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.charts import since_start
from dashboard.charts.table import Column, html
from dashboard.exports import effects
from dashboard.page import measures, page, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.starts import CHARTER, figures_around, kinds_started, left_out_around
from dashboard.screens.did_it_help import radar
from dashboard.words import effects as words
from dashboard.words import headlines, titles
from pipelines.effect.answer import Answer, answer
from pipelines.effect.terms import Terms
from pipelines.effect.told import told_by_month
from schemas import wording
from schemas.measures import Measure

_KINDS = {"percent": "proportion", "per_1000_bed_days": "rate"}
_TITLE = "Did it help?"
_WARD_NAME = pl.format("{} ({})", "ward_name", "ward_id")


def show() -> None:
    """Choose what was started and a measure: the answer, its chart, its checks and its files."""
    visit = session.admit("programme")
    heading = st.container()
    if visit.facts["data_to"] is None:
        page.open_screen(visit, _TITLE, "Nothing has been sent yet.")
        page.nothing_yet(visit, words.WILL_SHOW)
        return
    left, right = st.columns(2)
    with left:
        start = url_state.choose("What was started", visit.keep(_starts), "start")
    with right:
        about = measures.choose(visit, among=visit.keep(_measured))
    if about is None:
        with heading:
            page.open_screen(visit, _TITLE, headlines.NOTHING_TO_COMPARE)
        return
    code = str(about["measure"])
    found = visit.keep(_answer, start=start, measure=code)
    with heading:
        sentence = found.sentences[0] if found else words.NOTHING
        headline = words.headline(words.STARTS[start], about, sentence)
        page.open_screen(visit, _TITLE, headline)
    page.lead(words.counted_from(start))
    if found and found.answered:
        _answered(visit, found, start, about)
    else:
        page.html(f'<p class="fs-empty">{escape(words.NO_CHART)}</p>')
        if found and found.sentences[1:]:
            page.lead(" ".join(found.sentences[1:]))
    _wards(visit, start, code)
    heard = radar.panel(visit, code)
    if found:
        _files(visit, found, start, code, heard)


def _starts(visit: Visit) -> dict[str, str]:
    """What wards have started: a charter, and each kind of event that is recorded of one."""
    kinds = {CHARTER, *visit.ask(kinds_started)["kind"]}
    return {start: name for start, name in words.STARTS.items() if start in kinds}


def _measured(visit: Visit) -> tuple[str, ...]:
    """The measures that can be compared: percentages and rates of one month.

    Not those that are counted from the charter rows themselves.
    """
    return tuple(about.id for about in measures.definitions(visit) if _comparable(about))


def _comparable(about: Measure) -> bool:
    return about.unit in _KINDS and about.rolling_months == 1 and "stage" not in about.sent_fields


def _around(visit: Visit, start: str, measure: str) -> pl.DataFrame:
    return visit.ask(figures_around, start=start, measure=measure)


def _answer(visit: Visit, start: str, measure: str) -> Answer | None:
    """The answer of a measure, or None if it has no figure. It takes about a fifth of a second."""
    around = _around(visit, start, measure)
    if around.is_empty():
        return None
    without = visit.ask(left_out_around, start=start, measure=measure)
    names = {"unit": visit.keep(_ward_names), "cluster": visit.keep(_trusts)}
    told = replace(told_by_month(around, without), names=names)
    kind = _KINDS[measures.definition(visit, measure).unit]
    return answer(told, Terms(told.periods, kind, "ward", "trust", words.ADVICE))


def _trusts(visit: Visit) -> dict[str, str]:
    """The name of every trust, with its code where two have the same."""
    named = visit.ask(wards).select("trust_code", "trust_name").unique()
    full = pl.format("{} ({})", "trust_name", "trust_code")
    twice = pl.col("trust_name").is_duplicated()
    names = pl.when(twice).then(full).otherwise("trust_name")
    return dict(named.select("trust_code", names).iter_rows())


def _ward_names(visit: Visit) -> dict[str, str]:
    """The name of every ward, with its code."""
    return dict(visit.ask(wards).select("ward_id", _WARD_NAME).iter_rows())


def _answered(visit: Visit, found: Answer, start: str, about: dict[str, object]) -> None:
    page.section("Month by month since the start")
    code = str(about["measure"])
    page.show(visit.keep(_picture, start=start, measure=code), f"chart_since_{start}_{code}")
    page.section("What was compared, and how sure this is")
    items = "".join(f"<li>{escape(one)}</li>" for one in (*found.sentences[1:], words.CHANCE))
    page.html(f'<ul class="fs-links">{items}</ul>')
    expander = st.expander(
        "The answer without each trust", page.EXPANDED, key="without", on_change="rerun"
    )
    if expander.open:
        with expander:
            page.html(visit.keep(_without, start=start, measure=code))


def _picture(visit: Visit, start: str, measure: str) -> page.Chart:
    about = measures.all_of(visit)[measure]
    found = visit.keep(_answer, start=start, measure=measure)
    content = found.content
    kind, checks = content["measure_kind"], content["checks"]
    averages = [
        {"since": None, "clusters": content["compared"]["clusters_started"], **content["effect"]},
        *checks["placebo_by_period"],
        *content["by_period"],
    ]
    told = [
        {
            **average,
            "when": words.when(average["since"]),
            "read": words.reading(average["value"], kind),
            "interval": words.interval(average, kind),
            "trusts": wording.counted(average["clusters"], "trust"),
        }
        for average in averages
    ]
    rows = since_start.rows(told, kind)
    title = words.title(about, content)
    table = html(
        f"{about['name']}: differences by months since the start",
        (
            Column("when", "Month", row_header=True),
            Column("read", words.heading(kind), number=True),
            Column("interval", "95% interval", number=True),
            Column("trusts", "Based on", number=True),
        ),
        told,
    )
    return page.chart(
        title,
        page.Drawing(rows, since_start.spec(kind), f"{title}. {found.sentences[0]}"),
        table=table,
        kind="since_start",
        notes=(titles.direction(about), words.cut(since_start.cut_off(rows, told))),
    )


def _without(visit: Visit, start: str, measure: str) -> str:
    content = visit.keep(_answer, start=start, measure=measure).content
    kind = content["measure_kind"]
    without = content["checks"]["without_cluster"]
    rows = [{"trust": name, "read": words.reading(without[name], kind)} for name in sorted(without)]
    columns = (
        Column("trust", "Without", row_header=True),
        Column("read", words.heading(kind), number=True),
    )
    return html("The average without each trust, in order of name", columns, rows)


def _wards(visit: Visit, start: str, measure: str) -> None:
    """When each ward started, in an expander."""
    expander = st.expander(
        "When each ward started", page.EXPANDED, key="started", on_change="rerun"
    )
    if expander.open:
        with expander:
            page.html(visit.keep(_started, start=start, measure=measure))


def _started(visit: Visit, start: str, measure: str) -> str:
    around = _around(visit, start, measure).group_by("unit").agg(pl.col("adopted").first())
    found = visit.keep(_answer, start=start, measure=measure)
    why = words.left_out(found.left_out if found else ())
    known = around.with_columns(known=True)
    placed = visit.ask(wards).join(
        known, left_on="ward_id", right_on="unit", how="full", coalesce=True
    )
    twice = pl.struct("trust_code", "ward_name").is_duplicated() & pl.col("ward_name").is_not_null()
    shown = pl.when(twice).then(_WARD_NAME).otherwise(pl.coalesce("ward_name", "ward_id"))
    rows = [
        {
            "ward": row["shown"],
            "trust": row["trust_name"],
            "since": words.since(row["adopted"], why.get(row["ward_id"])),
        }
        for row in placed.with_columns(shown=shown)
        .sort("trust_name", "ward_name", "ward_id")
        .iter_rows(named=True)
        if row["known"] or row["ward_id"] in why
    ]
    columns = (
        Column("ward", "Ward", row_header=True),
        Column("trust", "Trust"),
        Column("since", "Started in"),
    )
    return html(f"{words.STARTS[start]}: when each ward started", columns, rows)


def _files(
    visit: Visit, found: Answer, start: str, measure: str, heard: pl.DataFrame | None
) -> None:
    page.section("Downloads", words.FILES)
    about = {"start": start, "measure": measure}
    with st.container(horizontal=True):
        if found.answered:
            _file(visit, "answer", effects.answer(found.content), about)
        _file(visit, "figures", visit.keep(_figures, **about), about)
        if heard is not None:
            _file(visit, "radar", effects.figures(heard), {"start": "ideas", "measure": measure})


def _figures(visit: Visit, start: str, measure: str) -> bytes:
    return effects.figures(_around(visit, start, measure))


def _file(visit: Visit, what: str, content: bytes, about: dict[str, str]) -> None:
    release = str(visit.facts["release_id"])
    target = {"what": f"effect {what} {about['start']}", "audience": "programme", "kind": "csv"}
    st.download_button(
        words.DOWNLOAD[what],
        content,
        effects.name(what, about["start"], about["measure"], visit.facts),
        "text/csv",
        key=f"download_{what}",
        on_click=partial(
            audit.record, "export", visit.scope, release, measure=about["measure"], **target
        ),
    )
