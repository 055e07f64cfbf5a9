"""A release in which wards started something, one is silent and two have one name; its screens."""

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
    tables = started_release.tables(pl.concat([figures, silent]))
    twin = pl.when(pl.col("ward_id") == "Z03-B").then(pl.lit("Ward A of Z03"))
    tables["wards"] = tables["wards"].with_columns(ward_name=twin.otherwise("ward_name"))
    tiny_release.write(home, tables)
    return home


@pytest.fixture
def visit(folder, monkeypatch, open_screen):
    monkeypatch.setenv("FEELING_SAFE_HOME", str(folder))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return open_screen
