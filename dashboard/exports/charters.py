"""Every ward's charter as a file: how far it has come, who took part and what it has led to.

In the edition for sharing small counts are hidden and the others rounded. It has no totals, so
nothing can be worked out by subtraction. It doesn't say how far a charter has come, nor with whom
it was made: whether one ward's charter is in place (SS-P1) is hidden in every file for sharing.
"""

from collections.abc import Mapping

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.charters import charters_now
from dashboard.words import caveats
from schemas import wording
from schemas.disclosure import MARKER
from schemas.programme import DisclosurePolicy
from schemas.sheets.charter import PARTNERS
from schemas.small_numbers import nearest
from schemas.vocabularies import CHARTER_STAGE

TITLE = "Charters, ward by ward"
_EXACT = (
    "Exact counts of people. Keep the file where only people who work with these figures can open "
    "it, and do not pass it on."
)
_COUNTS = {
    "patients_n": "Patients who took part",
    "staff_n": "Staff who took part",
    "carers_n": "Carers who took part",
    "conversations_n": "Conversations it led to so far",
    "changes_n": "Changes it led to so far",
}
_NOT_COUNTED = "not counted"


def content(ask: Ask, facts: Mapping[str, object], policy: DisclosurePolicy, order: Order) -> bytes:
    """The file, a row for each open ward; raises CannotMake if there is none."""
    found = ask(charters_now)
    if order.trust:
        found = found.filter(pl.col("today_trust") == order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    if found.is_empty():
        raise CannotMake("No ward here has reported on a charter yet.")
    rows = _rows(found, policy if order.shared else None)
    if order.kind == "csv":
        return tables.csv(rows)
    built = f"Built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    about = [*caveats.made_up(facts), _rounded(policy) if order.shared else _EXACT, built]
    sheet = workbook.Sheet("Charters", TITLE, rows)
    return workbook.xlsx(f"{facts['programme']}: {TITLE}", about, [sheet], facts["built_at"])


def _rows(found: pl.DataFrame, policy: DisclosurePolicy | None) -> pl.DataFrame:
    """The charters under the headings that people read, masked by a policy if there is one."""
    together = {f"With {field.removeprefix('coproduced_')}": field for field in PARTNERS}
    exact = (
        pl.col("stage").replace_strict(CHARTER_STAGE).alias("Stage"),
        _yes_no("in_place").alias("In place"),
        *(_yes_no(field).alias(title) for title, field in together.items()),
        pl.col("coproduced_on")
        .dt.strftime("%Y-%m-%d")
        .fill_null("no date")
        .alias("Last worked on together"),
    )
    return found.select(
        pl.col("today_trust").alias("Trust code"),
        pl.col("ward_id").alias("Ward code"),
        pl.col("ward_name").alias("Ward"),
        pl.col("month").dt.strftime("%Y-%m").alias("Month"),
        *(exact if policy is None else ()),
        *(_count(name, policy).alias(title) for name, title in _COUNTS.items()),
    )


def _yes_no(name: str) -> pl.Expr:
    words = pl.when(pl.col(name)).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return pl.when(pl.col(name).is_null()).then(pl.lit("not answered")).otherwise(words)


def _count(name: str, policy: DisclosurePolicy | None) -> pl.Expr:
    """A count, or a word where nobody counted; for sharing a small one is hidden, zero included."""
    number = pl.col(name)
    if policy is None:
        return number.cast(pl.String).fill_null(_NOT_COUNTED)
    rounded = nearest(number, policy).cast(pl.Int64).cast(pl.String)
    small = pl.when(number < policy.smallest_count).then(pl.lit(MARKER)).otherwise(rounded)
    return pl.when(number.is_null()).then(pl.lit(_NOT_COUNTED)).otherwise(small)


def _rounded(policy: DisclosurePolicy) -> str:
    return (
        f"For sharing: counts below {policy.smallest_count} are hidden ({MARKER}), zeros too; the "
        f"others are rounded to the nearest {policy.round_to}. Stages are left out, as whether one "
        "ward’s charter is in place is not shown to protect small numbers."
    )
