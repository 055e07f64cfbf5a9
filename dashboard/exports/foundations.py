"""Ratings against the standards, and staff confidence by item, as files that are never shared."""

from collections.abc import Mapping

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.charters import ratings_sent
from dashboard.queries.confidence import items_sent
from dashboard.words import caveats
from dashboard.words.confidence import NOT_PROOF
from schemas import wording
from schemas.vocabularies import EVIDENCE, RATED_BY, RATING

TITLES = {
    "ratings": "Ratings against the standards",
    "confidence": "Staff confidence, item by item",
}
_OWN = {
    "ratings": "What wards and trusts say of themselves: for them and the programme. Do not share.",
    "confidence": "Exact counts of staff. Keep the file where only people who work with these "
    "figures can open it, and do not pass it on.",
}
_NONE = {
    "ratings": "No rating against the standards has been sent here yet.",
    "confidence": "No answers to single items of the confidence survey have been sent here yet.",
}
_NOT_SHARED = (
    "Ratings and answers to single items are for the people whose they are: there is no file of "
    "them for sharing. “Standards met” and “Staff confident” are in the table of figures."
)


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """The file, a row for each rating or item as sent; raises CannotMake if there is none."""
    if order.shared:
        raise CannotMake(_NOT_SHARED)
    found = ask(ratings_sent if order.what == "ratings" else items_sent)
    if order.trust:
        found = found.filter(pl.col("trust_code") == order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    if found.is_empty():
        raise CannotMake(_NONE[order.what])
    rows = _ratings(found) if order.what == "ratings" else _items(found)
    if order.kind == "csv":
        return tables.csv(rows)
    title = TITLES[order.what]
    placeholder = (
        ["The words are placeholders until the programme enters its own."]
        if found["is_placeholder"].any()
        else []
    )
    built = f"Built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    proof = [NOT_PROOF] if order.what == "confidence" else []
    about = [*caveats.made_up(facts), _OWN[order.what], *placeholder, *proof, built]
    sheet = workbook.Sheet(title.partition(",")[0], title, rows)
    return workbook.xlsx(f"{facts['programme']}: {title}", about, [sheet], facts["built_at"])


def _place() -> list[pl.Expr]:
    return [
        pl.col("trust_code").alias("Trust code"),
        pl.col("trust_name").alias("Trust"),
        pl.col("ward_id").fill_null("").alias("Ward code"),
        pl.col("ward_name").fill_null("").alias("Ward"),
        pl.col("month").dt.strftime("%Y-%m").alias("Month"),
    ]


def _ratings(found: pl.DataFrame) -> pl.DataFrame:
    """Ratings under the headings that people read."""
    return found.select(
        *_place(),
        pl.col("set_title").alias("Standards"),
        pl.col("level").str.to_titlecase().alias("Rated as"),
        pl.col("org_code").alias("Code of what was rated"),
        pl.col("group_title").alias("Foundation"),
        pl.col("statement_id").alias("Statement code"),
        pl.col("short_text").alias("Statement"),
        pl.col("rating").replace_strict(RATING).alias("Rating"),
        pl.col("evidence_type").replace_strict(EVIDENCE, default="Not said").alias("Evidence"),
        pl.col("rated_by").replace_strict(RATED_BY, default="Not said").alias("Rated by"),
        pl.col("assessed_on").dt.strftime("%Y-%m-%d").fill_null("No date").alias("Rated on"),
        pl.col("action_due").dt.strftime("%Y-%m-%d").fill_null("No date").alias("Action due"),
        pl.col("return_id").alias("Return"),
    )


def _items(found: pl.DataFrame) -> pl.DataFrame:
    """Answers by item under the headings that people read."""
    counts = {
        "before_answered": "Answered before",
        "before_confident": "Confident before",
        "item_answered": "Answered",
        "item_confident": "Confident",
    }
    return found.select(
        *_place(),
        pl.coalesce("text", "question_id").alias("What staff were asked"),
        *(
            pl.col(name).cast(pl.String).fill_null("not asked").alias(title)
            for name, title in counts.items()
        ),
        pl.col("return_id").alias("Return"),
    )
