"""The columns of the tidy table: one row for each figure, for analysts and their programs."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas.cells import STATES
from schemas.tables.kinds import ASSURANCE, CAUSES, CHARTS, KINDS, LEVELS, VARIATION
from schemas.tables.table import Table, nullable

_TOTALS = (
    "Wards with a value that is included in a total; empty for sharing and for longer periods."
)


class Tidy(Table):
    """One figure of one unit and measure in one period: a month, a quarter of a chart, or a year.

    Figures are in the unit that people read. A number that isn't there is empty, never a word, and
    `state` says why. For sharing, figures are masked and every column from `chart` on is empty:
    average, limits and signals would be worked out from figures that may be hidden. Use periods of
    one length (`months`) at a time: longer ones count the same months again, and years overlap.
    """

    release: str = pa.Field(description="The release that the row comes from.")
    level: str = pa.Field(isin=LEVELS, description="What the unit is.")
    unit_id: str = pa.Field(description="The unit’s code.")
    unit_name: str = pa.Field(description="Its latest name.")
    trust_code: str = nullable(description="The current trust, for wards and trusts.")
    peer_group: str = nullable(description="The peer group, for wards.")
    measure: str = pa.Field(description="The measure’s code.")
    measure_name: str = pa.Field(description="Its name.")
    value_unit: str = pa.Field(
        isin=["percent", "per_1000_bed_days", "count", "days"], description="What the value is in."
    )
    multiplier: pl.Int64 = pa.Field(
        description="What numerator ÷ denominator is multiplied by: 100 for percentages, 1,000 for "
        "rates, otherwise 1."
    )
    direction: str = pa.Field(isin=["up", "down", "none"], description="Which way is better.")
    target: float = nullable(
        description="In the value’s unit: the measure’s own, or the path of the ambition that the "
        "series is judged by, as the mean of the period; for sharing only the measure’s own."
    )
    first_month: date = pa.Field(description="First month of the period, as its first day.")
    month: date = pa.Field(description="The month, or the last month of a longer period.")
    months: pl.Int64 = pa.Field(
        description="Length of the period: 1; 3 for a point that adds up a quarter; 12 for a year."
    )
    numerator: pl.Int64 = nullable(description="What the measure counts.")
    denominator: pl.Int64 = nullable(
        description="What it is counted out of; empty for a measure without one."
    )
    value: float = nullable(description="In the value’s unit, to six decimal places.")
    rounding: str = pa.Field(description="“exact”, “none” without a value, or how it is rounded.")
    state: str = pa.Field(
        isin=[*STATES, "paused", "few", "baseline", "suppressed"],
        description="few: too few people answered for a percentage, so there is no value.",
    )
    suppression_reason: str = nullable(description="Why a figure is hidden; empty if it isn’t.")
    provisional: bool = nullable(description="It may still change; empty for sharing.")
    queried: bool = nullable(description="A query about it has no explanation; empty for sharing.")
    wards: pl.Int64 = nullable(description=_TOTALS)
    wards_expected: pl.Int64 = nullable(
        description="Wards that a total should include; empty where the number before is."
    )
    chart: str = nullable(
        isin=CHARTS,
        description="The kind of chart that the row is on; empty if it is on none.",
    )
    phase: pl.Int64 = nullable(description="Stretch of the series with its own limits, from 1.")
    used_in_limits: bool = nullable(description="The limits are worked out from it, too.")
    trial: bool = nullable(description="The limits rest on few points.")
    centre: float = nullable(
        description="Average or median, in the value’s unit; lines are empty where the value is."
    )
    lower: float = nullable(description="Lower limit, clipped to what is possible.")
    upper: float = nullable(description="Upper limit, clipped to what is possible.")
    near_lower: float = nullable(description="Two thirds of the way to the lower limit.")
    near_upper: float = nullable(description="Two thirds of the way to the upper limit.")
    rule_outside: bool = nullable(description="Beyond a limit; rules are empty if not judged.")
    rule_trend: bool = nullable(description="Part of a run of points going the same way.")
    rule_two_of_three: bool = nullable(description="One of two out of three points near a limit.")
    rule_shift: bool = nullable(description="Part of a run of points on one side of the centre.")
    cause: str = nullable(isin=CAUSES, description="The rule that decides the point’s kind.")
    kind: str = nullable(isin=KINDS, description="Kind of variation at this point.")
    variation: str = nullable(
        isin=VARIATION,
        description="The series now, in the row of its latest point only; empty if not judged.",
    )
    assurance: str = nullable(
        isin=ASSURANCE,
        description="Against the target or ambition, in the row of the latest point only.",
    )
    running_sum: float = nullable(
        description="How far the counts are above what is usual so far, in events, at each month "
        "of a measure too rare for limits (a CUSUM for a doubling of the series’ own average)."
    )
    threshold: float = nullable(
        description="What chance alone seldom takes a running sum over; then it starts again at 0. "
        "Where nothing changes, at most 4% of series of 24 months pass it, 8% of 36 and 19% of 60, "
        "if one event a month is usual or less. Empty where the average rests on under six events."
    )
    climb: bool = nullable(description="Part of a climb of the running sum over its threshold.")
