"""Promise: what is taken away for sharing gives no suppressed number away.

The attacker reads the very bytes of the table that anybody may be given, and knows everything that
`test_attacker.py` lets it know.
"""

import csv
import re
from datetime import date
from html import unescape

import duckdb
import polars as pl
import pytest

from dashboard.exports.make import Source, make, source
from dashboard.exports.order import Order
from dashboard.words import phrases
from pipelines import measures as measure_files
from schemas.programme import Programme
from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.promises.test_attacker import MEASURES, MONTHS, Attacker, counted, observed

PROGRAMME = Programme(name="Tiny programme", fictional=True, first_month="2024-04")
ALWAYS_HIDDEN = {m.id for m in measure_files.load() if m.restricted or m.unit == "days"}
REASONS = {"not suppressed": None}
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def release_of(observations: pl.DataFrame) -> Source:
    """A release that holds these observations, as the programme team would export from it."""
    tables = tiny_release.frames()
    about = {"wards": 1, "wards_expected": 1, "provisional": False, "queried": False}
    rows = observations.filter(pl.col("months") == 1).drop("months", "peer_group").to_dicts()
    made = tiny_release.frame(TABLES["observations"], [about | row for row in rows])
    tables["observations"] = TABLES["observations"].validate(made)
    tables["suppressed"] = tables["suppressed"].clear()
    tables["release"] = tables["release"].with_columns(data_to=pl.lit(MONTHS[-1]))
    connection = duckdb.connect()
    for name, frame in tables.items():
        connection.register("incoming", frame)
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")
    facts = tables["release"].row(0, named=True)
    return source(lambda ask, **about: ask(connection, **about), facts, MEASURES, PROGRAMME)


def number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def read_back(content: bytes) -> pl.DataFrame:
    """The masked table again, from nothing but the file."""
    rows = []
    for row in csv.DictReader(content.decode().splitlines()):
        last, first = (date.fromisoformat(f"{row[f'Period {end}']}-01") for end in ("to", "from"))
        times = 100 if row["Unit of value"] == "per cent" else 1000
        value = number(row["Value"])
        rows.append(
            {
                "level": row["Level"],
                "unit_id": row["Code"],
                "measure": row["Measure code"],
                "month": last,
                "months": (last.year - first.year) * 12 + last.month - first.month + 1,
                "numerator": number(row["Numerator"]),
                "denominator": number(row["Denominator"]),
                "value": None if value is None else value / times,
                "state": row["State"],
                "suppression_reason": REASONS.get(
                    row["suppression_reason"], row["suppression_reason"]
                ),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.mark.parametrize(("seed", "busy"), [(1, 1.0), (2, 0.4)])
def test_the_table_for_sharing_gives_nothing_hidden_away(seed, busy):
    truth = observed(counted(seed, busy))
    made = make(release_of(truth), Order("figures", "public", "csv"))
    table = read_back(made.content)
    attacker = Attacker(truth)
    attacker.read(table)
    targets = attacker.hidden(table)
    assert len(targets) > 100
    assert attacker.recovered(targets) == []


def test_no_row_of_the_table_for_sharing_has_a_number_beside_its_reason():
    made = make(release_of(observed(counted(1))), Order("figures", "public", "csv"))
    for row in csv.DictReader(made.content.decode().splitlines()):
        assert row["Measure code"] not in ALWAYS_HIDDEN
        numbers = [number(row[name]) for name in ("Numerator", "Denominator", "Value")]
        if row["suppression_reason"] != "not suppressed":
            assert numbers == [None, None, None]


def test_the_pack_for_sharing_shows_what_the_table_shows_and_no_more():
    known = release_of(observed(counted(1)))
    table = known.table("public").filter(pl.col("level") == "programme")
    page = make(known, Order("pack", "public", "html")).content.decode()
    assert {"value", "suppressed"} <= set(table["state"])
    for measure in (m for m in MEASURES if m.core):
        part = page.split(f"{measure.name}, the whole programme</caption>")[1].split("</table>")[0]
        rows = {}
        for row in part.split("<tr>")[2:]:
            when, *cells = (unescape(re.sub("<[^>]+>", "", cell)) for cell in CELL.findall(row))
            rows[when.replace("\u00a0", " ")] = cells
        mine = table.filter(pl.col("measure") == measure.id)
        assert len(rows) == mine.height
        for row in mine.iter_rows(named=True):
            month = phrases.month(row["month"])
            cells = rows[month if row["months"] == 1 else f"12 months to {month}"]
            shown = [row[f"{name}_shown"] for name in ("value", "numerator", "denominator")]
            assert cells == [*shown, row["suppression_reason"] or "Not hidden"]


def test_a_chart_for_sharing_draws_no_month_that_is_hidden():
    known = release_of(observed(counted(1)))
    table = known.table("public").filter(pl.col("level") == "programme", pl.col("months") == 1)
    some = table.group_by("measure").agg(shown=(pl.col("state") == "value").sum())
    mixed = some.filter((pl.col("shown") > 0) & (pl.col("shown") < len(MONTHS))).sort("measure")
    measure, shown = mixed.row(0)
    svg = make(known, Order("chart", "public", "svg", measure=measure)).content.decode()
    assert f"{phrases.counted(shown, 'month')} shown" in svg
    marks = re.findall(r'<g class="mark-symbol role-mark[^"]*"[^>]*(?<!/)>(.*?)</g>', svg)
    drawn = sum(group.count("<path") for group in marks)
    assert drawn == 2 * shown, "a mark, and around it what answers to the pointer"
