"""A release in which wards have started something, one sends no figure, and its screens."""

import polars as pl
import pytest

from dashboard.page import session
from tests.dashboard import started_release, tiny_release
from tests.dashboard.tiny_release import TODAY
from tests.pipelines.effect.programmes import programme


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("started")
    figures = programme(0.15)
    silent = figures.filter(pl.col("unit") == "Z02-A").with_columns(
        unit=pl.lit("Z25-A"), cluster=pl.lit("Z25"), numerator=pl.lit(None, pl.Int64)
    )
    tiny_release.write(home, started_release.tables(pl.concat([figures, silent])))
    return home


@pytest.fixture
def visit(folder, monkeypatch, open_screen):
    monkeypatch.setenv("FEELING_SAFE_HOME", str(folder))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return open_screen
