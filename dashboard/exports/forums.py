"""Learning forums as files: who came from which trust and ward, and what people said.

Both are exact: there is no file of them for sharing.
"""

from collections.abc import Mapping

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.learning import answers, attendance
from dashboard.words import caveats
from dashboard.words import learning as words
from schemas import wording
from schemas.forums import COMMENT, GROUPS

_EXACT = (
    "Exact counts of people. Keep the file where only people who work with these figures can open "
    "it, and do not pass it on."
)
_EACH_ROW = (
    "Each row is one answer to one question, with how many people gave it. Which answers came from "
    "one person is not known."
)
_ABOUT = {
    "attendance": (_EXACT, "“Not counted” is not the same as 0: nobody wrote a number down."),
    "evaluation": ("For the programme team only: do not pass the file on.", _EACH_ROW),
}
_TITLE = {"attendance": "Who came to learning forums", "evaluation": "What people said"}


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """The file of one of the two; raises CannotMake if there is nothing to put in it."""
    frame = _attendance(ask, order.trust) if order.what == "attendance" else _evaluation(ask)
    if frame.is_empty():
        raise CannotMake("There is nothing of this kind yet: see the screen Learning.")
    if order.kind == "csv":
        return tables.csv(frame)
    about = [
        *caveats.made_up(facts),
        *_ABOUT[order.what],
        f"Made from release {facts['release_id']}, built at {wording.moment(facts['built_at'])}.",
    ]
    sheet = workbook.Sheet(order.what.capitalize(), _TITLE[order.what], frame)
    return workbook.xlsx(
        f"{facts['programme']}: {_TITLE[order.what]}", about, [sheet], facts["built_at"]
    )


def _attendance(ask: Ask, trust: str | None) -> pl.DataFrame:
    found = ask(attendance)
    if trust:
        found = found.filter(trust_code=trust)
    counts = (
        pl.col(group).cast(pl.Int64).cast(pl.String).fill_null(words.NOT_COUNTED).alias(title)
        for group, title in GROUPS.items()
    )
    return found.select(
        pl.col("forum").alias("Forum"),
        pl.col("day").dt.strftime("%Y-%m-%d").alias("Date"),
        pl.col("title").alias("Title"),
        pl.col("trust_code").alias("Trust code"),
        pl.col("trust_name").alias("Trust"),
        pl.col("ward_id").fill_null("not known").alias("Ward code"),
        pl.col("ward_name").fill_null("not known").alias("Ward"),
        *counts,
    )


def _evaluation(ask: Ask) -> pl.DataFrame:
    hidden = pl.col("answer").is_null()
    return ask(answers).select(
        pl.col("forum").alias("Forum"),
        pl.col("day").dt.strftime("%Y-%m-%d").alias("Date"),
        pl.col("title").alias("Title"),
        pl.col("question").alias("Question number"),
        pl.col("text").alias("Question"),
        pl.col("scale").replace({COMMENT: "own words"}).alias("Scale"),
        pl.when(hidden).then(pl.lit(words.TOO_FEW)).otherwise("answer").alias("Answer"),
        pl.col("people").cast(pl.String).fill_null("not shown").alias("People"),
        pl.col("answered").alias("Answered the question"),
    )
