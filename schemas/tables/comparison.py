"""The tables that compare units with their peers."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas.tables.kinds import CATEGORIES
from schemas.tables.table import Table, nullable


class Comparisons(Table):
    """A unit in its peer group over a window of months."""

    level: str = pa.Field(isin=["ward", "trust"])
    unit_id: str
    trust_code: str = nullable()
    measure: str
    peer_group: str
    first_month: date
    last_month: date
    n: float = nullable(description="Numerator over the window.")
    d: float = nullable(description="Denominator over the window.")
    value: float = nullable()
    z: float = nullable()
    centre: float = nullable()
    lower95: float = nullable()
    upper95: float = nullable()
    lower998: float = nullable()
    upper998: float = nullable()
    category: str = pa.Field(isin=CATEGORIES)
    phi: float = nullable()
    tau2: float = nullable()
    units: pl.Int64 = pa.Field(description="Units compared.")
    left_out: pl.Int64 = pa.Field(description="Units left out: too few months returned.")


class PeerBands(Table):
    """The spread of a peer group in one month, already suppressed and without names."""

    peer_group: str
    peer_group_name: str
    measure: str
    month: date
    wards: pl.Int64 = nullable(description="Wards in the band; empty where suppressed.")
    left_out: pl.Int64 = nullable()
    p10: float = nullable()
    p20: float = nullable()
    p30: float = nullable()
    p40: float = nullable()
    p50: float = nullable()
    p60: float = nullable()
    p70: float = nullable()
    p80: float = nullable()
    p90: float = nullable()
    state: str = pa.Field(isin=["value", "suppressed"])
    suppression_reason: str = nullable()


class Suppressed(Table):
    """A figure that isn't shared: an earlier version hid it, or its month waits for a trust."""

    level: str = pa.Field(isin=["ward", "trust", "programme"])
    unit_id: str
    measure: str
    month: date = pa.Field(description="The month, or the last month of a year.")
    months: pl.Int64 = pa.Field(isin=[1, 12], description="12 for a year to March.")
