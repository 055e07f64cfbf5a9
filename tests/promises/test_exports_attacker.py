"""Promise: files for sharing reveal no suppressed number.

The attacker reads the very bytes of the tables that anybody may be given, and knows everything that
`test_attacker.py` lets it know. Everything else that is made for sharing, in whatever kind of file,
is shown to say nothing more than that table: made of two programmes that differ only in what is
hidden (`twins`), it is the same.
"""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from html import escape, unescape
from io import BytesIO
from itertools import product

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from dashboard import store
from dashboard.access import Scope
from dashboard.cli.app import app
from dashboard.exports import make as make_module
from dashboard.exports import masked, process_chart
from dashboard.exports.make import CannotMake, Source, make
from dashboard.exports.order import KINDS, Order
from pipelines import measures as measure_files
from schemas import wording
from schemas.disclosure import KEY
from tests.promises import twins
from tests.promises.attacker import MEASURES, MONTHS, Attacker, counted, observed

pytestmark = pytest.mark.slow

ALWAYS_HIDDEN = {m.id for m in measure_files.load() if m.restricted or m.unit == "days"}
REASONS = {"not suppressed": None}
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
TEAM = "team@example.org"
EVERYONE = [TEAM, "lead1@example.org", "region@example.org"]
UNITS = [(None, None), ("Z01", None), ("Z03", None), ("Z01", "Z01-W1"), ("Z03", "Z03-W2")]
WITHOUT_FIGURES = (
    "tests-of-change",
    "attendance",
    "evaluation",
    "ratings",
    "confidence",
)  # and nobody here has any
NEVER_SHARED = ("sheet", "sheets", "charters", "pairs", *WITHOUT_FIGURES)
MEASURED = {
    "figures": (None, "SS-I1"),
    "tidy": (None, "SS-I1"),
    "chart": [measure.id for measure in MEASURES],
}


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> Source:
    """What the programme team makes files from."""
    home = twins.home_of(tmp_path_factory.mktemp("one"), counted(1))
    return twins.source_of(home, TEAM)


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was sent in two programmes that look the same to everyone else."""
    return counted(1), twins.twin_of(counted(1))


@pytest.fixture(scope="module")
def homes(tmp_path_factory, pair):
    return [
        twins.home_of(tmp_path_factory.mktemp("twin"), counts, few)
        for few, counts in enumerate(pair)
    ]


def number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def rows_of(content: bytes) -> Iterator[dict[str, str]]:
    """The rows of a downloaded table, plain or as a spreadsheet."""
    if not content.startswith(b"PK"):
        yield from csv.DictReader(content.decode().splitlines())
        return
    for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets[1:]:
        lines = [[str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
        top = next(n for n, line in enumerate(lines) if "suppression_reason" in line)
        yield from (dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :])


def read_back(content: bytes) -> pl.DataFrame:
    """The masked table again, from nothing but the file."""
    rows = []
    for row in rows_of(content):
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


@pytest.mark.parametrize(("kind", "seed", "busy"), [("csv", 1, 1.0), ("xlsx", 2, 0.4)])
def test_the_table_for_sharing_gives_nothing_hidden_away(tmp_path, kind, seed, busy):
    counts = counted(seed, busy)
    known = twins.source_of(twins.home_of(tmp_path, counts), TEAM)
    table = read_back(make(known, Order("figures", "public", kind)).content)
    attacker = Attacker(observed(counts))
    attacker.read(table)
    targets = attacker.hidden(table)
    assert len(targets) > 100
    assert attacker.recovered(targets) == []


def test_the_spreadsheet_for_sharing_holds_the_table_and_no_more(known):
    plain, book = (
        read_back(make(known, Order("figures", "public", kind)).content) for kind in ("csv", "xlsx")
    )
    assert plain.sort(KEY).equals(book.sort(KEY))


@pytest.mark.parametrize("kind", KINDS["tidy"])
def test_the_tidy_table_for_sharing_holds_the_table_and_no_more(known, kind):
    """So the attacker need not read it as well."""
    plain = read_back(make(known, Order("figures", "public", "csv")).content)
    content = BytesIO(make(known, Order("tidy", "public", kind)).content)
    read = pl.read_parquet if kind == "parquet" else partial(pl.read_csv, infer_schema_length=None)
    tidy = read(content)
    fields = {name: plain.schema[name] for name in plain.columns}
    told = tidy.with_columns(
        pl.col("month").cast(pl.String).str.to_date(),
        value=pl.col("value").cast(pl.Float64) / pl.col("multiplier"),
    ).select(pl.col(name).cast(dtype) for name, dtype in fields.items())
    assert_frame_equal(told.sort(KEY), plain.sort(KEY), abs_tol=1e-6)
    rest = tidy.drop(*fields, "first_month", "rounding")
    about_rows = rest.unique()
    described = [name for name in rest.columns if about_rows[name].count()]
    assert set(described) == {
        "release", "unit_name", "trust_code", "peer_group", "measure_name",
        "value_unit", "multiplier", "direction", "target",
    }, "what a row says beyond the table describes its unit and measure"  # fmt: skip
    names = ["unit_name", "trust_code", "peer_group"]
    assert tidy.select("level", "unit_id", *names).unique().height == tidy["unit_id"].n_unique()


def test_no_row_of_the_table_for_sharing_has_a_number_beside_its_reason(known):
    for kind in KINDS["figures"]:
        for row in rows_of(make(known, Order("figures", "public", kind)).content):
            assert row["Measure code"] not in ALWAYS_HIDDEN
            numbers = [number(row[name]) for name in ("Numerator", "Denominator", "Value")]
            if row["suppression_reason"] != "not suppressed":
                assert numbers == [None, None, None]


def test_the_pack_for_sharing_shows_what_the_table_shows_and_no_more(known):
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
            month = wording.month_of(row["month"])
            cells = rows[month if row["months"] == 1 else f"12 months to {month}"]
            shown = [row[f"{name}_shown"] for name in ("value", "numerator", "denominator")]
            assert cells == [*shown, row["suppression_reason"] or "Not hidden"]


def test_a_chart_for_sharing_draws_no_month_that_is_hidden(known):
    table = known.table("public").filter(pl.col("level") == "programme", pl.col("months") == 1)
    some = table.group_by("measure").agg(shown=(pl.col("state") == "value").sum())
    mixed = some.filter((pl.col("shown") > 0) & (pl.col("shown") < len(MONTHS))).sort("measure")
    measure, shown = mixed.row(0)
    svg = make(known, Order("chart", "public", "svg", measure=measure)).content.decode()
    assert f"{wording.counted(shown, 'month')} shown" in svg
    marks = re.findall(r'<g class="mark-symbol role-mark[^"]*"[^>]*(?<!/)>(.*?)</g>', svg)
    drawn = sum(group.count("<path") for group in marks)
    assert drawn == 2 * shown, "a mark, and around it what answers to the pointer"


def test_twins_differ_in_what_is_hidden_of_every_level_and_in_nothing_else(pair):
    differ = twins.differing(*pair)
    one, other = map(twins.shown, pair)
    assert one.equals(other)
    hidden = differ.join(one.filter(pl.col("state") == "suppressed"), on=KEY, how="semi")
    assert hidden.height > 100
    assert set(hidden["level"]) == {"ward", "trust", "programme"}
    assert set(hidden["measure"]) == {measure.id for measure in MEASURES}


def orders(audience: str) -> Iterator[Order]:
    """Everything there is to order, in every kind of file, for units of every level."""
    for what, kinds in KINDS.items():
        for kind, unit, measure in product(kinds, UNITS, MEASURED.get(what, (None,))):
            yield Order(what, audience, kind, *unit, measure=measure)


def said(known: Source, order: Order) -> bytes | str:
    """A file, or the sentence that says why there is none."""
    try:
        return make(known, order).content
    except CannotMake as reason:
        return str(reason)


def undrawn(spec, rows, kind, **more) -> bytes:
    """All that a picture of one chart is drawn from, as words in place of its pixels."""
    about = escape(json.dumps([kind, spec, rows, more]))
    return f'<svg xmlns="http://www.w3.org/2000/svg"><text y="9">{about}</text></svg>'.encode()


@pytest.mark.parametrize("email", EVERYONE)
def test_whatever_is_made_for_sharing_is_the_same_of_twins(homes, monkeypatch, email):
    monkeypatch.setattr(process_chart, "picture", undrawn)
    one, other = (twins.source_of(home, email) for home in homes)
    made = set()
    for audience in masked.SHARED:
        for order in orders(audience):
            content = said(one, order)
            assert content == said(other, order), order
            if isinstance(content, bytes):
                made.add((order.what, order.kind))
    assert made == {
        (what, kind) for what in KINDS for kind in KINDS[what] if what not in NEVER_SHARED
    }, "and what is never for sharing isn’t made"


TABLE = Order("tidy", "public", "csv")


def leaking(query: str):
    """A maker of files that tells what a query finds."""

    def made(source: Source, order: Order) -> bytes:
        rows = source.ask(lambda connection: connection.sql(query).pl())
        return rows.write_csv().encode()

    return made


def test_control_who_was_affected_by_whom_would_be_noticed_in_a_file_for_sharing(
    homes, monkeypatch
):
    """A leak put in on purpose, at the level that says least: the pairs of the whole programme.

    What their rows and columns add up to says nothing: of the twins it is the same.
    """
    pairs, margin = (
        f"FROM incident_pairs SELECT {kinds}, sum(incidents) AS incidents GROUP BY ALL ORDER BY ALL"
        for kinds in ("affected, alleged", "affected")
    )

    one, other = (twins.source_of(home, TEAM) for home in homes)
    for query, noticed in ((pairs, True), (margin, False)):
        monkeypatch.setitem(make_module._MAKERS, "tidy", leaking(query))
        assert (said(one, TABLE) != said(other, TABLE)) == noticed


def test_control_a_baseline_would_be_noticed_in_a_file_for_sharing(homes, monkeypatch):
    """Another leak on purpose: the figures of before a ward joined, among those of a shared table.

    Even what they add up to in all wards together would be noticed.
    """
    one, other = (twins.source_of(home, TEAM) for home in homes)
    assert said(one, TABLE) == said(other, TABLE)
    for query in ("FROM baselines", "SELECT sum(numerator) FROM baselines"):
        monkeypatch.setitem(make_module._MAKERS, "tidy", leaking(query))
        assert said(one, TABLE) != said(other, TABLE)


def test_control_what_is_not_for_sharing_tells_twins_apart(homes, monkeypatch):
    """Control: the same test would notice if the files revealed anything."""
    monkeypatch.setattr(process_chart, "picture", undrawn)
    one, other = (twins.source_of(home, TEAM) for home in homes)
    apart = set()
    for order in orders("programme"):
        if (order.what, order.kind) not in apart and said(one, order) != said(other, order):
            apart.add((order.what, order.kind))
    assert apart == {
        (what, kind) for what in KINDS for kind in KINDS[what] if what not in WITHOUT_FIGURES
    }


@pytest.mark.parametrize("trust", [None, "Z03"])
def test_the_command_makes_the_same_files_for_the_public_of_twins(homes, tmp_path, trust):
    folders = []
    for number, home in enumerate(homes):
        folders.append(tmp_path / str(number))
        about = ["--for", "public", "--home", str(home), *(["--trust", trust] if trust else [])]
        result = CliRunner().invoke(app, ["export", str(folders[-1]), *about])
        assert result.exit_code == 0, result.output
    one, other = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert one == other
    assert {name.split("_")[1] for name in one} >= {"figures", "chart"}


def test_what_a_trust_or_region_shares_is_what_the_programme_shares_of_it(
    tables, scopes, release, home
):
    """So putting files of several people together gives nothing more than the whole table."""
    measures, policy = measure_files.load(), home.programme.disclosure

    def shared(scope: Scope) -> pl.DataFrame:
        connection = store.open(release, scope)
        table = masked.observations(
            lambda question, **about: question(connection, **about), measures, policy, "public"
        )
        return table.select(KEY + twins.SHOWN)

    whole = shared(next(scope for scope in scopes if scope.sees_everything))
    for scope in scopes:
        # Who reads a group has only some months of some wards, and may make no file for sharing.
        if not scope.sees_everything and not scope.groups:
            mine = shared(scope)
            assert mine.height
            assert mine.join(whole, on=mine.columns, how="anti", nulls_equal=True).is_empty()
