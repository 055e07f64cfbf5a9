"""Who was affected, by whom, as a file: the table that the screens show, for each trust."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.organisations import wards
from dashboard.queries.pairs import covered_by_pairs, who_by_whom
from dashboard.words import caveats
from dashboard.words.pairs import AFFECTED, BY, ONLY_YOU, TWICE
from schemas import wording
from schemas.sheets.pairs import HEADING

_NONE = "Nobody has counted who was affected, by whom, in the last twelve months."
_NOT_SHARED = (
    "Who was affected, by whom, is for the trust itself and the programme team: there is no file "
    "of it for sharing."
)


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """The file, twelve rows for each trust: twelve months together, and not ward by ward.

    Raises CannotMake if it is for sharing or if there is nothing.
    """
    if order.shared:
        raise CannotMake(_NOT_SHARED)
    last = facts["data_to"]
    if not isinstance(last, date):
        raise CannotMake(_NONE)
    trusts = ask(wards).select("trust_code", "trust_name").unique().sort("trust_code")
    if order.trust:
        trusts = trusts.filter(trust_code=order.trust)
    found = [_rows(ask, last, code, name) for code, name in trusts.rows() if code and name]
    rows = pl.concat(found) if found else pl.DataFrame()
    if rows.is_empty():
        raise CannotMake(_NONE)
    if order.kind == "csv":
        return tables.csv(rows)
    built = f"Built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    about = [*caveats.made_up(facts), ONLY_YOU, TWICE, built]
    sheet = workbook.Sheet("Who by whom", HEADING, rows)
    return workbook.xlsx(f"{facts['programme']}: {HEADING}", about, [sheet], facts["built_at"])


def _rows(ask: Ask, last: date, code: str, name: str) -> pl.DataFrame:
    """A trust's twelve figures under the headings that people read; no row if it sent none."""
    covered = ask(covered_by_pairs, last=last, trust=code).row(0, named=True)
    return ask(who_by_whom, last=last, trust=code).select(
        pl.lit(code).alias("Trust code"),
        pl.lit(name).alias("Trust"),
        pl.lit(f"{last:%Y-%m}").alias("Twelve months to"),
        pl.col("affected").replace_strict(AFFECTED).alias("Affected"),
        pl.col("alleged").replace_strict(BY).alias("Alleged to be responsible"),
        pl.col("incidents").alias("Incidents"),
        pl.lit(covered["wards"]).alias("Wards that counted them"),
        pl.lit(covered["known"]).alias("Incidents of these wards and months"),
        pl.lit(covered["reported"]).alias("All reported incidents"),
    )
