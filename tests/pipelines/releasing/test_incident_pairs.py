"""Who was affected, by whom, is counted for the wards and months that sent it."""

from datetime import date

import polars as pl

from pipelines.releasing.incident_pairs import incident_pairs

JULY = date(2026, 7, 1)
GRID = pl.DataFrame(
    {
        "ward_id": ["Z01-A", "Z01-B", "Z02-C", "Z03-D"],
        "trust_code": ["Z01", "Z01", "Z02", "Z03"],
        "month": [JULY] * 4,
        "expected": [True, True, True, False],
        "current_ward_id": ["Z01-A", "Z01-A", "Z02-C", "Z03-D"],
        "current_trust_code": ["Z01", "Z01", "Z02", "Z03"],
    }
)


def sent(ward: str, field: str, number: float | None) -> dict[str, object]:
    return {
        "ward_id": ward, "trust_code": ward[:3], "month": JULY, "field": field, "number": number,
        "state": "missing" if number is None else "value",
    }  # fmt: skip


def test_blanks_are_0_where_any_figure_was_sent_and_joined_wards_are_added_up() -> None:
    cells = pl.DataFrame(
        [
            sent("Z01-A", "inc_patient_by_patient", 2.0),
            sent("Z01-A", "inc_staff_by_staff", None),
            sent("Z01-B", "inc_patient_by_patient", 3.0),  # today the same ward as the first
            sent("Z02-C", "inc_visitor_by_unknown", None),  # never filled in
            sent("Z03-D", "inc_patient_by_patient", 7.0),  # not in the collaborative
            sent("Z02-C", "inc_affected_patient", 4.0),
            sent("Z02-C", "inc_patient_by_staff", 0.0) | {"state": "nil"},
        ]
    )
    found = incident_pairs(cells, GRID)
    assert found.height == 12
    assert found.unique(["ward_id", "trust_code", "month"]).height == 1
    assert found.filter(pl.col("incidents") > 0).select(
        "ward_id", "affected", "alleged", "incidents"
    ).rows() == [("Z01-A", "patient", "patient", 5)]


def test_nothing_sent_is_no_rows() -> None:
    assert incident_pairs(
        pl.DataFrame(
            schema=GRID.schema | {"field": pl.String, "number": pl.Float64, "state": pl.String}
        ),
        GRID,
    ).is_empty()
