"""A tiny programme with its last month open, and drafts of it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.drafting.basis import Basis, basis_of
from pipelines.keeping.drafts import Draft
from pipelines.keeping.home import Home
from schemas.periods import Month
from schemas.returns import TEMPLATE_VERSION
from tests import worlds

FIRST, LAST = Month(2025, 10), Month(2026, 2)
NEXT = LAST + 1
NOW = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
OWN = frozenset({"Z01"})


@pytest.fixture(scope="session")
def sent_home(tmp_path_factory) -> Home:
    folder = tmp_path_factory.mktemp("drafting") / "home"
    return worlds.small_world(folder, FIRST, LAST, first_month=str(FIRST))


@pytest.fixture
def home(sent_home, tmp_path) -> Home:
    """Two trusts that have sent every month but the last."""
    return Home(Path(shutil.copytree(sent_home.root, tmp_path / "home")))


@pytest.fixture
def basis(home) -> Callable[..., Basis]:
    """What a month's drafts are made on."""

    def make(month: Month = NEXT, trust: str = "Z01", when: datetime = NOW) -> Basis:
        return basis_of(home, trust, month, when.date(), frozenset({trust}))

    return make


@pytest.fixture
def draft() -> Callable[..., Draft]:
    """A ward's draft with what `worlds` sends for it; give None to leave a figure blank."""

    def make(ward: str = "ALDER1", month: Month = NEXT, **changes: object) -> Draft:
        row = worlds.monthly_row(ward, month) | changes
        typed = {
            name: value
            for name, value in row.items()
            if name not in ("period", "ward_code") and value not in (None, "")
        }
        return Draft("Z01", str(month), ward, typed, worlds.LEAD, NOW, TEMPLATE_VERSION)

    return make
