"""Turns every observation into a point on its process chart."""

import narwhals as nw
from narwhals.typing import IntoFrameT

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method

COLUMNS = (
    "series",
    "date",
    "value",
    "numerator",
    "denominator",
    "phase",
    "used_in_limits",
    "centre",
    "lower",
    "upper",
    "near_lower",
    "near_upper",
    "side",
    "rule_outside",
    "rule_trend",
    "rule_two_of_three",
    "rule_shift",
    "cause",
    "high",
    "kind",
    "trial",
)
HOUSE = Method()


def points(data: IntoFrameT, method: Method = HOUSE) -> IntoFrameT:
    """Put each series on its chart: one row for each date, in order, with the columns `COLUMNS`.

    Takes a polars frame (lazy or not), a DuckDB relation or a Spark frame and returns the same.
    Needs `date` and `value`, or `date`, `numerator` and `denominator`; may have `series`,
    `target`, `direction`, `phase_start`, `exclude`, `unit` and `stretch` (a number that changes
    at a pause of the programme). A row without a value is a missing month, as is one whose
    denominator is below its `fewest`, if there is such a column.
    """
    frame = charted(nw.from_native(data), method)
    native: IntoFrameT = frame.sort("series", "date").select(*COLUMNS).to_native()
    return native
