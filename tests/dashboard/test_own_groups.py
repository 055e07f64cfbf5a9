"""What the reader of a group sees: wards for as long as they belong, and nothing else."""

from datetime import date

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from pipelines import measures as measure_files
from pipelines.releasing.definitions import DEFINITIONS, definitions
from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import MONTHS

START, YEAR = MONTHS[0].first_day, [month.first_day for month in MONTHS[:12]]
SINCE = [month.first_day for month in MONTHS[12:]]
OF = {"Z01": ["Z01-ALDER1", "Z01-OAK1"], "Z02": ["Z02-BIRCH1", "Z02-FERN1"], "Z04": ["Z04-OAK1"]}
LINES = ["centre", "lower", "upper", "near_lower", "near_upper", "kind", "rule_shift"]


def rows(group: str, trust: str, first: date, last: date | None = None) -> list[dict[str, object]]:
    about = {
        "group_code": group,
        "group_name": f"Group {group}",
        "kind": "icb",
        "trust_code": trust,
    }
    months = {"first_month": first, "last_month": last}
    return [{**about, "ward_id": ward, **months} for ward in (None, *OF[trust])]


# As a programme may have them: a count of single months, and a percentage of several.
CHANGED = {"SS-I2": {"unit": "count", "denominator": ()}, "SS-P4": {"rolling_months": 12}}
MEASURES = [m.model_copy(update=CHANGED.get(m.id, {})) for m in measure_files.load()]
GROUPS = [
    *rows("LEFT", "Z01", START, YEAR[-1]),
    *rows("SOUTH", "Z02", START),
    *rows("SOUTH", "Z01", SINCE[0]),
    *rows("MERGED", "Z01", START),
    *rows("MERGED", "Z04", START),
    {**rows("WARD", "Z01", START)[0], "trust_code": "Z03", "ward_id": "Z03-ELM1"},
]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    tables = tiny_release.frames()
    tables["groups"] = tiny_release.frame(TABLES["groups"], GROUPS)
    for name in ("observations", "points", "signals"):
        of_group = pl.col("level") == "group"
        frame = tables[name]
        tables[name] = frame.with_columns(
            unit_id=pl.when(of_group).then(pl.lit("SOUTH")).otherwise("unit_id")
        )
    tables[DEFINITIONS] = definitions(MEASURES)
    return tiny_release.write(tmp_path_factory.mktemp("groups"), tables)


def reading(release, *groups: str) -> store.Reading:
    return store.open(release, Scope("group", frozenset(), "g@example.org", "G", frozenset(groups)))


def units(connection, table: str, level: str) -> dict[str, list[date]]:
    """The months of each unit of a level in a table."""
    month = "latest" if table == "signals" else "month"
    found = connection.sql(f"FROM {table}").pl().filter(level=level).select("unit_id", month)
    months: dict[str, list[date]] = {}
    for unit, when in sorted(found.unique().iter_rows()):
        months.setdefault(unit, []).append(when)
    return months


def test_wards_that_always_belonged_are_seen_whole_and_others_in_their_months_alone(release):
    seen = reading(release, "SOUTH")
    every = [*YEAR, *SINCE]
    whole = {ward: every for ward in OF["Z02"]}
    for table in ("observations", "points"):
        assert units(seen, table, "ward") == whole | dict.fromkeys(OF["Z01"], SINCE)
        assert units(seen, table, "trust") == {"Z02": every}
        assert units(seen, table, "group") == {"SOUTH": every}
    signals = seen.sql("FROM signals WHERE level = 'ward'").pl()
    came = signals.filter(pl.col("unit_id").is_in(OF["Z01"]))
    assert set(signals["unit_id"]) == {*OF["Z01"], *OF["Z02"]}
    assert set(came["headline"]) == {"only the months in the group are shown"}
    assert set(came["n"]) == {len(SINCE)}
    for name in ("centre", "lower", "upper", "variation", "assurance", "chance", "hint_month"):
        assert came[name].null_count() == came.height
    assert set(seen.sql("SELECT ward_id FROM charters").pl()["ward_id"]) == set(OF["Z02"])
    assert set(seen.sql("SELECT trust_code FROM returns").pl()["trust_code"]) == {"Z02"}
    points = seen.sql("FROM points WHERE level = 'ward'").pl()
    moved = points.filter(pl.col("unit_id").is_in(OF["Z01"]))
    assert moved["value"].null_count() == 0
    assert all(moved[line].null_count() == moved.height for line in LINES)
    assert set(moved["chart"]) == {"points"}
    assert (
        points.filter(pl.col("centre").is_not_null())["unit_id"].unique().sort().to_list()
        == OF["Z02"]
    )


def test_of_a_trust_that_has_left_only_its_months_stay(release):
    seen = reading(release, "LEFT")
    july = YEAR[6:]  # until June it was also a ward of Z04, which was never in the group
    assert units(seen, "observations", "ward") == {"Z01-ALDER1": YEAR, "Z01-OAK1": july}
    told = set(seen.sql("SELECT DISTINCT measure FROM observations").pl()["measure"])
    restricted = set(seen.sql("FROM measures WHERE restricted").pl()["measure"])
    every = {measure.id for measure in MEASURES}
    # A figure of several months, or of days since one, tells of months before it belonged.
    assert told == every - restricted - {"SS-I7", "SS-P4"}
    assert units(seen, "observations", "trust") == {}
    assert units(seen, "signals", "ward") == dict.fromkeys(OF["Z01"], YEAR[-1:])
    for table in ("returns", "charters", "comparisons", "completeness", "standards", "events"):
        held = seen.sql(f"FROM {table}").pl()
        told = held.filter(pl.col("trust_code").is_not_null()) if "trust_code" in held else held
        assert told.is_empty(), table


def test_after_a_merger_both_must_have_belonged(release):
    seen = reading(release, "MERGED")
    every = [*YEAR, *SINCE]
    assert units(seen, "observations", "ward") == dict.fromkeys(OF["Z01"], every)
    assert units(seen, "observations", "trust") == {"Z01": every}
    assert set(seen.sql("SELECT trust_code FROM trusts").pl()["trust_code"]) == {"Z01", "Z04"}


def test_a_single_ward_brings_nothing_of_its_trust(release):
    seen = reading(release, "WARD")
    assert set(units(seen, "observations", "ward")) == {"Z03-ELM1"}
    assert units(seen, "observations", "trust") == {}
    assert seen.sql("FROM returns").pl().is_empty()
    both = reading(release, "WARD", "SOUTH")
    whole = set(both.sql("SELECT ward_id FROM charters").pl()["ward_id"])
    assert whole == {"Z03-ELM1", *OF["Z02"]}


@pytest.mark.parametrize("group", ["SOUTH", "LEFT", "MERGED", "WARD", "NONE"])
def test_no_table_of_a_group_reader_tells_of_anything_outside_it(release, group):
    seen = reading(release, group)
    inside = {row["trust_code"] for row in GROUPS if row["group_code"] == group}
    for table in set(TABLES) - {"groups"}:
        assert tiny_release.found(seen.sql(f"FROM {table}").pl().write_csv(), inside) == [], table
    for table in ("cells", "queries", "forum_attendance", "change_tests", "people"):
        assert seen.sql(f"FROM {table}").pl().is_empty(), table
    restricted = set(seen.sql("FROM measures WHERE restricted").pl()["measure"])
    for table in ("observations", "points", "signals"):
        assert restricted.isdisjoint(seen.sql(f"FROM {table}").pl()["measure"])
