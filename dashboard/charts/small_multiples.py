"""Many wards side by side on one scale: small charts in four columns, or fewer on a phone."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard.charts import process, sparkline


def rows(
    points: pl.DataFrame, measure: Mapping[str, object], names: Mapping[str, str]
) -> list[dict[str, object]]:
    """One row for each unit in `names`, in that order, with the rows of its process chart."""
    by_unit = {key[0]: frame for key, frame in points.partition_by("unit_id", as_dict=True).items()}
    return [
        {
            "unit": unit,
            "name": name,
            "rows": process.rows(by_unit[unit], measure) if unit in by_unit else [],
        }
        for unit, name in names.items()
    ]


def html(
    rows: Sequence[Mapping[str, object]],
    measure: Mapping[str, object],
    sentences: Mapping[str, str],
    link: str | None = None,
    captions: Mapping[str, str] | None = None,
) -> str:
    """The charts as a list of figures; `sentences` say what each unit's series shows now.

    `link` is an address with {unit} in it. `captions` are markup, already escaped, shown in place
    of a unit's sentence, which is still the chart's alternative text.
    """
    unit, direction = str(measure["unit"]), str(measure["direction"])
    shared = sparkline.scale([point for row in rows for point in row["rows"]], unit)
    if shared is None:
        return '<p class="fs-empty">There are no values to show yet.</p>'
    figures = []
    for row in rows:
        words = sentences.get(str(row["unit"]), "")
        picture = (
            sparkline.svg(row["rows"], shared, unit, direction, f"{row['name']}. {words}")
            if any(point.get("v") is not None for point in row["rows"])
            else '<p class="fs-empty">No data</p>'
        )
        figures.append(
            f"<li><figure><figcaption><strong>{_name(row, link)}</strong><br>"
            f"{(captions or {}).get(str(row['unit']), escape(words))}"
            f"</figcaption>{picture}</figure></li>"
        )
    return f'<ul class="fs-multiples">{"".join(figures)}</ul>'


def _name(row: Mapping[str, object], link: str | None) -> str:
    name = escape(str(row["name"]))
    if not link:
        return name
    address = escape(link.format(unit=quote(str(row["unit"]))))
    return f'<a href="{address}" target="_self">{name}</a>'
