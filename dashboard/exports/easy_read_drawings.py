"""What an easy-read sheet draws: people one by one, and the marks of a chart and their meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.charts import icons, process, theme
from dashboard.exports.html_document import Picture
from schemas import wording

_IN_A_ROW = 10
_MARKS = {
    theme.COMMON.words: "A month with the usual ups and downs.",
    theme.CONCERN.words: "A sign that things got worse. It is unlikely to be chance.",
    theme.NEUTRAL.words: "A sign that something changed. It is unlikely to be chance.",
    theme.improvement("up").words: "A sign that things got better. It is unlikely to be chance.",
}


@dataclass(frozen=True)
class Mark:
    """One kind of mark on a chart, and what it means."""

    svg: str
    words: str


def marks(
    rows: Sequence[Mapping[str, object]], points: pl.DataFrame, direction: str
) -> Iterator[Mark]:
    """What each mark on a chart means, in the order in which a reader meets them."""
    drawn = [row for row in rows if row["row"] == "point" and row["v"] is not None]
    for look in theme.looks(direction):
        if any(row["look"] == look.words for row in drawn):
            yield Mark(_symbol_of(icons.mark_at(look, 10, 10, 6)), _MARKS[look.words])
    if any(row["hollow"] for row in drawn):
        ring = f'<circle cx="10" cy="10" r="5" fill="#fff" stroke="{theme.GREY}" stroke-width="2"/>'
        yield Mark(_symbol_of(ring), "A hollow mark: this number may still change.")
    if any(row["c"] is not None for row in drawn):
        stroke = f'stroke="{theme.INK}" stroke-width="2"'
        yield Mark(_line(stroke), f"This line is the {process.middle(points).lower()}.")
    if any(row["l"] is not None or row["u"] is not None for row in drawn):
        dashes = f'stroke="{theme.GREY}" stroke-width="2" stroke-dasharray="4 3"'
        yield Mark(_line(dashes), "Most months are between the dashed lines.")
    if any(row["row"] == "band" for row in rows):
        box = f'<rect x="2" y="2" width="16" height="16" fill="{theme.RULE}"/>'
        yield Mark(_symbol_of(box), "Grey: there is no figure for these months.")


def _symbol_of(drawn: str) -> str:
    """A mark as SVG; the words beside it say what it is, so screen readers pass over it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20" '
        f'aria-hidden="true">{drawn}</svg>'
    )


def _line(paint: str) -> str:
    return _symbol_of(f'<line x1="1" x2="19" y1="10" y2="10" {paint}/>')


def people(filled: int, every: int) -> Picture:
    """People in rows of ten, the filled ones first."""
    rows = -(-every // _IN_A_ROW)
    drawn = "".join(
        _person(10 + 24 * (i % _IN_A_ROW), 4 + 44 * (i // _IN_A_ROW), i < filled)
        for i in range(every)
    )
    wide, tall = 24 * min(every, _IN_A_ROW) + 4, 44 * rows + 4
    alt = f"{wording.counted(every, 'figure')}, {filled} of them filled in."
    return Picture(
        f'<svg class="fs-people" role="img" aria-label="{alt}" viewBox="0 0 {wide} {tall}" '
        f'width="{wide}" height="{tall}" xmlns="http://www.w3.org/2000/svg">{drawn}</svg>',
        alt,
    )


def _person(x: int, y: int, filled: bool) -> str:
    fill = theme.DARK_BLUE if filled else theme.WHITE
    paint = f'fill="{fill}" stroke="{theme.DARK_BLUE}" stroke-width="1.8"'
    return (
        f'<circle cx="{x + 4}" cy="{y + 7}" r="6" {paint}/>'
        f'<path d="M{x - 4} {y + 38} v-14 a8 8 0 0 1 16 0 v14 z" {paint}/>'
    )
