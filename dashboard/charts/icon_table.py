"""The icon table: units by measures, each cell with its icons, its value, and its completeness."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard import numbers
from dashboard.charts import icons, table

REPORTING = {
    "complete": "Complete returns",
    "confirmed_nil": "Always a nil return",
    "partial": "Some months missing",
    "joiner": "Joined part-way",
    "null": "Few or no returns",
}


def rows(
    signals: pl.DataFrame,
    measures: Sequence[Mapping[str, object]],
    names: Mapping[str, str],
    reporting: Mapping[tuple[str, str], str] | None = None,
    link: str | None = None,
) -> list[dict[str, object]]:
    """One row for each unit in `names`, in that order; one cell of markup for each measure.

    `reporting` gives the class of (unit, measure); `link` is an address with {unit} and {measure}
    in it, for drill-through.
    """
    found = {(row["unit_id"], row["measure"]): row for row in signals.iter_rows(named=True)}
    return [
        {
            "unit": name,
            **{
                str(measure["measure"]): _cell(
                    found.get((unit, measure["measure"])),
                    measure,
                    (reporting or {}).get((unit, str(measure["measure"]))),
                    _address(link, unit, str(measure["measure"])),
                )
                for measure in measures
            },
        }
        for unit, name in names.items()
    ]


def html(
    caption: str,
    rows: Sequence[Mapping[str, object]],
    measures: Sequence[Mapping[str, object]],
    unit_heading: str = "Ward",
) -> str:
    """The icon table as HTML; its first column stays in sight when it scrolls sideways."""
    columns = [table.Column("unit", unit_heading, row_header=True)]
    columns += [table.Column(str(m["measure"]), _heading(m), markup=True) for m in measures]
    return f'<div class="fs-icons">{table.html(caption, columns, rows)}</div>'


def _heading(measure: Mapping[str, object]) -> str:
    name, unit = str(measure["short_name"]), str(measure["unit"])
    return f"{name}, {numbers.UNITS[unit]}" if unit == "per_1000_bed_days" else name


def _address(link: str | None, unit: str, measure: str) -> str | None:
    return link and link.format(unit=quote(unit), measure=quote(measure))


def _cell(
    signal: Mapping[str, object] | None,
    measure: Mapping[str, object],
    reporting: str | None,
    address: str | None,
) -> str:
    if not signal or not signal["n"]:
        return "No data"
    unit = str(measure["unit"])
    read = numbers.reading(numbers.scaled(signal["value"], measure["multiplier"]), unit)
    made_of = numbers.out_of(signal["numerator"], signal["denominator"], unit)
    value = escape(f"{read} ({made_of})" if made_of else read)
    if address:
        value = f'<a href="{escape(address)}" target="_self">{value}</a>'
    points = {1: "months", 3: "quarters", 12: "rolling years"}.get(int(signal["months"]), "periods")
    facts = [f"{signal['n']} {points}"]
    if reporting:
        facts.append(REPORTING[reporting])
    return (
        f"{icons.variation(signal['variation'])}{icons.assurance(signal['assurance'])}"
        f'<span class="fs-value">{value}</span>'
        f'<span class="fs-facts">{escape(". ".join(facts))}</span>'
    )
