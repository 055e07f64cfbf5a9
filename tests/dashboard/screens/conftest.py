"""What tests of screens share: a programme at a moment, a person who opens a screen of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.identity import SignIns
from dashboard.page import page, session

OpenScreen = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _nobody_was_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(session, "SIGN_INS", SignIns())
    session.rate_limits.cache_clear()
    yield
    session.rate_limits.cache_clear()


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
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, components_found_once: None
) -> OpenScreen:
    """Opens a screen as a person, with what its address and the session say."""

    def open_as(
        email: str | None, path: str, session: dict[str, object] | None = None, **address: str
    ) -> AppTest:
        monkeypatch.setattr(session, "demo_person", lambda: email)
        monkeypatch.setattr(page, "UNFOLDED", True)  # what is folded away is part of the screen
        script = str(request.config.rootpath / "dashboard/app.py")
        app = AppTest.from_file(script, default_timeout=60)
        for name, value in address.items():
            app.query_params[name.replace("_", "-")] = value
        for name, held in (session or {}).items():
            app.session_state[name] = held
        app._page_hash = calc_hash(path)
        return app.run()

    return open_as
