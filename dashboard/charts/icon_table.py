"""The icon table: a line for each unit, and for each measure its icons, value and gaps.

Words are read out by screen readers, shown when a pointer or the keyboard reaches the icons, and
written in full in the same table in words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard import numbers
from dashboard.charts import icons, table
from schemas.wording import counted, starting

# The address that shows where a figure came from: unit, measure, first month, number of months.
Source = Callable[[str, str, str, int], str]

_BY_STAGE = ("stage", "table")  # charts whose value says all: an icon would add nothing
_RING = "Not judged: the reason is in its words"
_GAPS = '<sup class="fs-mark" aria-hidden="true">*</sup>'


@dataclass(frozen=True)
class Completeness:
    """How complete a figure is, in words, and whether anything is missing from it."""

    words: str
    gaps: bool


REPORTING = {
    "complete": Completeness("Complete returns", gaps=False),
    "confirmed_nil": Completeness("Always a nil return", gaps=False),
    "partial": Completeness("Some months missing", gaps=True),
    "joiner": Completeness("Joined part-way", gaps=True),
    "null": Completeness("Few or no returns", gaps=True),
}


@dataclass(frozen=True)
class Links:
    """Where the parts of the table lead.

    `chart` is an address with {unit} and {measure} in it. `source` gives the address that shows
    where a figure came from, for a unit, a measure, its first month and its number of months.
    """

    chart: str | None = None
    source: Source | None = None

    def to_chart(self, unit: str, measure: str) -> str | None:
        """The address of the chart of one measure of one unit."""
        return self.chart and self.chart.format(unit=quote(unit), measure=quote(measure))


@dataclass(frozen=True)
class Figure:
    """One measure of one unit now: what a cell of the table shows."""

    signal: Mapping[str, object]
    measure: Mapping[str, object]
    name: str
    complete: Completeness | None

    @property
    def icons(self) -> tuple[icons.Icon, ...]:
        """How it varies and how it stands against its target; none if there are no data."""
        if not self.signal["n"] or self.signal["chart"] in _BY_STAGE:
            return ()
        both = icons.variation(self.signal), icons.assurance(self.signal)
        return tuple(icon for icon in both if icon)

    @property
    def value(self) -> str:
        """The latest value, without the unit that its column's heading names."""
        number = numbers.scaled(self.signal["value"], self.measure["multiplier"])
        return numbers.reading(number, str(self.measure["unit"]))

    @property
    def based_on(self) -> str:
        """The counts behind the value, without the bed days that its column's heading names."""
        counts = self.signal["numerator"], self.signal["denominator"]
        return numbers.out_of(*counts, str(self.measure["unit"])).removesuffix(" bed days")

    @property
    def facts(self) -> str:
        """How many points there are, and how complete the figure is."""
        points = {1: "month", 3: "quarter", 12: "month"}[int(self.signal["months"])]
        known = [counted(int(self.signal["n"]), points)]
        return ". ".join([*known, self.complete.words] if self.complete else known)


@dataclass(frozen=True)
class Row:
    """A unit and its figures: one for each measure, None if there is none."""

    unit: str
    name: str
    figures: tuple[Figure | None, ...]


def rows(
    signals: pl.DataFrame,
    measures: Sequence[Mapping[str, object]],
    names: Mapping[str, str],
    complete: Mapping[tuple[str, str], Completeness],
) -> list[Row]:
    """One row for each unit in `names`, in that order; `complete` is by unit and measure."""
    found = {(row["unit_id"], row["measure"]): row for row in signals.iter_rows(named=True)}

    def figure(unit: str, measure: Mapping[str, object]) -> Figure | None:
        at = unit, str(measure["measure"])
        return Figure(found[at], measure, names[unit], complete.get(at)) if at in found else None

    return [Row(unit, names[unit], tuple(figure(unit, m) for m in measures)) for unit in names]


def html(
    caption: str,
    rows: Sequence[Row],
    columns: Sequence[table.Column],
    links: Links,
) -> str:
    """The icon table as HTML, with the key of its icons above it.

    The first of its `columns` holds the names of the units and stays in view when the table scrolls
    sideways; each name leads to the chart of the first measure.
    """
    first = columns[1].key if len(columns) > 1 else ""

    def name(row: Row) -> str:
        return _linked(escape(row.name), links.to_chart(row.unit, first))

    markup = _table(caption, rows, columns, name, lambda figure: _cell(figure, links))
    return f'{_key(rows)}<div class="fs-icons">{markup}</div>'


def in_words(caption: str, rows: Sequence[Row], columns: Sequence[table.Column]) -> str:
    """The same table with the words of each icon in place of its picture."""
    markup = _table(caption, rows, columns, lambda row: escape(row.name), _words)
    return f'<div class="fs-words">{markup}</div>'


def _table(
    caption: str,
    rows: Sequence[Row],
    columns: Sequence[table.Column],
    name: Callable[[Row], str],
    cell: Callable[[Figure | None], str],
) -> str:
    """A line for each row: the unit as `name` makes it, then each figure as `cell` does."""
    unit, *measures = columns
    shown = [
        {
            unit.key: name(row),
            **{
                column.key: cell(figure)
                for column, figure in zip(measures, row.figures, strict=True)
            },
        }
        for row in rows
    ]
    return table.html(caption, columns, shown, scrolls=True)


def columns(
    measures: Sequence[Mapping[str, object]], unit_heading: str = "Ward", leads: str = ""
) -> list[table.Column]:
    """The names of the units, then the measures in the order given.

    The heading of each measure leads to an address with {measure} in it, if there is one.
    """
    return [
        table.Column("unit", unit_heading, row_header=True, markup=True),
        *(
            table.Column(
                str(about["measure"]),
                _heading(about),
                markup=True,
                leads=leads.format(measure=quote(str(about["measure"]))),
            )
            for about in measures
        ),
    ]


def _heading(measure: Mapping[str, object]) -> str:
    name, unit = str(measure["short_name"]), str(measure["unit"])
    return f"{name}, {numbers.UNITS[unit]}" if unit == "per_1000_bed_days" else name


def _key(rows: Sequence[Row]) -> str:
    """What each icon of the table means, in the order of the icons' own lists."""
    seen = {icon for row in rows for figure in row.figures if figure for icon in figure.icons}
    judged = [icon for icon in seen if icon.picture != icons.NOT_JUDGED]
    order = [*icons.VARIATION.values(), icons.RESTLESS, *icons.ASSURANCE.values()]
    kept = [(i.picture, i.words) for i in sorted(judged, key=lambda i: order.index(i.words))]
    if len(judged) < len(seen):
        kept.append((icons.NOT_JUDGED, _RING))
    complete = [figure.complete for row in rows for figure in row.figures if figure]
    if any(known and known.gaps for known in complete):
        kept.append((_GAPS, "Some of its months or wards are missing"))
    items = "".join(f"<li>{picture}{escape(meaning)}</li>" for picture, meaning in kept)
    return f'<ul class="fs-key fs-icon-key">{items}</ul>' if items else ""


def _cell(figure: Figure | None, links: Links) -> str:
    if figure is None or not figure.signal["n"]:
        return _no_figure(figure)
    signal, about = figure.signal, f", {figure.measure['short_name']}, {figure.name}"
    unit, measure = str(signal["unit_id"]), str(signal["measure"])
    value = f'<span class="fs-value">{escape(figure.value)}</span>'
    if links.source and signal["latest"]:
        at = f"{signal['latest']:%Y-%m}", int(signal["months"] or 1)
        traced = links.source(unit, measure, *at)
        hint = _unseen(f": where this figure came from{about}")
        value = f'<a href="{traced}" target="_self">{value}{hint}</a>'  # already escaped
    mark = _GAPS if figure.complete and figure.complete.gaps else ""
    facts = f' <span class="fs-facts">{escape(figure.based_on)}{mark}</span>'
    pictures = _pictures(figure, about, links.to_chart(unit, measure))
    return f'<span class="fs-line">{pictures} {value}{facts}</span>'


def _pictures(figure: Figure, about: str, address: str | None) -> str:
    """The icons, with their words in a note that a pointer or the keyboard brings up."""
    if not figure.icons:
        return ""
    said = [*(icon.words for icon in figure.icons), figure.facts]
    hint = _unseen(f": the chart{about}") if address else ""
    note = f'<span class="fs-tip">{escape(". ".join(said))}.{hint}</span>'
    inner = f"{''.join(icon.picture for icon in figure.icons)}{note}"
    if address:
        return f'<a class="fs-chart" href="{escape(address)}" target="_self">{inner}</a>'
    return f'<span class="fs-chart">{inner}</span>'


def _words(figure: Figure | None) -> str:
    if figure is None or not figure.signal["n"]:
        return _no_figure(figure)
    value = f"{figure.value} ({figure.based_on})" if figure.based_on else figure.value
    said = [*(icon.words for icon in figure.icons), figure.facts]
    return f"<strong>{escape(value)}</strong> {escape('. '.join(said))}"


def _no_figure(figure: Figure | None) -> str:
    return starting(escape(str(figure.signal["headline"]))) if figure else "No data"


def _linked(inner: str, address: str | None) -> str:
    return f'<a href="{escape(address)}" target="_self">{inner}</a>' if address else inner


def _unseen(words: str) -> str:
    """Words that only a screen reader reads out, so that each link says where it leads."""
    return f'<span class="fs-hidden">{escape(words)}</span>'
