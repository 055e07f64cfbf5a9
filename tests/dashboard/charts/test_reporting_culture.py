"""Reporting culture: a dot can be chosen, and says which ward it is."""

import json

import polars as pl

from dashboard.charts import reporting_culture, selection
from dashboard.words import reporting_culture as words


def compared(*values: float | None) -> pl.DataFrame:
    rows = [
        {"unit_id": f"Z01-W{n}", "n": None if v is None else 100 * v, "d": 100.0, "value": v}
        for n, v in enumerate(values)
    ]
    return pl.DataFrame(rows, schema_overrides={"n": pl.Float64, "value": pl.Float64})


def test_a_dot_is_chosen_by_its_ward() -> None:
    assert selection.fields(reporting_culture.spec()) == ("unit",)
    assert '"cursor": "pointer"' in json.dumps(reporting_culture.spec())


def test_a_ward_is_drawn_only_with_both_figures() -> None:
    found = words.levels(compared(0.8, None, 0.9), compared(0.01, 0.02, 0.0))
    rows = reporting_culture.rows(found, {f"Z01-W{n}": "Elm" for n in range(3)})
    assert [row["unit"] for row in rows] == ["Z01-W0", "Z01-W2"]
    assert [row["reporting"] for row in rows] == ["Reported incidents", "Reported none"]
