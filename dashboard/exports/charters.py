"""Every ward's charter as a file that is never shared: how far it has come, and who took part.

Anybody who reads that a ward's charter led to conversations knows that it is in place, and SS-P1 of
one ward is hidden in every file for sharing.
"""

from collections.abc import Mapping

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.charters import charters_now
from dashboard.words import caveats
from schemas import wording
from schemas.sheets.charter import PARTNERS
from schemas.vocabularies import CHARTER_STAGE

TITLE = "Charters, ward by ward"
_EXACT = (
    "Exact counts of people. Keep the file where only people who work with these figures can open "
    "it, and do not pass it on."
)
_NOT_SHARED = (
    "Charters are for the people whose they are: there is no file of them for sharing, as their "
    "counts say whether a ward’s charter is in place. “Ward charter in place” is in the table of "
    "figures."
)
_COUNTS = {
    "patients_n": "Patients who took part",
    "staff_n": "Staff who took part",
    "carers_n": "Carers who took part",
    "conversations_n": "Conversations it led to so far",
    "changes_n": "Changes it led to so far",
}


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """The file, a row for each open ward; raises CannotMake if there is none."""
    if order.shared:
        raise CannotMake(_NOT_SHARED)
    found = ask(charters_now)
    if order.trust:
        found = found.filter(pl.col("today_trust") == order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    if found.is_empty():
        raise CannotMake("No ward here has reported on a charter yet.")
    rows = _rows(found)
    if order.kind == "csv":
        return tables.csv(rows)
    built = f"Built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    about = [*caveats.made_up(facts), _EXACT, built]
    sheet = workbook.Sheet("Charters", TITLE, rows)
    return workbook.xlsx(f"{facts['programme']}: {TITLE}", about, [sheet], facts["built_at"])


def _rows(found: pl.DataFrame) -> pl.DataFrame:
    """The charters under the headings that people read."""
    together = {f"With {field.removeprefix('coproduced_')}": field for field in PARTNERS}
    return found.select(
        pl.col("today_trust").alias("Trust code"),
        pl.col("ward_id").alias("Ward code"),
        pl.col("ward_name").alias("Ward"),
        pl.col("month").dt.strftime("%Y-%m").alias("Month"),
        pl.col("stage").replace_strict(CHARTER_STAGE).alias("Stage"),
        _yes_no("in_place").alias("In place"),
        *(_yes_no(field).alias(title) for title, field in together.items()),
        pl.col("coproduced_on")
        .dt.strftime("%Y-%m-%d")
        .fill_null("no date")
        .alias("Last worked on together"),
        *(
            pl.col(name).cast(pl.String).fill_null("not counted").alias(title)
            for name, title in _COUNTS.items()
        ),
    )


def _yes_no(name: str) -> pl.Expr:
    words = pl.when(pl.col(name)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return pl.when(pl.col(name).is_null()).then(pl.lit("not answered")).otherwise(words)
