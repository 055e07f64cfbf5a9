"""Variation and assurance icons, each with words that say the same.

The pictures are hidden from screen readers because the words are read out instead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote

from dashboard.charts import theme
from schemas.wording import starting

VARIATION = {
    "common": "As usual now",
    "improvement_high": "Improvement, higher than usual",
    "improvement_low": "Improvement, lower than usual",
    "concern_high": "Concern, higher than usual",
    "concern_low": "Concern, lower than usual",
    "neutral_high": "Higher than usual, neither better nor worse",
    "neutral_low": "Lower than usual, neither better nor worse",
}
ASSURANCE = {
    "pass": "Expected to meet the target",
    "hit_or_miss": "May or may not meet the target",
    "fail": "Not expected to meet the target unless something changes",
}
RESTLESS = "Has changed, more than chance explains"
_UNCHARTED = ("stage", "table")
_SIDE = 36
_USUAL = ((8, 20), (13, 15), (18, 21), (23, 15), (28, 19))
_CHANGED = ((7, 23), (12, 21), (17, 23), (20, 14), (25, 12), (29, 14))  # from one level to another
WHITE = theme.WHITE
_SVG = re.compile(r"<svg\b([^>]*)>(.*?)</svg>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?<![\w-])([\w-]+)="([^"]*)"')
_OF_THE_PAGE = {"class", "role", "aria-label", "aria-hidden", "focusable", "xmlns"}
_AS_IT_IS = "=:/;,()' "  # in the address of an image
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True)
class Icon:
    """A picture as SVG, and the words that say the same."""

    picture: str
    words: str

    def beside_words(self) -> str:
        """The picture with its words beside it, as markup."""
        return f'<span class="fs-icon">{self.picture}<span>{escape(self.words)}</span></span>'


def variation(signal: Mapping[str, object]) -> Icon:
    """The icon of a series now; an empty ring and the reason if it isn't judged."""
    kind = signal["variation"]
    if kind is None:
        return Icon(NOT_JUDGED, _unjudged(signal))
    if kind == "common" and signal["runs_signal"] and signal["chart"] == "run":
        return Icon(_wave(_CHANGED), RESTLESS)
    return Icon(_variation_picture(str(kind)), VARIATION[str(kind)])


def assurance(signal: Mapping[str, object]) -> Icon | None:
    """The icon of a series against its target; None if that isn't judged."""
    kind = signal["assurance"]
    return None if kind is None else Icon(_assurance_picture(str(kind)), ASSURANCE[str(kind)])


def _unjudged(signal: Mapping[str, object]) -> str:
    """Why a series isn't judged, as its headline says it."""
    if signal["chart"] in _UNCHARTED:
        return str(signal["reason"]).rstrip(".")
    return starting(str(signal["headline"]))


def _ring(outline: str, fill: str, inside: str) -> str:
    return (
        f'<svg class="fs-picture" aria-hidden="true" focusable="false" viewBox="0 0 36 36" '
        f'width="{_SIDE}" height="{_SIDE}"><circle cx="18" cy="18" r="16" fill="{fill}" '
        f'stroke="{outline}" stroke-width="2.5"/>{inside}</svg>'
    )


NOT_JUDGED = _ring("#768692", WHITE, "")


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="2.2" fill="{colour}"/>'


def _wave(places: Sequence[tuple[float, float]]) -> str:
    grey = theme.COMMON.outline
    return _ring(grey, WHITE, _line(places, grey) + "".join(_dot(*p, grey) for p in places))


def _variation_picture(kind: str) -> str:
    grey = theme.COMMON.outline
    if kind == "common":
        return _wave(_USUAL)
    what, _, way = kind.partition("_")
    look = {"improvement": theme.improvement("up"), "concern": theme.CONCERN}.get(
        what, theme.NEUTRAL
    )
    high = way == "high"
    places = [(7.5, 24), (12.5, 21), (18, 23)] if high else [(7.5, 13), (12.5, 16), (18, 13.5)]
    if what == "improvement" and not high:
        look = replace(look, shape="triangle-down")
    mark = mark_at(look, 25.5, 12.5 if high else 24, 5)
    letter = (
        f'<text x="11" y="{16 if high else 28}" font-family="{theme.FONT}" '
        f'font-size="10" font-weight="bold" text-anchor="middle" fill="{look.outline}">'
        f"{'H' if high else 'L'}</text>"
    )
    inside = _line([*places, (25.5, 12.5 if high else 24)], grey)
    return _ring(
        look.outline, WHITE, inside + "".join(_dot(*p, grey) for p in places) + mark + letter
    )


def _assurance_picture(kind: str) -> str:
    heights = {
        "pass": [12, 9.5, 13, 10],
        "fail": [25, 22.5, 26, 23],
        "hit_or_miss": [12, 23, 14, 24],
    }[kind]
    outline = {"pass": theme.DARK_BLUE, "fail": "#7a3300"}.get(kind, theme.COMMON.outline)
    places = list(zip((9, 15, 21, 27), heights, strict=True))
    target = (
        f'<line x1="5" x2="31" y1="18" y2="18" stroke="{theme.RED}" stroke-width="1.5" '
        'stroke-dasharray="4 2"/>'
    )
    return _ring(
        outline,
        WHITE,
        target + _line(places, outline) + "".join(_dot(*place, outline) for place in places),
    )


def mark_at(look: theme.Look, x: float, y: float, r: float, width: float = 1.5) -> str:
    """One marker as SVG, in the shapes that charts use."""
    paint = f'fill="{look.fill}" stroke="{look.outline}" stroke-width="{width}"'
    if look.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.8:.1f}" {paint}/>'
    corners = {
        "triangle-up": [(0, -1), (0.95, 0.75), (-0.95, 0.75)],
        "triangle-down": [(0, 1), (0.95, -0.75), (-0.95, -0.75)],
        "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
        "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    }[look.shape]
    path = " ".join(f"{x + dx * r:.1f},{y + dy * r:.1f}" for dx, dy in corners)
    return f'<polygon points="{path}" {paint} stroke-linejoin="round"/>'


def as_images(markup: str) -> str:
    """The same markup with every `svg` as an `img`, its label as alternative text if it has one."""
    return _SVG.sub(lambda match: _image(match[1], match[2]), markup)


@lru_cache(maxsize=4096)  # a screen shows the same few icons many times, and again on every rerun
def _image(attributes: str, drawn: str) -> str:
    about = dict(_ATTRIBUTE.findall(attributes))
    own = "".join(f' {name}="{about[name]}"' for name in about if name not in _OF_THE_PAGE)
    # A screen has hundreds: a quotation mark that needs no code makes each a fifth shorter.
    svg = f"<svg{_XMLNS}{own}>{drawn}</svg>".replace('"', "'")
    sizes = "".join(f' {name}="{about[name]}"' for name in ("width", "height") if name in about)
    label = escape(unescape(about.get("aria-label", "")))
    return (
        f'<img class="{about.get("class", "")}" alt="{label}"{sizes} '
        f'src="data:image/svg+xml,{quote(svg, safe=_AS_IT_IS)}">'
    )
