"""The tiny programme of `tests/worlds.py`, made once for reading and copied for writing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from tests import worlds


@pytest.fixture(scope="session")
def small_home(once: Callable[..., Path]) -> Home:
    """Every return of fourteen months and their release; only read it."""

    def make(root: Path) -> None:
        build(worlds.small_world(root), worlds.received(worlds.LAST))

    return Home(once("small-home", make))


@pytest.fixture
def own_home(small_home: Home, tmp_path: Path) -> Home:
    """A copy of the small home that the test may change."""
    return Home(Path(shutil.copytree(small_home.root, tmp_path / "home")))


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A session on this machine, for plans far longer than their data.

    Nothing is compiled or planned again while it runs, as that would take most of the time.
    """
    sql = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.constraintPropagation.enabled": "false",
    }
    session = sql.SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
