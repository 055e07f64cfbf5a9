"""A chart as a picture: PNG or SVG, with its title and its source inside it."""

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Literal

import vl_convert

from dashboard.charts import theme
from pipelines import typography

Kind = Literal["png", "svg"]
WIDTH = 900
_VEGA_LITE = "6.4"


def titled(
    spec: Mapping[str, object], title: str, notes: Sequence[str] = (), width: int = WIDTH
) -> dict[str, object]:
    """The spec of a chart with its title, and `notes` as lines under it."""
    return {
        **spec,
        "title": {
            "text": wrap(title, max(24, width // 9)) or [""],
            "subtitle": [line for note in notes for line in wrap(note, max(30, width // 7))],
            "frame": "group",
        },
    }


def picture(
    spec: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
    kind: Kind,
    *,
    alt: str = "",
    width: int = WIDTH,
) -> bytes:
    """A shown chart as a file of the given kind.

    An SVG carries `alt` as its label, and the title of the chart, if it has one, as its own. PNG is
    drawn at twice its size, for print.
    """
    typography.use_in_pictures()
    whole = _with_rows(spec, rows, width)
    if kind == "png":
        return vl_convert.vegalite_to_png(whole, vl_version=_VEGA_LITE, scale=2)
    drawn = _labelled(vl_convert.vegalite_to_svg(whole, vl_version=_VEGA_LITE), alt)
    return _named(drawn, spec.get("title"), alt).encode()


def png_of(svg: str) -> bytes:
    """A drawing as pixels, at twice its size, for a file that can’t hold the drawing itself."""
    typography.use_in_pictures()
    return vl_convert.svg_to_png(svg, scale=2)


def _with_rows(
    spec: Mapping[str, object], rows: Sequence[Mapping[str, object]], width: int
) -> dict[str, object]:
    return {
        **spec,
        "width": width,
        "data": {"name": theme.SOURCE},
        "datasets": {theme.SOURCE: list(rows)},
    }


def _labelled(svg: str, alt: str) -> str:
    """The SVG with its alternative text, one picture to a screen reader."""
    if not alt:
        return svg
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def _named(svg: str, title: Mapping[str, object] | None, alt: str) -> str:
    """The SVG with a title and description of its own, and its typeface: it stands alone.

    A picture inside a document has none: a browser would show them over whatever is pointed at,
    and the document brings the typeface.
    """
    if not title:
        return svg
    words = f"<title>{escape(' '.join(title['text']))}</title><desc>{escape(alt)}</desc>"
    head, rest = svg.split(">", 1)
    return f"{head}>{words}<style>{typography.font_face()}</style>{rest}"
