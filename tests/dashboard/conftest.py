"""What tests of the dashboard share: a small series, two measures, and opening a screen."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.page import last_save, page, session
from dashboard.shared import Shared
from schemas.periods import Month
from schemas.release import Ambitions, Points
from schemas.typed import typed
from tests.patience import PATIENCE

FIRST = Month(2024, 4)
VALUES = (0.9, 1.0, 0.6, 0.8, 0.75, 0.5, 0.7, 0.9, 0.8, 0.85, 1.0, 0.9, 0.8, 0.75)


@pytest.fixture
def safe() -> dict[str, object]:
    """The measure of patients who feel safe, as a row of `measures`."""
    return {
        "measure": "SS-O1",
        "name": "Patients who feel safe from sexual harm",
        "short_name": "Patients who feel safe",
        "topic": "feeling_safe",
        "unit": "percent",
        "multiplier": 100,
        "direction": "up",
        "target": 100.0,
    }


@pytest.fixture
def reported() -> dict[str, object]:
    """The measure of all reported incidents, as a row of `measures`."""
    return {
        "measure": "SS-I1",
        "name": "All reported sexual safety incidents",
        "short_name": "All reported incidents",
        "topic": "incidents",
        "unit": "per_1000_bed_days",
        "multiplier": 1000,
        "direction": "none",
        "target": None,
    }


@pytest.fixture
def aimed() -> Callable[..., pl.DataFrame]:
    """Ambitions of the series of `safe`: from 60% to 90%; each change makes one."""

    def make(*changes: dict[str, object]) -> pl.DataFrame:
        rows = [{**_AIMED, **change} for change in changes or ({},)]
        return Ambitions.validate(typed(pl.DataFrame(rows, infer_schema_length=None), Ambitions))

    return make


_AIMED = {
    "level": "ward",
    "unit_id": "Z01-ALDER1",
    "trust_code": "Z01",
    "measure": "SS-O1",
    "name": "a made-up ambition",
    "own": False,
    "judged": True,
    "by": date(2025, 9, 1),
    "change": 50.0,
    "target": 0.9,
    "baseline": 0.6,
    "baseline_first": date(2024, 4, 1),
    "baseline_last": date(2024, 9, 1),
    "now": 0.72,
    "now_first": date(2024, 12, 1),
    "now_last": date(2025, 5, 1),
    "now_months": 6,
    "now_path": 0.75,
    "source": "Made up for tests.",
}


@pytest.fixture
def series() -> Callable[..., pl.DataFrame]:
    """Points of one ward; `change` maps a position to the columns that differ there."""

    def make(
        values: tuple[float | None, ...] = VALUES,
        change: dict[int, dict[str, object]] | None = None,
        **everywhere: object,
    ) -> pl.DataFrame:
        rows = [
            {**_point(position, value), **everywhere, **(change or {}).get(position, {})}
            for position, value in enumerate(values)
        ]
        return Points.validate(pl.DataFrame(rows, schema=_SCHEMA))

    return make


@pytest.fixture
def events() -> pl.DataFrame:
    """A charter, and in a later month a training day and a rebase."""
    about = {"level": "ward", "unit_id": "Z01-ALDER1", "trust_code": "Z01", "measure": None}
    days = [
        (date(2024, 6, 12), "charter", "Charter displayed"),
        (date(2024, 9, 2), "training", "Training day"),
        (date(2024, 9, 20), "rebase", "Survey moved to tablets"),
    ]
    return pl.DataFrame(
        [
            {
                **about,
                "event_id": str(number),
                "day": day,
                "month": day.replace(day=1),
                "kind": kind,
                "label": label,
                "source": "a decision",
            }
            for number, (day, kind, label) in enumerate(days)
        ]
    )


def _point(position: int, value: float | None) -> dict[str, object]:
    seen = value is not None
    limits = {"centre": 0.8, "lower": 0.45, "upper": 1.15, "near_lower": 0.57, "near_upper": 1.03}
    return {
        "level": "ward",
        "unit_id": "Z01-ALDER1",
        "trust_code": "Z01",
        "measure": "SS-O1",
        "month": (FIRST + position).first_day,
        "months": 1,
        "value": value,
        "numerator": round(value * 12, 6) if seen else None,
        "denominator": 12.0 if seen else None,
        "chart": "xmr",
        "phase": 1,
        "used_in_limits": seen,
        **(limits if seen else dict.fromkeys(limits)),
        "side": None,
        "rule_outside": False,
        "rule_trend": False,
        "rule_two_of_three": False,
        "rule_shift": False,
        "cause": None,
        "high": None,
        "kind": "common" if seen else None,
        "trial": False,
        "state": "value" if seen else "missing",
        "provisional": False,
        "queried": False,
    }


_SCHEMA = {name: column.dtype.type for name, column in Points.to_schema().columns.items()}


OpenScreen = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _nobody_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Shared()
    monkeypatch.setattr(session, "shared", lambda: memory)
    monkeypatch.setattr(session, "_BUILDERS", {})
    monkeypatch.setattr(last_save, "PATIENCE", PATIENCE)


@pytest.fixture
def at_the_door(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, datetime], None]:
    """Serves the programme in a folder, at a moment."""

    def serve(home: Path, now: datetime) -> None:
        monkeypatch.setenv("FEELING_SAFE_HOME", str(home))
        monkeypatch.setattr(session, "today", now.date)
        monkeypatch.setattr(session, "now", lambda: now)

    return serve


@pytest.fixture
def open_screen(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, quick_app_test: None
) -> OpenScreen:
    """Opens a screen as a person, with what its address and the session say."""

    def open_as(
        email: str | None, path: str, held: dict[str, object] | None = None, **address: str
    ) -> AppTest:
        monkeypatch.setattr(session, "demo_person", lambda: email)
        monkeypatch.setattr(page, "EXPANDED", True)  # what is folded away is part of the screen
        script = str(request.config.rootpath / "dashboard/app.py")
        app = AppTest.from_file(script, default_timeout=PATIENCE)
        for name, value in address.items():
            app.query_params[name.replace("_", "-")] = value
        for name, value in (held or {}).items():
            app.session_state[name] = value
        app._page_hash = calc_hash(path)
        return app.run()

    return open_as
