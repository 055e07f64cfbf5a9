"""Works out points on Spark, for a programme too large for one machine."""

from typing import Any

import narwhals as nw
import polars as pl
import polars.selectors as cs

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method


def charted_on_spark(series: pl.DataFrame, method: Method) -> pl.DataFrame:
    """Chart series as `charted` does, in the running Spark session or else on this machine.

    The same functions give the same points, sorted as signals need them. Needs the extra `spark`
    and Java.
    """
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession() or (
        SparkSession.builder.appName("feeling-safe")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    sent = session.createDataFrame(series.to_arrow())
    made = pl.from_arrow(charted(nw.from_native(sent), method, _kept).to_native().toArrow())
    whole = pl.DataFrame(made).with_columns(cs.integer().cast(pl.Int64))
    order = ("series", "phase", pl.col("value").is_null(), "date")  # missing months come last
    # Spark numbers groups and stretches separately in each series; signals need them to be unique.
    return whole.sort(*order).with_columns(
        pl.struct("series", counter).rle_id().cast(pl.Int64).alias(counter)
        for counter in ("group", "stretch")
    )


def _kept(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Work out the rows once and keep them; otherwise every chart would start from scratch."""
    return nw.from_native(frame.to_native().localCheckpoint())
