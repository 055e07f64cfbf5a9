"""Tables that work with a screen reader, a keyboard and a phone: plain HTML, all escaped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import polars as pl

from dashboard import numbers
from dashboard.charts import process
from dashboard.charts.figure_links import linked


@dataclass(frozen=True)
class Column:
    """One column: the key of its value in a row, its heading, and how it is displayed.

    `markup` is for cells that the caller has already escaped, such as an icon; `whole` for codes,
    which stay on one line. `leads` is the address that the heading leads to, if any.
    """

    key: str
    heading: str
    number: bool = False
    row_header: bool = False
    markup: bool = False
    whole: bool = False
    leads: str = ""


@dataclass(frozen=True)
class Table:
    """A table before it is laid out, on a screen or on paper."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]

    def html(self) -> str:
        """The table as markup."""
        return html(self.caption, self.columns, self.rows)

    def texts(self) -> list[list[str]]:
        """The words of each row, for paper; no column may be markup."""
        return [[_words(row.get(column.key)) for column in self.columns] for row in self.rows]


def html(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    note: str = "",
    *,
    scrolls: bool = False,
) -> str:
    """A table as HTML that scrolls sideways inside its own labelled region on a narrow screen.

    An empty cell shows “No data”; a table without rows says so in a sentence. On a phone, a wide
    table, at least half of it words, shows each row as a short list, unless it always `scrolls`.
    """
    wordy = 2 * sum(column.number for column in columns) <= len(columns)
    stacks = len(columns) > 3 and wordy and not scrolls
    body = "".join(
        f"<tr>{''.join(_cell(column, row.get(column.key), stacks) for column in columns)}</tr>"
        for row in rows
    )
    if not body:
        return f'<p class="fs-empty">{escape(caption)}: there is nothing to show.</p>'
    heads = "".join(f'<th scope="col"{_set(column)}>{_heading(column)}</th>' for column in columns)
    foot = f'<p class="fs-note">{escape(note)}</p>' if note else ""
    return (
        f'<div class="fs-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="fs-table{" fs-stacks" if stacks else ""}">'
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{foot}"
    )


def of_points(
    caption: str,
    points: pl.DataFrame,
    measure: Mapping[str, object],
    link: Callable[[str, int], str] | None = None,
    ambitions: pl.DataFrame | None = None,
) -> Table:
    """The table under a process chart, latest month first: what was drawn, in words.

    `link` gives the address that shows where a figure came from, for its first month and its
    number of months. Each of the `ambitions` that has a path adds a column.
    """
    unit = measure["unit"]
    columns = [
        Column("when", "Month", row_header=True),
        Column("read", numbers.AXES[unit], number=True, markup=link is not None),
        Column("based_on", "Based on", number=True),
        Column("says", "What it shows"),
        Column("centre", process.middle(points), number=True),
        Column("lower", "Lower limit", number=True),
        Column("upper", "Upper limit", number=True),
    ]
    if unit in ("count", "days"):
        columns = [column for column in columns if column.key != "based_on"]
    drawn = [row for row in process.rows(points, measure) if row["row"] == "point"]
    rows = [_point_row(row, unit, link) for row in drawn]
    for ambition in process.drawn_ambitions(ambitions):
        name = process.PATHS[ambition["own"]]
        columns.append(Column(name, name, number=True))
        asked = process.aims(points, measure, ambition)
        for point, row in zip(drawn, rows, strict=True):
            row[name] = asked[str(point["month"])]
    return Table(caption, columns, rows[::-1])


def _point_row(
    row: Mapping[str, object], unit: str, link: Callable[[str, int], str] | None
) -> dict[str, object]:
    if row["v"] is None:
        words = numbers.STATES.get(str(row["state"]), "No data")
        return {
            "when": row["when"],
            **dict.fromkeys(("read", "based_on", "centre", "lower", "upper"), "–"),
            **({"based_on": row["based_on"]} if row["state"] == "few" else {}),
            "says": words,
        }
    says = [str(row["look"]), *(str(row[part]) for part in ("why", "note") if row[part])]
    if row["state"] == "nil":
        says.insert(0, numbers.STATES["nil"])

    def line(name: str) -> str:
        return "None" if row[name] is None else numbers.reading(row[name], unit)

    return {
        "when": row["when"],
        "read": _read(row, unit, link),
        "based_on": row["based_on"],
        "centre": line("c"),
        "lower": line("l"),
        "upper": line("u"),
        "says": ". ".join(says),
    }


def _read(row: Mapping[str, object], unit: str, link: Callable[[str, int], str] | None) -> str:
    words = numbers.reading(row["v"], unit)
    if link is None:
        return words
    address = link(str(row["month"])[:7], round(row["m1"] - row["m0"]))
    return f'<a href="{address}" target="_self">{escape(words)}</a>'


def unbroken(words: object) -> str:
    """Text, such as a month, that stays on one line in a narrow column."""
    return str(words).replace(" ", "\N{NO-BREAK SPACE}")


def _heading(column: Column) -> str:
    if column.leads:
        return linked(column.heading, escape(column.leads))
    return escape(column.heading)


def _cell(column: Column, value: object, stacks: bool) -> str:
    text = _words(value)
    inner = text if column.markup and value else escape(text)
    if column.row_header:
        return f'<th scope="row"{_set(column)}>{inner}</th>'
    heading = f' data-heading="{escape(column.heading)}"' if stacks else ""
    return f"<td{_set(column)}{heading}>{inner}</td>"


def _words(value: object) -> str:
    return numbers.STATES["missing"] if value is None or value == "" else str(value)


def _set(column: Column) -> str:
    if column.number:
        return ' class="fs-number"'
    return ' class="fs-whole"' if column.whole else ""
