"""A chart as a file that stands by itself."""

from collections.abc import Callable

import polars as pl
import pytest

from dashboard.charts import process
from dashboard.exports import chart_pictures

BEGINNINGS = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg "}


@pytest.mark.parametrize("kind", chart_pictures.TYPES)
def test_a_chart_is_a_file_of_its_kind(
    kind: str, series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    spec = process.spec(**process.settings(safe))
    rows = process.rows(series(), safe)
    made = chart_pictures.picture(
        spec, rows, kind, title="Safe", notes=["Higher is better."], alt="A<b"
    )
    assert made.startswith(BEGINNINGS[kind])
    assert "datasets" not in spec
    assert "title" not in spec


def test_an_svg_carries_its_words(series: Callable[..., pl.DataFrame], safe: dict) -> None:
    spec = process.spec(**process.settings(safe))
    rows = process.rows(series(), safe)
    svg = chart_pictures.picture(
        spec, rows, "svg", title="It is safe", alt='Says "A" & <b>'
    ).decode()
    assert 'role="img" aria-label="Says &quot;A&quot; &amp; &lt;b&gt;"' in svg
    assert "It is safe" in svg
    assert 'role="img"' not in chart_pictures.picture(spec, rows, "svg").decode()[:20]
