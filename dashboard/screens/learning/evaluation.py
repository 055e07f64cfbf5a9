"""What people said about the sessions: each question's answers, and forum by forum."""

from collections.abc import Iterable
from html import escape

import polars as pl
import streamlit as st

from dashboard.charts import bars
from dashboard.charts.table import Column, html
from dashboard.page import page, url_state
from dashboard.page.session import Visit
from dashboard.queries.learning import answers, reached
from dashboard.words import learning as words
from schemas import wording
from schemas.forums import COMMENT, GROUPS, SCALES

_COMMENTS = (
    Column("answer", "In their own words", row_header=True),
    Column("people", "People", number=True),
)
_BEFORE_SHARING = (
    "As people wrote them. Names and telephone numbers were left out when they were uploaded, but "
    "read each comment before you show it to anyone: the words may still point to a person."
)
Given = tuple[str, str, dict[int, int], int]  # a name, its scale, counts by place, and how many


def of_forum(visit: Visit, forum: str) -> None:
    """The answers to every question of one forum, and the comments."""
    found = visit.ask(answers).filter(forum=forum)
    page.section("What people said", visit.keep(_response, forum=forum))
    if found.is_empty():
        return
    for scale in SCALES:
        if scale in found["scale"]:
            page.show(visit.keep(_of_forum, forum=forum, scale=scale), f"chart_answers_{scale}")
    for question in found.filter(scale=COMMENT)["text"].unique(maintain_order=True):
        _comments(visit, forum, question)


def over_time(visit: Visit) -> None:
    """One question from forum to forum."""
    asked = visit.keep(_asked)
    if not asked:
        return
    page.section(
        "From forum to forum",
        "A question is the same if its words are the same. Different people may have answered.",
    )
    question = url_state.choose("Question", asked, "question")
    page.show(visit.keep(_over_time, text=asked[question]), "chart_over_time")


def _response(visit: Visit, forum: str) -> str:
    found = visit.ask(answers).filter(forum=forum)
    if found.is_empty():
        return "No evaluation of this forum has been uploaded."
    counts = visit.ask(reached).filter(forum=forum).row(0, named=True)
    known = [counts[group] for group in GROUPS if counts[group] is not None]
    answered = found["answered"].max()
    return f"{words.response(answered, sum(known) if known else None)} {words.PLACEHOLDER}"


def _of_forum(visit: Visit, forum: str, scale: str) -> page.Chart:
    found = visit.ask(answers).filter(forum=forum, scale=scale)
    given = list(_given(found, ["question", "text"], lambda row: row["text"]))
    return _chart(scale, given, "question")


def _over_time(visit: Visit, text: str) -> page.Chart:
    found = visit.ask(answers).filter(text=text)
    scale = found["scale"][-1]
    about = ["forum", "day", "title"]
    given = list(_given(found.filter(scale=scale), about, _forum_named))
    return _chart(scale, given, "forum")


def _forum_named(row: dict[str, object]) -> str:
    return f"{wording.day_of(row['day'])}: {row['title']}"


def _given(
    found: pl.DataFrame, about: list[str], name
) -> Iterable[tuple[str, dict[int, int], int]]:
    """For each question or forum: its name, counts by place, and how many answered."""
    for _, rows in found.partition_by(about, as_dict=True, maintain_order=True).items():
        shown = rows.drop_nulls("place")
        counts = dict(shown.select("place", "people").iter_rows())
        yield name(rows.row(0, named=True)), counts, rows["answered"][0]


def _chart(scale: str, given: list[tuple[str, dict[int, int], int]], one: str) -> page.Chart:
    title = words.spread(scale, (words.share(c) for _, c, _ in given if c), one)
    drawn = bars.answer_rows(
        scale, [(name, words.under(scale, counts, n), counts) for name, counts, n in given]
    )
    said = [f"{name}: {words.under(scale, counts, n)}." for name, counts, n in given]
    columns = (
        Column("name", wording.starting(one), row_header=True),
        *(Column(str(p), answer, number=True) for p, answer in enumerate(SCALES[scale], 1)),
        Column("answered", "Answered", number=True),
    )
    rows = [
        {"name": name, "answered": f"{n:,}"}
        | {str(p): f"{counts.get(p, 0):,}" if counts else "not shown" for p in range(1, 6)}
        for name, counts, n in given
    ]
    return page.chart(
        title,
        page.Drawing(drawn, bars.answers(scale), f"Chart of answers. {title}. {' '.join(said)}"),
        table=html(f"Answers, by {one}", columns, rows),
        kind="answers",
    )


def _asked(visit: Visit) -> dict[str, str]:
    """The questions on a scale that two forums or more had, by number; the latest first."""
    scaled = visit.ask(answers).filter(pl.col("scale") != COMMENT)
    several = scaled.group_by("text", maintain_order=True).agg(
        forums=pl.col("forum").n_unique(), last=pl.col("day").max(), first=pl.col("question").min()
    )
    several = several.filter(pl.col("forums") > 1).sort("last", "first", descending=[True, False])
    return {str(n): text for n, text in enumerate(several["text"], 1)}


def _comments(visit: Visit, forum: str, question: str) -> None:
    found = visit.ask(answers).filter(forum=forum, scale=COMMENT, text=question)
    n = found["answered"][0]
    st.html(f'<h3 class="fs-takeaway">{escape(question)}</h3>')
    if found["answer"].is_null().all():
        page.html(f'<p class="fs-empty">{words.TOO_FEW} ({n:,}).</p>')
        return
    label = f"Show what {wording.counted(n, 'person', 'people')} wrote"
    expander = st.expander(label, key=f"comments_{found['question'][0]}", on_change="rerun")
    if expander.open:
        with expander:
            page.lead(_BEFORE_SHARING)
            rows = found.select("answer", "people").to_dicts()
            page.html(html(question, _COMMENTS, rows))
