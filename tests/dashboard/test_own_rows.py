"""Which rows and columns of each table each role may see, on tables made by hand.

Each list in `OWN` holds codes that no other one has, so that a rule which looks into the wrong list
shows other rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl
import pytest

from dashboard import own_rows
from dashboard.access import Scope
from dashboard.own_rows import Own, listed, of_trusts
from schemas.release import TABLES
from tests.dashboard.tiny_release import frame

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
OWN = Own(
    trusts={"Z01"},
    wards={"Z01-MINE"},
    totals={"Z02"},
    named={"Z03"},
    seen={"Z01-SEEN"},
    groups={"NORTH"},
    months={"Z01-CAME 2026-02 1", "Z01-CAME 2026-03 1", "Z01-CAME 2026-03 3"},
    restricted={"SECRET"},
    monthly={"MONTHLY", "SECRET"},
    smallest_group=5,
    today=True,
)
EMAIL = "one@x.example"
TRUST, REGION = (Scope(role, frozenset({"Z01"}), EMAIL, "One") for role in ("trust", "region"))
GROUP = Scope("group", frozenset(), EMAIL, "One", frozenset({"NORTH"}))

UNITS = [
    *(("ward", ward) for ward in ("Z01-MINE", "Z01-SEEN", "Z01-CAME")),
    *(("trust", trust) for trust in ("Z01", "Z02", "Z03")),
    *(("group", group) for group in ("NORTH", "SOUTH")),
    ("programme", "programme"),
]
OWN_UNITS = {("ward", "Z01-MINE"), ("trust", "Z02"), ("group", "NORTH")}
PLACES = [
    *(("Z01", None), ("Z02", None), ("Z03", None)),
    *(("Z01", "Z01-MINE"), ("Z02", "Z01-MINE"), ("Z01", "Z01-SEEN"), ("Z01", "Z01-CAME")),
]
OWN_WARDS = {("Z01", "Z01-MINE"), ("Z02", "Z01-MINE")}
EVERYTHING, NOTHING = set(PLACES), set()


Seen = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What is seen of a table that has these rows; what it has no column for is left out."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("CREATE SCHEMA release")

        def hold(table: str, rows: list[dict]) -> None:
            columns = TABLES[table].to_schema().columns
            typed = [{name: row[name] for name in row.keys() & columns} for row in rows]
            connection.register("typed", frame(TABLES[table], typed))
            connection.execute(f"CREATE OR REPLACE TABLE release.{table} AS FROM typed")

        def look(table: str, rows: list[dict], scope: Scope = TRUST, **own: object) -> pl.DataFrame:
            points = own.pop("points", [])
            if table == "signals":  # of some wards they are made from points
                hold("points", points)
            hold(table, rows)
            return connection.sql(own_rows.select(table, scope, replace(OWN, **own))).pl()

        yield look


def of_units(*measures: str, **more: object) -> list[dict]:
    """A row of each unit and measure in March."""
    about = {"month": MARCH, "months": 1, "state": "value", "trust_code": "Z01"} | more
    return [
        {"level": level, "unit_id": unit, "measure": measure, **about}
        for level, unit in UNITS
        for measure in measures
    ]


@pytest.mark.parametrize("scope", [TRUST, REGION, GROUP], ids=lambda scope: scope.role)
def test_figures_of_own_units_are_seen_whole_and_of_others_in_their_months_alone(seen, scope):
    came = {("ward", "Z01-CAME", "MONTHLY")}
    if scope == TRUST:
        came |= {("ward", "Z01-CAME", "SECRET")}
    open_to = {"MONTHLY", "OTHER"} | ({"SECRET"} if scope == TRUST else set())
    own = {(*unit, measure) for unit in OWN_UNITS for measure in open_to}
    for table, more in {
        "observations": came,
        "points": came,
        "baselines": set(),
        "ambitions": set(),
        "comparisons": set(),
        "suppressed": set(),
        "signals": set(),
    }.items():
        found = seen(table, of_units("MONTHLY", "OTHER", "SECRET"), scope)
        assert set(found.select("level", "unit_id", "measure").rows()) == own | more, table
    for table, units in {
        "foundations": OWN_UNITS,
        "breakdowns": {("trust", "Z02")} if scope == TRUST else NOTHING,
    }.items():
        found = seen(table, of_units("OTHER"), scope).select("level", "unit_id").rows()
        assert set(found) == units, table


def test_a_month_is_a_ward_s_own_only_with_all_the_months_that_its_figure_counts(seen):
    """The baseline of a ward is for those who see the ward as it is now."""
    rows = [
        {"level": level, "unit_id": "Z01-CAME", "measure": "MONTHLY", "value": number, **about}
        for number, (level, about) in enumerate(
            [
                ("ward", {"month": MARCH, "months": 1, "state": "value"}),
                ("ward", {"month": MARCH, "months": 3, "state": "nil"}),
                ("ward", {"month": FEBRUARY, "months": 3, "state": "value"}),
                ("ward", {"month": JANUARY, "months": 1, "state": "value"}),
                ("ward", {"month": MARCH, "months": 1, "state": "baseline"}),
                ("trust", {"month": MARCH, "months": 1, "state": "value"}),
            ]
        )
    ]
    assert seen("points", rows)["value"].to_list() == [0, 1]
    own = [row | {"unit_id": "Z01-MINE"} for row in rows]
    assert seen("points", own)["value"].to_list() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("table", "lead", "reader"),
    [
        ("returns", {"Z01"}, {"Z01"}),
        ("yardsticks", {"Z01"}, {"Z01"}),
        ("trusts", {"Z03"}, {"Z03"}),
        ("engagement", NOTHING, NOTHING),
    ],
)
def test_what_is_seen_of_trusts(seen, table, lead, reader):
    rows = [{"trust_code": trust} for trust, ward in PLACES if ward is None]
    assert set(seen(table, rows)["trust_code"]) == lead
    assert set(seen(table, rows, REGION)["trust_code"]) == reader


@pytest.mark.parametrize(
    ("table", "lead", "reader"),
    [
        ("wards", {("Z01", "Z01-SEEN")}, {("Z01", "Z01-SEEN")}),
        ("charters", OWN_WARDS, OWN_WARDS),
        ("change_tests", OWN_WARDS, NOTHING),
        ("confidence_items", OWN_WARDS, NOTHING),
        ("incident_pairs", OWN_WARDS, NOTHING),
        ("standards", {*OWN_WARDS, ("Z01", None)}, {*OWN_WARDS, ("Z01", None)}),
        ("completeness", {*OWN_WARDS, ("Z01", None)}, {*OWN_WARDS, ("Z01", None)}),
        ("cells", {*OWN_WARDS, ("Z01", None)}, NOTHING),
        ("queries", {*OWN_WARDS, ("Z01", None)}, NOTHING),
        ("forum_attendance", {*OWN_WARDS, ("Z01", None)}, NOTHING),
    ],
)
def test_what_is_seen_of_wards(seen, table, lead, reader):
    rows = [{"trust_code": trust, "ward_id": ward} for trust, ward in PLACES]
    assert set(seen(table, rows).select("trust_code", "ward_id").rows()) == lead
    for scope in (REGION, GROUP):
        found = seen(table, rows, scope).select("trust_code", "ward_id").rows()
        assert set(found) == reader


def test_what_everybody_or_nobody_reads(seen):
    for table in ("release", "measures", "standards_text", "questions", "forums"):
        assert seen(table, [{}, {}], REGION).height == 2, table
    assert seen("forum_answers", [{}]).is_empty()
    groups = [{"group_code": code} for code in ("NORTH", "SOUTH")]
    assert seen("groups", groups, GROUP)["group_code"].to_list() == ["NORTH"]
    bands = [{"measure": measure} for measure in ("OTHER", "SECRET", None)]
    assert seen("peer_bands", bands)["measure"].to_list() == ["OTHER", None]
    people = [{"email": email} for email in (" One@X.example ", "two@x.example", "one@x.example.")]
    assert seen("people", people)["email"].to_list() == [" One@X.example "]


def test_an_event_is_of_an_own_unit_or_of_the_whole_programme(seen):
    events = [*of_units("OTHER"), {"level": "programme", "unit_id": "all", "trust_code": None}]
    found = seen("events", events).select("level", "unit_id").rows()
    assert set(found) == {*OWN_UNITS, ("programme", "all")}
    of_a_ward = {"level": "ward", "unit_id": "Z01-SEEN", "trust_code": None}
    assert seen("events", [of_a_ward]).is_empty()


def test_of_an_earlier_day_no_table_of_peers_is_seen(seen):
    rows = of_units("OTHER")
    assert seen("comparisons", rows, today=False).is_empty()
    assert seen("peer_bands", rows, today=False).is_empty()
    assert seen("peer_bands", rows).height == len(rows)
    assert seen("observations", rows, today=False).height == len(OWN_UNITS)


def test_of_a_small_group_only_the_own_figure_is_compared(seen):
    of_others = ["z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2"]
    own = {"n": 7.0, "d": 10.0, "value": 0.7, "peer_group": "acute"}
    row = {"level": "ward", "unit_id": "Z01-MINE", "measure": "OTHER", "category": "within", **own}
    row |= dict.fromkeys(of_others, 1.5)
    small, large = seen("comparisons", [row | {"units": n} for n in (4, 5)]).iter_rows(named=True)
    assert [small[name] for name in of_others] == [None] * 8
    assert [large[name] for name in of_others] == [1.5] * 8
    assert (small["category"], large["category"]) == ("too_few", "within")
    for found in (small, large):
        assert own.items() <= found.items()


LINES = {
    **dict.fromkeys(("centre", "lower", "upper", "near_lower", "near_upper"), 0.5),
    **{"side": 1, "high": True, "kind": "concern", "cause": "special"},
    **dict.fromkeys(("rule_outside", "rule_trend", "rule_two_of_three", "rule_shift"), True),
}
CHART = {"chart": "xmr", "phase": 2, "used_in_limits": True, "trial": True}
NO_CHART = {"chart": "points", "phase": 1, "used_in_limits": False, "trial": False}


def test_limits_rest_on_months_outside_a_group_so_its_reader_sees_none_for_who_came(seen):
    about = {"level": "ward", "measure": "MONTHLY", "month": MARCH, "months": 1, "value": 0.4}
    about |= {"state": "value"}
    rows = [{"unit_id": ward, **about, **LINES, **CHART} for ward in ("Z01-MINE", "Z01-CAME")]
    mine, came = seen("points", rows, GROUP).iter_rows(named=True)
    assert {name: mine[name] for name in LINES | CHART} == LINES | CHART
    assert {name: came[name] for name in LINES | CHART} == dict.fromkeys(LINES) | NO_CHART
    assert came["value"] == 0.4
    of_region = seen("points", rows, REGION).row(1, named=True)
    assert {name: of_region[name] for name in LINES | CHART} == LINES | CHART


def test_in_place_of_a_signal_a_ward_that_came_has_its_latest_month_in_the_group(seen):
    about = {"level": "ward", "unit_id": "Z01-CAME", "trust_code": "Z01", "months": 1}
    about |= {"state": "value", "denominator": 10.0}
    points = [
        about | {"measure": measure, "month": month, "value": value, "numerator": numerator}
        for measure, month, value, numerator in [
            ("MONTHLY", JANUARY, 0.1, 1.0),  # before it came
            ("MONTHLY", FEBRUARY, 0.2, 2.0),
            ("MONTHLY", MARCH, None, None),
            ("SECRET", MARCH, 0.3, 3.0),
            ("OTHER", MARCH, 0.4, 4.0),
        ]
    ]
    held = of_units("MONTHLY", "SECRET")
    signals = seen("signals", held, GROUP, points=points)
    of_region = seen("signals", held, REGION, points=points)
    (came,) = signals.filter(unit_id="Z01-CAME").iter_rows(named=True)
    assert {name: value for name, value in came.items() if value is not None} == {
        **{"level": "ward", "unit_id": "Z01-CAME", "trust_code": "Z01", "measure": "MONTHLY"},
        **{"n": 1, "months": 1, "phase": 1, "chart": "points", "latest": FEBRUARY},
        **{"value": 0.2, "numerator": 2.0, "denominator": 10.0},
        "reason": "Limits would rest on months outside the group.",
        "headline": "only the months in the group are shown",
        "sentence": "Only the months in which the ward belonged to the group are shown.",
    }
    own = {(*unit, "MONTHLY") for unit in OWN_UNITS}
    rest = signals.filter(pl.col("unit_id") != "Z01-CAME")
    for found in (rest, of_region):
        assert set(found.select("level", "unit_id", "measure").rows()) == own


def test_readers_see_with_whom_a_charter_was_made_and_no_count(seen):
    counts = ("patients_n", "staff_n", "carers_n", "conversations_n", "changes_n")
    row = {"ward_id": "Z01-MINE", "coproduced_patients": True, **dict.fromkeys(counts, 2)}
    for scope, number in ((TRUST, 2), (REGION, None), (GROUP, None)):
        (found,) = seen("charters", [row], scope).iter_rows(named=True)
        assert [found[name] for name in counts] == [number] * 5
        assert found["coproduced_patients"]


def test_a_list_is_quoted_in_order_and_nothing_is_in_an_empty_one(seen):
    assert listed({"b", "a'b", "a"}) == "('a', 'a''b', 'b')"
    assert listed(()) == "(NULL)"
    rows = [{"trust_code": "Z01"}, {"trust_code": None}]
    assert seen("returns", rows, trusts=()).is_empty()
    assert seen("peer_bands", [{"measure": "SECRET"}], restricted=()).height == 1


def test_a_total_that_counts_a_ward_now_of_another_trust_is_not_the_trust_s_own():
    trusts = pl.DataFrame(
        [("Z01", "Z01"), ("Z04", "Z01"), ("Z05", "Z01"), ("Z02", "Z02")],
        ["trust_code", "current_code"],
        orient="row",
    )
    columns = ["ward_id", "current_trust_code"]
    wards = [("Z01-A", "Z01"), ("Z04-B", "Z01"), ("Z05-C", "Z02"), ("Z02-D", "Z02")]
    then = [("Z01-A", "Z01"), ("Z04-B", "Z04"), ("Z05-C", "Z05"), ("Z02-D", "Z02")]
    today, earlier = (pl.DataFrame(rows, columns, orient="row") for rows in (wards, then))
    assert of_trusts({"Z01"}, trusts, today, earlier) == {
        "trusts": {"Z01", "Z04", "Z05"},
        "wards": {"Z01-A", "Z04-B"},
        "totals": {"Z01", "Z04"},
        "named": {"Z01", "Z04", "Z05"},
        "seen": {"Z01-A", "Z04-B"},
        "groups": (),
        "months": (),
    }
    assert of_trusts({"Z02"}, trusts, today, earlier)["totals"] == {"Z02"}
