"""A programme to which nothing has been sent for a year still knows what is due."""

from datetime import date

import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports.chase_list import chased
from dashboard.queries.organisations import people
from dashboard.queries.returns import returns_grid
from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from pipelines.status import status
from schemas.periods import Month
from tests import worlds

TODAY = date(2026, 2, 20)
TEAM = Scope("programme", frozenset(), worlds.TEAM, "")
SENT = worlds.received(Month(2025, 1))


@pytest.fixture
def home(tmp_path) -> Home:
    made = worlds.empty_world(tmp_path / "home")
    worlds.send(made, "Z01", Month(2025, 1))
    return made


def grid_of(home: Home, today: date = TODAY):
    return returns_grid(store.cursor(build(home, SENT), TEAM), today)


def test_every_month_that_has_ended_is_in_the_grid_and_on_the_chase_list(home):
    grid = grid_of(home)
    assert grid["month"].n_unique() == 13
    missing = dict(grid.filter(state="missing").group_by("trust_code").len().iter_rows())
    assert missing == {"Z01": 12, "Z02": 13}
    asked = chased(grid, people(store.cursor(build(home, SENT), TEAM)), TODAY)
    assert [len(one.due) for one in asked] == [12, 13]


def test_the_grid_and_the_status_command_say_the_same(home):
    grid = grid_of(home)
    said = status(home.root, TODAY)
    shown = {(r["trust_code"], f"{r['month']:%Y-%m}"): r["state"] for r in grid.to_dicts()}
    told = {(c, str(m)): state for c, months in said.states.items() for m, state in months.items()}
    assert shown == told


def test_what_is_closed_final_and_opened_again_is_known_on_a_later_day(home):
    until = date(2026, 2, 27)
    at = worlds.received(Month(2026, 1), 18)
    decide.reopen(
        home, "Z02", "2025-01", Decided(worlds.TEAM, at, "A new system"), until, worlds.TEAM
    )
    grid = grid_of(home)

    def of(trust: str, month: date) -> dict[str, object]:
        return grid.filter(trust_code=trust, month=month).row(0, named=True)

    first = date(2025, 1, 1)
    assert (of("Z01", first)["too_late"], of("Z01", first)["provisional"]) == (False, False)
    assert (of("Z02", first)["too_late"], of("Z02", first)["open_again"]) == (False, True)
    assert of("Z02", date(2025, 2, 1))["too_late"]
    assert of("Z02", first)["open_until"] == until
    last = of("Z01", date(2026, 1, 1))
    assert (last["too_late"], last["open_again"]) == (False, False)
    early = grid_of(home, date(2025, 3, 1)).filter(trust_code="Z01", month=first)
    assert early["provisional"].item()
