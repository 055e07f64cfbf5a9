"""A chart as a file that stands by itself."""

from collections.abc import Callable

import polars as pl
import pytest

from dashboard.charts import process
from dashboard.exports import chart_pictures

BEGINNINGS = {"png": b"\x89PNG", "svg": b"<svg "}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_chart_is_a_file_of_its_kind(
    kind: str, series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    spec = process.spec(process.reading(safe))
    rows = process.rows(series(), safe)
    named = chart_pictures.titled(spec, "Safe", ["Higher is better."])
    made = chart_pictures.picture(named, rows, kind, alt="A<b")
    assert made.startswith(BEGINNINGS[kind])
    assert "datasets" not in spec
    assert "title" not in spec


def test_an_svg_carries_its_words(series: Callable[..., pl.DataFrame], safe: dict) -> None:
    spec = process.spec(process.reading(safe))
    rows = process.rows(series(), safe)
    long = "It is safer than usual < before & after. " * 4
    named = chart_pictures.titled(spec, long)
    svg = chart_pictures.picture(named, rows, "svg", alt='Says "A" & <b>').decode()
    title = ("It is safer than usual &lt; before &amp; after. " * 4).strip()
    described = "Says &quot;A&quot; &amp; &lt;b&gt;"
    assert svg.split(">", 1)[1].startswith(f"<title>{title}</title><desc>{described}</desc>")
    assert 'role="img" aria-label="Says &quot;A&quot; &amp; &lt;b&gt;"' in svg
    assert "It is safe" in svg
    untitled = chart_pictures.picture(spec, rows, "svg").decode()
    assert 'role="img"' not in untitled[:20]
    assert "<title>" not in untitled, "a browser would show it over the page"
