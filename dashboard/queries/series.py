"""How has a measure changed month by month, what does its series show now, and what happened?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

from dashboard.queries.organisations import wards
from pipelines.statistics.headline import OF_FEW_WARDS

_SERIES = """
FROM points
WHERE level = $level AND list_contains($units::VARCHAR[], unit_id) AND measure = $measure
    AND ($since IS NULL OR month >= $since)
ORDER BY unit_id, month
"""


def series(
    connection: DuckDBPyConnection,
    level: str,
    units: Sequence[str],
    measure: str,
    since: date | None = None,
) -> pl.DataFrame:
    """The points of one measure for some units of a level, with their process limits."""
    about = {"level": level, "units": list(units), "measure": measure, "since": since}
    return connection.sql(_SERIES, params=about).pl()


_LATEST = """
SELECT p.*, m.short_name, m.unit, m.multiplier, m.direction
FROM points AS p
JOIN measures AS m USING (measure)
WHERE p.level = $level AND p.unit_id = $unit AND p.value IS NOT NULL AND NOT m.restricted
QUALIFY row_number() OVER (PARTITION BY p.measure ORDER BY p.month DESC) <= $number
ORDER BY m.sort, p.month
"""


def latest_points(
    connection: DuckDBPyConnection, level: str, unit: str, number: int
) -> pl.DataFrame:
    """The last few points of each measure of one unit, with how the measure is read."""
    about = {"level": level, "unit": unit, "number": number}
    return connection.sql(_LATEST, params=about).pl()


def charted(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The points of every measure and unit, with their process limits."""
    return connection.sql("FROM points ORDER BY level, unit_id, measure, month").pl()


_SIGNALS = """
SELECT * EXCLUDE (sort, is_open)
FROM judged
WHERE level = $level
    AND ($units IS NULL OR list_contains($units::VARCHAR[], unit_id))
    AND ($measures IS NULL OR list_contains($measures::VARCHAR[], measure))
    AND (NOT $open_only OR is_open)
ORDER BY unit_id, sort
"""


def signals(
    connection: DuckDBPyConnection,
    level: str,
    units: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    open_only: bool = False,
) -> pl.DataFrame:
    """The signal of every series of a level, with its measure and how completely it reports.

    A measure that is only listed where it was asked has none for a unit that never sent it.

    `open_only` leaves out wards that have closed: nothing about them is now. A total whose latest
    figure is based on under half of its wards (`few_wards`) is not judged.
    """
    about = {
        "level": level,
        "units": None if units is None else list(units),
        "measures": None if measures is None else list(measures),
        "open_only": open_only,
    }
    found = connection.sql(_SIGNALS, params=about).pl()
    few = pl.format(OF_FEW_WARDS, "wards", "wards_expected")
    return found.with_columns(
        headline=pl.when("few_wards").then(few).otherwise("headline"),
        sentence=pl.when("few_wards")
        .then(pl.format("{}: {}.", "short_name", few))
        .otherwise("sentence"),
    )


_ORDER = {"concern": 0, "improvement": 1, "neutral": 2}


def standing_out(
    connection: DuckDBPyConnection, measures: Sequence[str], trust: str | None = None
) -> pl.DataFrame:
    """The signals of open wards that stand out, with the wards' names: concerns first."""
    named = wards(connection, trust=trust).select(
        "ward_id", "ward_name", "trust_code", "trust_name", "peer_group", "peer_group_name"
    )
    now = signals(connection, level="ward", measures=measures, open_only=True).drop("trust_code")
    kind = pl.col("variation").str.split("_").list.first().replace_strict(_ORDER)
    return (
        now.filter(pl.col("variation").is_not_null() & (pl.col("variation") != "common"))
        .join(named, left_on="unit_id", right_on="ward_id", maintain_order="left")
        .sort(kind, "trust_name", "ward_name", maintain_order=True)
    )


_AMBITIONS = """
FROM ambitions
WHERE ($level IS NULL OR level = $level)
    AND ($unit IS NULL OR unit_id = $unit)
    AND ($measure IS NULL OR measure = $measure)
ORDER BY measure, level, unit_id, own
"""


def ambitions(
    connection: DuckDBPyConnection,
    level: str | None = None,
    unit: str | None = None,
    measure: str | None = None,
) -> pl.DataFrame:
    """How far each unit is with each ambition."""
    about = {"level": level, "unit": unit, "measure": measure}
    return connection.sql(_AMBITIONS, params=about).pl()


_OBSERVED = """
FROM observations
WHERE level = $level
    AND ($units IS NULL OR list_contains($units::VARCHAR[], unit_id))
    AND list_contains($measures::VARCHAR[], measure)
ORDER BY unit_id, measure, month
"""


def observed(
    connection: DuckDBPyConnection,
    level: str,
    measures: Sequence[str],
    units: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Numerators, denominators, values and states of some measures."""
    about = {
        "level": level,
        "measures": list(measures),
        "units": None if units is None else list(units),
    }
    return connection.sql(_OBSERVED, params=about).pl()


_BROUGHT = """
FROM baselines
WHERE ($unit IS NULL OR unit_id = $unit) AND list_contains($measures::VARCHAR[], measure)
ORDER BY unit_id, measure, month
"""


def brought(
    connection: DuckDBPyConnection, measures: Sequence[str], unit: str | None = None
) -> pl.DataFrame:
    """The figures of wards' baselines, which their charts begin with and nothing else counts."""
    return connection.sql(_BROUGHT, params={"measures": list(measures), "unit": unit}).pl()


_EVENTS = """
FROM events
WHERE (measure IS NULL OR measure = $measure)
    AND (level = 'programme' OR unit_id = $unit OR (level = 'trust' AND unit_id = $trust))
ORDER BY day, label
"""


def events(
    connection: DuckDBPyConnection, unit: str, measure: str, trust: str | None = None
) -> pl.DataFrame:
    """Events of the programme, of a unit and of its trust, for one measure, in order of day."""
    about = {"unit": unit, "measure": measure, "trust": trust}
    return connection.sql(_EVENTS, params=about).pl()


_RECORDED = """
SELECT e.*, r.received_at, r.received_by
FROM events AS e
LEFT JOIN returns AS r ON r.return_id = e.source
WHERE list_contains($units::VARCHAR[], e.unit_id)
ORDER BY e.day DESC, e.label
"""


def recorded(connection: DuckDBPyConnection, units: Sequence[str]) -> pl.DataFrame:
    """Events of these units, newest first, with the return they were sent in, if any.

    Events that concern everyone have the unit `programme`.
    """
    return connection.sql(_RECORDED, params={"units": list(units)}).pl()


_COVERAGE = """
SELECT * EXCLUDE (level)
FROM covered
WHERE level = $level
ORDER BY unit_id, measure
"""


def coverage(connection: DuckDBPyConnection, level: str) -> pl.DataFrame:
    """How many wards the latest figure of each total is based on, and of how many.

    `wards_expected` are those that had something to count, `nothing_to_count` the others.
    """
    return connection.sql(_COVERAGE, params={"level": level}).pl()


_BEFORE = "FROM suppressed ORDER BY level, unit_id, measure, month, months"


def suppressed_before(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The keys that `schemas.disclosure.mask` takes as `previously`."""
    return connection.sql(_BEFORE).pl()
