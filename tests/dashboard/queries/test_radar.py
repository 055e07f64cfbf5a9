"""When each ward first tried each thing, and where its chart changed for the better."""

from datetime import date

import pytest

from dashboard.queries.radar import changes_for_the_better, tried
from tests.dashboard.queries.conftest import Holding

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


def seen(ward: str, level="ward"):
    return {"level": level, "unit_id": ward, "trust_code": ward[:3], "measure": "SS-O1"}


def event(unit: str, month: date, kind: str, level="ward", **about: object):
    known = {"level": level, "unit_id": unit, "month": month, "kind": kind, "source": "returns"}
    return known | about


def charter(ward: str, month: date, in_place: bool):
    return {"ward_id": ward, "month": month, "in_place": in_place}


def came(ward: str | None, people: int | None, forum="LF1"):
    return {"forum": forum, "trust_code": "Z01", "ward_id": ward, "people": people}


@pytest.fixture(scope="module")
def found():
    connection = Holding(
        observations=[seen("Z01-A"), seen("Z01-B"), seen("Z02-C"), seen("Z03", "trust")],
        charters=[
            charter("Z01-A", JANUARY, in_place=False),
            charter("Z01-A", MARCH, in_place=True),
            charter("Z01-A", APRIL, in_place=True),
            charter("Z01-B", APRIL, in_place=False),
        ],
        events=[
            event("Z01", MARCH, "training", level="trust"),
            event("Z01-A", FEBRUARY, "training"),
            event("Z01-A", APRIL, "learning"),
            event("Z03", APRIL, "training", level="trust"),
            event("Z02-C", MARCH, "test_of_change", label="Huddles"),
            event("Z02-C", MARCH, "test_of_change", label="Logged", source="change_tests"),
            event("Z02", MARCH, "test_of_change", level="trust", label="Of a trust"),
        ],
        forums=[{"forum": "LF1", "day": date(2026, 2, 17)}, {"forum": "LF2", "day": APRIL}],
        forum_attendance=[
            came("Z01-A", 3, "LF2"),
            came("Z01-A", 1),
            came("Z01-B", 0),
            came(None, 9),
        ],
        change_tests=[
            {"ward_id": "Z02-C", "idea": " huddles ", "starts": date(2026, 2, 9)},
            {"ward_id": "Z01-B", "idea": "HUDDLES", "starts": date(2026, 4, 30)},
        ],
    )
    return tried(connection).rows()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("charter", [("", "Z01-A", MARCH)]),
        ("training", [("", "Z01-A", FEBRUARY), ("", "Z01-B", MARCH)]),
        ("learning", []),
        ("forum", [("", "Z01-A", FEBRUARY)]),
    ],
)
def test_each_ward_tried_a_thing_in_the_first_month_that_says_so(found, kind, said):
    assert [row[1:] for row in found if row[0] == kind] == said


def test_the_same_idea_has_one_name_however_it_was_written(found):
    names = {(unit, month): name for kind, name, unit, month in found if kind == "test_of_change"}
    assert set(names) == {("Z01-B", APRIL), ("Z02-C", FEBRUARY)}
    assert len({*names.values()}) == 1


def test_what_changed_for_the_better_is_asked_of_figures_of_a_quarter_at_most():
    def point(month: date, kind: str, **about: object):
        return {**seen("Z01-A"), "month": month, "kind": kind, "value": 1.0, "months": 3, **about}

    points = [
        point(FEBRUARY, "improvement"),
        point(JANUARY, "concern"),
        point(MARCH, "improvement", months=4),
        point(MARCH, "improvement", value=None),
        point(MARCH, "improvement", measure="SS-O2"),
        point(MARCH, "improvement", level="trust"),
    ]
    rows = changes_for_the_better(Holding(points=points), "SS-O1").rows()
    assert rows == [("Z01-A", "Z01", JANUARY, False), ("Z01-A", "Z01", FEBRUARY, True)]
