"""The log of tests of change as a file: what wards wrote, word for word, never for sharing."""

from collections.abc import Mapping

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.change_tests import afterwards, change_tests
from dashboard.words import change_tests as words
from schemas import wording
from schemas.tables.kinds import FOUNDATIONS
from schemas.vocabularies import OUTCOMES

_OWN = (
    "What wards wrote, word for word: for them, their trust and the programme team. Do not share."
)
_NONE = "No test of change has been recorded here yet: record one under “Tests of change” first."


def content(ask: Ask, facts: Mapping[str, object], order: Order) -> bytes:
    """The file, a row for each test; raises CannotMake if there is none."""
    if order.shared:
        raise CannotMake(
            "The log of tests of change is what wards wrote: it is for them, their trust and the "
            "programme team, never for sharing."
        )
    found = ask(change_tests)
    if order.trust:
        found = found.filter(pl.col("trust_code") == order.trust)
    if order.ward:
        found = found.filter(pl.col("ward_id") == order.ward)
    if found.is_empty():
        raise CannotMake(_NONE)
    rows = _rows(found, ask(afterwards))
    if order.kind == "csv":
        return tables.csv(rows)
    fictional = ["Fictional: every trust and ward is made up."] if facts["fictional"] else []
    built = f"Built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    about = [*fictional, _OWN, built, words.AFTERWARDS, words.NOT_PROOF]
    sheet = workbook.Sheet("Tests of change", "Tests of change", rows)
    return workbook.xlsx(
        f"{facts['programme']}: tests of change", about, [sheet], facts["built_at"]
    )


def _rows(tests: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """The tests under the headings that people read."""
    by_test = words.by_test(seen)
    did = [words.charts_did(by_test.get(name, ())) for name in tests["test_id"]]
    return tests.select(
        pl.col("trust_code").alias("Trust code"),
        pl.col("trust_name").alias("Trust"),
        pl.col("ward_id").alias("Ward code"),
        pl.col("ward_name").alias("Ward"),
        pl.col("idea").alias("Idea"),
        pl.col("foundation").replace_strict(FOUNDATIONS).alias("Foundation"),
        pl.col("prediction").alias("What was predicted"),
        pl.col("measure").fill_null("none in particular").alias("Should show in"),
        pl.col("starts").dt.strftime("%Y-%m-%d").alias("Start"),
        pl.col("ends").dt.strftime("%Y-%m-%d").alias("End, planned or actual"),
        pl.col("happened").fill_null("nothing recorded yet").alias("What happened"),
        pl.col("outcome").replace_strict(OUTCOMES, default="None yet").alias("Outcome"),
        pl.Series("What the charts did", did, dtype=pl.String),
        pl.col("version").alias("Version"),
        pl.col("test_id").alias("Id"),
    )
