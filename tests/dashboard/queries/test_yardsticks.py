"""The newest figure of each survey, beside what the trust itself sent."""

from datetime import date

import pytest

from dashboard.queries.yardsticks import yardsticks
from tests.dashboard.queries.conftest import Holding


def survey(trust: str, source: str, year: int, asked_of="staff") -> dict[str, object]:
    about = {"trust_code": trust, "source": source, "asked_of": asked_of}
    return about | {"period_from": date(year, 4, 1), "value": year / 10_000}


def compared(trust: str, measure: str, value: float, level="trust") -> dict[str, object]:
    return {"level": level, "unit_id": trust, "measure": measure, "value": value}


@pytest.fixture(scope="module")
def connection():
    return Holding(
        yardsticks=[
            survey("Z01", "NHS", 2024),
            survey("Z01", "NHS", 2025),
            survey("Z01", "CQC", 2023, "patients"),
            survey("Z02", "NHS", 2024),
        ],
        trusts=[
            {"trust_code": "Z01", "trust_name": name, "valid_from": date(year, 1, 1)}
            for name, year in (("Now", 2025), ("Once", 2020))
        ],
        comparisons=[
            compared("Z01", "patients", 0.7),
            compared("Z01", "staff", 0.8),
            compared("Z01", "incidents", 3.0),
            compared("Z01", "staff", 0.1, level="ward"),
            compared("Z02", "patients", 0.2),
        ],
    )


@pytest.mark.parametrize("trust", [None, "Z01", "Z02"])
def test_each_survey_stands_beside_what_the_same_people_told_the_trust(connection, trust):
    found = yardsticks(connection, "patients", "staff", "incidents", trust)
    rows = [
        ("CQC", "Now", 0.2023, 0.7, 3.0),
        ("NHS", "Now", 0.2025, 0.8, 3.0),
        ("NHS", "Z02", 0.2024, None, None),
    ]
    of_trust = {None: rows, "Z01": rows[:2], "Z02": rows[2:]}[trust]
    assert found.select("source", "trust_name", "value", "felt", "reported").rows() == of_trust
