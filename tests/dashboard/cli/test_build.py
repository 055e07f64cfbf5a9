"""Which engine works out the points, and the message if it can't."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app, build
from dashboard.cli.errors import Exit


@pytest.mark.parametrize(
    ("found", "java", "sentence"),
    [(None, "java", "install feeling-safe[spark]"), ("pyspark", None, "Spark needs Java")],
)
def test_spark_that_is_not_there_is_said_before_anything_is_built(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    found: str | None,
    java: str | None,
    sentence: str,
) -> None:
    monkeypatch.setattr(build, "find_spec", lambda name: found)
    monkeypatch.setattr(build, "which", lambda name: java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    result = CliRunner().invoke(app.app, ["build", "--engine", "spark", "--home", str(tmp_path)])
    assert result.exit_code == Exit.WRONG_USE
    assert sentence in result.stderr
    assert list(tmp_path.iterdir()) == []
