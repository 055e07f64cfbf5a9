"""The preview of new limits is what the next release shows."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines import measures
from pipelines.keeping import decide
from pipelines.keeping.decide import UnitCodes
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.releasing.steps.rebase_preview import points_by_phase, with_new_limits
from schemas.periods import Month
from tests import worlds

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return worlds.small_world(tmp_path_factory.mktemp("proposed") / "home", last=Month(2026, 5))


def of_series(release: Path, table: str, level: str, unit: str, measure: str) -> pl.DataFrame:
    where = f"level = '{level}' AND unit_id = '{unit}' AND measure = '{measure}'"
    order = "" if table == "signals" else "ORDER BY month"
    return release_file.read(release, f"SELECT * FROM {table} WHERE {where} {order}")  # noqa: S608


@pytest.mark.parametrize(
    ("level", "unit", "trust", "ward", "measure"),
    [
        ("ward", "Z01-ALDER1", "Z01", "ALDER1", "SS-O1"),
        ("ward", "Z01-ALDER1", "Z01", "ALDER1", "SS-P4"),
        ("trust", "Z02", "Z02", None, "SS-O2"),
        ("programme", "programme", None, None, "SS-I1"),
    ],
)
def test_the_preview_is_what_the_release_becomes(home, level, unit, trust, ward, measure):
    decide.rebase(
        home,
        UnitCodes(trust, ward),
        measure,
        "2025-05",
        Decided(worlds.TEAM, AT, "An earlier change"),
    )
    before = build(home, AT)
    events = release_file.read(before, "SELECT * FROM events").filter(unit_id=unit)
    about = next(m for m in measures.load() if m.id == measure)
    points, signals = with_new_limits(
        of_series(before, "observations", level, unit, measure),
        events,
        about,
        Month(2025, 11),
        home.programme,
    )
    decide.rebase(
        home,
        UnitCodes(trust, ward),
        measure,
        "2025-11",
        Decided(worlds.TEAM, AT, "The survey changed"),
    )
    after = build(home, AT)
    assert after != before
    assert points.equals(of_series(after, "points", level, unit, measure))
    now = of_series(after, "signals", level, unit, measure).drop("chance")  # of all series together
    assert signals.select(now.columns).equals(now)
    assert len(points_by_phase(points)) >= 2
    assert sum(points_by_phase(points).values()) == points["value"].count()
