"""Groups of a release: who belongs to them in which month, and what they come to."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipelines.keeping.decisions import Decided
from pipelines.registers import trust_acts
from pipelines.registers.register import register_of
from pipelines.releasing.groups import groups
from pipelines.releasing.release_checks import check
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.periods import Month, months
from schemas.register import Groups
from schemas.typed import typed
from tests import worlds

MONTHS = list(months(Month(2025, 1), Month(2025, 5)))
JAN, FEB, MAR, APR, MAY = (month.first_day for month in MONTHS)
ROWS = [
    worlds.group_row("N1", "Z01", valid_to=date(2025, 3, 30)),  # not on the last day of March
    worlds.group_row("S1", "Z01", valid_from=date(2025, 3, 31)),
    worlds.group_row("S1", "Z02"),
    worlds.group_row("C1", "Z01-ALDER1", kind="collaborative"),
    worlds.group_row("C1", "Z02", kind="collaborative", valid_from=date(2025, 2, 15)),
    worlds.group_row("P1", "Z01", kind="programme"),
    worlds.group_row("P1", "Z01-ALDER1", kind="programme"),  # is counted once
    worlds.group_row("G1", "Z02", valid_from=date(2025, 2, 3), valid_to=date(2025, 2, 20)),
]
WHOLE = "level", "unit_id", "trust_code", "return_id"  # what differs between equal totals


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = worlds.empty_world(tmp_path_factory.mktemp("groups") / "home")
    for number, month in enumerate(MONTHS):
        for trust, wards in worlds.WARDS.items():
            rows = [
                worlds.monthly_row(ward, month, pt_safe=3 + number + place)
                for place, ward in enumerate(wards)
            ]
            standards = worlds.standards_rows(wards[0])
            worlds.send(home, trust, month, monthly=rows, standards=standards)
    _keep(home, groups=typed(pl.DataFrame(ROWS), Groups))
    return home


def _keep(home, **files):
    register = replace(home.archive.newest_register(), **files)
    home.archive.keep_register(
        register, Decided(worlds.TEAM, worlds.received(MONTHS[-1]), "Groups")
    )


def of(home, name="observations"):
    made = tables(sources_of(home), worlds.received(MONTHS[-1], 10))
    check(made)
    return made[name]


def total(seen, level, unit, measure="SS-O1"):
    rows = seen.filter(level=level, unit_id=unit, measure=measure).sort("month")
    return dict(rows.select("month", "numerator").iter_rows())


def test_a_group_has_the_sums_of_its_members_in_each_month(home):
    seen = of(home)
    first, second = (total(seen, "trust", code) for code in ("Z01", "Z02"))
    alder = total(seen, "ward", "Z01-ALDER1")
    assert total(seen, "group", "N1") == first | dict.fromkeys((MAR, APR, MAY))
    moved = {month: first[month] + second[month] for month in (MAR, APR, MAY)}
    assert total(seen, "group", "S1") == second | moved
    both = {month: alder[month] + second[month] for month in (FEB, MAR, APR, MAY)}
    assert total(seen, "group", "C1") == {JAN: alder[JAN]} | both
    assert "G1" not in seen["unit_id"]
    states = seen.filter(unit_id="N1", measure="SS-O1").sort("month")["state"].to_list()
    assert states == ["value", "value", "closed", "closed", "closed"]


@pytest.mark.parametrize(
    ("group", "level", "unit"), [("Y60", "programme", "programme"), ("P1", "trust", "Z01")]
)
def test_a_group_of_everyone_is_the_total_of_everyone_in_every_table(home, group, level, unit):
    for name in ("observations", "points", "signals"):
        rows = of(home, name)
        rows = rows.drop(*WHOLE[2:], "hint_month", "hint_sentence", strict=False)
        mine, other = (
            rows.filter(level=one, unit_id=code).drop(WHOLE[:2]).sort(pl.all())
            for one, code in (("group", group), (level, unit))
        )
        assert mine.height
        assert mine.equals(other), name


def test_the_table_says_who_is_where_from_which_month_to_which(home):
    made = of(home, "groups")
    places = {
        (row["group_code"], row["first_month"], row["last_month"])
        for row in made.filter(trust_code="Z01", ward_id="Z01-ALDER1").iter_rows(named=True)
    }
    since = date(2019, 1, 1)
    assert places == {
        ("Y60", since, None),
        ("N1", since, FEB),
        ("S1", MAR, None),
        ("C1", since, None),
        ("P1", since, None),
    }
    assert made.filter(group_code="C1", trust_code="Z01").height == 1
    assert made.filter(kind="region")["group_name"].unique().to_list() == ["Midlands"]


def test_a_trust_that_changes_its_region_and_merges_counts_where_it_was(home):
    register = register_of(worlds.register_frames())
    moved = trust_acts.change_trust(register, "Z01", date(2025, 3, 31), "Other", "Y61")
    merged = trust_acts.merge_trust(moved, "Z01", "Z02", date(2025, 5, 1))
    rows = groups(merged).filter(ward_id="Z01-ALDER1").sort("first_month")
    assert rows.select("group_code", "first_month", "last_month").rows() == [
        ("Y60", date(2019, 1, 1), FEB),
        ("Y61", MAR, None),
    ]
    assert groups(merged).filter(ward_id="Z02-ALDER1")["group_code"].to_list() == ["Y60"]
