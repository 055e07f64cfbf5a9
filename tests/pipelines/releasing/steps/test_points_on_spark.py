"""A release's points and signals are the same whether Spark works them out or this machine."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.measures import load
from pipelines.releasing.points import points_and_signals
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.release import Observations
from schemas.typed import typed

PROGRAMME = Programme(name="A programme", fictional=True, first_month="2022-01")
MONTHS = [month.first_day for month in months(Month(2022, 1), Month(2024, 4))]


def observations():
    """Percentages, rates, quarters, a table and a stage, with gaps and months without incidents."""
    rows = []
    for measure, top, bottom in (
        ("SS-O1", 9.0, 15.0),
        ("SS-I1", 6.0, 480.0),
        ("SS-P11", 40.0, 77.0),
        ("SS-I3", 1.0, 480.0),
        ("SS-P7", 1.0, 3.0),
        ("SS-P1", 1.0, 1.0),
        ("SS-I8", 1.0, None),
    ):
        for i, month in enumerate(MONTHS):
            state = "missing" if i % 9 == 4 else "value"
            state = "not_applicable" if measure == "SS-P7" and i % 5 == 0 else state
            n = top + (i % 3) * (measure != "SS-P1") + 3 * (i > 14 and measure == "SS-O1")
            there = state == "value"
            rows.append(
                {
                    "level": "ward",
                    "unit_id": "Z01-ALDER1",
                    "trust_code": "Z01",
                    "measure": measure,
                    "month": month,
                    "numerator": n if there else None,
                    "denominator": bottom if there else None,
                    "value": (n / bottom if bottom else n) if there else None,
                    "state": state,
                    "wards": 1,
                    "wards_expected": 1,
                    "provisional": i > 25,
                    "queried": False,
                }
            )
    return typed(pl.DataFrame(rows, infer_schema_length=None), Observations)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.usefixtures("spark")
def test_spark_gives_the_same_points_and_signals():
    from pipelines.releasing.steps.points_on_spark import charted_on_spark

    given = observations(), load(), None, (), PROGRAMME
    ours = points_and_signals(*given)
    theirs = points_and_signals(*given, charted_on_spark)
    for here, there in zip(ours, theirs, strict=True):
        assert here.height > 0
        assert_frame_equal(here, there, check_exact=True)
