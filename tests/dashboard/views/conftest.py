"""What every test of a screen begins with: nobody has asked too often yet, and nobody is known."""

from collections.abc import Iterator

import pytest

from dashboard.sign_ins import SignIns
from dashboard.views import door


@pytest.fixture(autouse=True)
def _nobody_was_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(door, "SIGN_INS", SignIns())
    door.rate_limits.cache_clear()
    yield
    door.rate_limits.cache_clear()
