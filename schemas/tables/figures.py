"""The tables of figures: observations, points on their charts, and signals."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas.cells import STATES
from schemas.tables.kinds import ASSURANCE, CAUSES, CHARTS, KINDS, LEVELS, VARIATION
from schemas.tables.table import Table, nullable


class Observations(Table):
    """One measure of one unit in one month; every expected month is present."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = nullable(description="The current trust, for wards and trusts.")
    measure: str
    month: date
    numerator: float = nullable()
    denominator: float = nullable()
    value: float = nullable(description="Unscaled; empty unless the state is value or nil.")
    state: str = pa.Field(isin=[*STATES, "paused"])
    wards: pl.Int64 = pa.Field(description="Wards with a value that is included.")
    wards_expected: pl.Int64
    provisional: bool
    queried: bool = pa.Field(description="A query about it has no explanation.")
    return_id: str = nullable(description="For wards: the return it comes from.")


class Baselines(Table):
    """One measure of one ward in a month of its baseline: from before it joined, in no total."""

    level: str = pa.Field(isin=["ward"])
    unit_id: str
    trust_code: str = pa.Field(description="The current trust.")
    measure: str
    month: date
    numerator: float = nullable()
    denominator: float = nullable()
    value: float = nullable(description="Unscaled.")
    state: str = pa.Field(isin=["value", "nil"])
    provisional: bool
    queried: bool = pa.Field(description="A query about it has no explanation.")
    return_id: str = pa.Field(description="The baseline it comes from.")


class Points(Table):
    """An observation, or a quarter or year of observations, on its process chart."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = nullable()
    measure: str
    month: date = pa.Field(description="First month of the period the point covers.")
    months: pl.Int64 = pa.Field(
        description="Length of the period: 1 or 3; 12 only for figures in tables."
    )
    value: float = nullable()
    numerator: float = nullable()
    denominator: float = nullable()
    chart: str = pa.Field(isin=CHARTS)
    phase: pl.Int64 = pa.Field(ge=1)
    used_in_limits: bool
    centre: float = nullable()
    lower: float = nullable()
    upper: float = nullable()
    near_lower: float = nullable()
    near_upper: float = nullable()
    side: pl.Int64 = nullable()
    rule_outside: bool = nullable()
    rule_trend: bool = nullable()
    rule_two_of_three: bool = nullable()
    rule_shift: bool = nullable()
    cause: str = nullable(isin=CAUSES)
    high: bool = nullable()
    kind: str = nullable(isin=KINDS)
    trial: bool
    state: str = pa.Field(
        isin=[*STATES, "paused", "few", "baseline"],
        description="few: too few people answered for a percentage, so there is no value; "
        "baseline: from before the ward joined.",
    )
    provisional: bool
    queried: bool


class Signals(Table):
    """Each series now, and in words what its chart shows."""

    level: str = pa.Field(isin=LEVELS)
    unit_id: str
    trust_code: str = nullable()
    measure: str
    n: pl.Int64 = pa.Field(description="Points with a value.")
    chart: str = pa.Field(isin=CHARTS)
    months: pl.Int64
    phase: pl.Int64
    latest: date = nullable()
    value: float = nullable()
    numerator: float = nullable()
    denominator: float = nullable()
    centre: float = nullable()
    lower: float = nullable()
    upper: float = nullable()
    target: float = nullable(
        description="The target of the latest point’s month, against which it is judged: of the "
        "ambition if there is one."
    )
    variation: str = nullable(isin=VARIATION)
    assurance: str = nullable(isin=ASSURANCE)
    longest_run: pl.Int64 = nullable()
    longest_run_max: pl.Int64 = nullable()
    crossings: pl.Int64 = nullable()
    crossings_min: pl.Int64 = nullable()
    runs_signal: bool = nullable()
    chance: float = nullable(
        description="How likely a signal is by chance alone; the sum over series is the number "
        "expected by chance. Empty if the series is not judged, or was not simulated."
    )
    reason: str = pa.Field(description="Why this chart.")
    headline: str = pa.Field(
        description="What the latest phase holds and where the series is now; every run of points "
        "that stand out is named with its first and last month."
    )
    sentence: str = pa.Field(description="The headline with the latest figure and what to do.")
    hint_month: date = nullable(
        description="First month of a new level at which the series seems to have settled: a "
        "suggested rebase, never applied. Empty if there is none."
    )
    hint_sentence: str = nullable(description="The suggestion in words.")


class Ambitions(Table):
    """How far a unit is with an ambition: the path from its baseline, and where it is on it."""

    level: str = pa.Field(isin=["ward", "trust", "group", "programme"])
    unit_id: str
    trust_code: str = nullable()
    measure: str
    name: str
    own: bool = pa.Field(description="It is the trust’s or group’s own, not the programme’s.")
    judged: bool = pa.Field(description="The assurance icon judges against it.")
    by: date = pa.Field(description="The month by which it is to be reached.")
    change: float = nullable(description="In per cent of the baseline; empty for a fixed target.")
    target: float = nullable(description="Unscaled; empty if it can't be worked out.")
    baseline: float = nullable(description="Unscaled, as are all values: the mean of its months.")
    baseline_first: date = nullable()
    baseline_last: date = nullable(description="The path leads from here to the target.")
    now: float = nullable(description="The mean of the latest months, none of the baseline’s.")
    now_first: date = nullable()
    now_last: date = nullable()
    now_months: pl.Int64 = pa.Field(description="How many months with a figure that is.")
    now_path: float = nullable(description="The mean of the path over those months.")
    reason: str = nullable(description="Why there is no target to draw.")
    source: str = pa.Field(description="Where the ambition is written down.")
