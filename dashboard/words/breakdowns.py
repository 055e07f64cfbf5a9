"""Who feels safe by group in words: what can be said of each category, and what can't."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipelines.statistics.shares import interval
from schemas import wording

TOO_FEW = "too few people"
_NOT_ALIKE = (
    "Groups are not spread evenly over wards, and the same people can answer in several months. So "
    "a difference can come from the wards and not from the group, and intervals are rather too "
    "narrow."
)
NOTES = (
    "The dashed line is everybody who answered. A category that is too small is hidden, and others "
    "with it, so that it can’t be worked out from the rest. Wards and single months are never "
    "shown."
)
NOTHING_YET = (
    "There is nothing to show yet. A quarter of the programme, or a trust’s year to March, appears "
    "once the figures of all its months are final, if any of its returns has breakdowns."
)


def read(rows: pl.DataFrame) -> list[dict[str, object]]:
    """Each category as it is drawn and read: % who feel safe, 95% interval, counts or “too few”."""
    return [_read(row) for row in rows.filter(pl.col("sort") > 0).iter_rows(named=True)]


def _read(row: Mapping[str, object]) -> dict[str, object]:
    category, answered, safe = row["category"], row["answered"], row["safe"]
    if answered is None:
        said = {"read": TOO_FEW, "between": TOO_FEW, "counts": TOO_FEW}
        return {
            "category": category,
            "heading": f"{category}: {TOO_FEW}",
            **dict.fromkeys(("v", "low", "high")),
            **said,
        }
    low, high = (100 * end for end in interval(safe, answered))
    share = 100 * safe / answered
    return {
        "category": category,
        "heading": f"{category}: {share:.0f}% of {answered:,}",
        "v": share,
        "low": low,
        "high": high,
        "read": f"{share:.0f}%",
        "between": f"{low:.0f}% to {high:.0f}%",
        "counts": f"{safe:,} of {answered:,}",
    }


def everybody(rows: pl.DataFrame) -> float | None:
    """The percentage of all who answered, or None if that is hidden too."""
    for row in rows.filter(pl.col("sort") == 0, pl.col("answered") > 0).iter_rows(named=True):
        return 100 * row["safe"] / row["answered"]
    return None


def title(rows: pl.DataFrame) -> str:
    """What the chart of one window shows: whose interval leaves out everybody's percentage."""
    name, whole = rows["breakdown"][0], everybody(rows)
    shown = [row for row in read(rows) if row["v"] is not None]
    if whole is None or not shown:
        return f"Too few people answered to show who feels safe by {name}"
    apart = {
        "lower": [f"“{row['category']}”" for row in shown if row["high"] < whole],
        "higher": [f"“{row['category']}”" for row in shown if row["low"] > whole],
    }
    parts = [f"{way} for {wording.listed(words)}" for way, words in apart.items() if words]
    if not parts:
        return f"By {name}, no group shown stands out from everybody who answered"
    return f"By {name}, the percentage who feel safe is {wording.listed(parts)}"


def headline(rows: pl.DataFrame) -> str:
    """How many answered and feel safe in one window, on how many wards."""
    whole, when = rows.filter(sort=0).row(0, named=True), span(rows)
    wards = wording.counted(rows["wards"][0], "ward")
    if whole["answered"] is None:
        return f"{when}: {wards} asked by group, and too few people answered to show anything."
    return (
        f"{when}: {whole['safe']:,} of the {whole['answered']:,} patients who were asked by group "
        f"on {wards} feel safe ({everybody(rows):.0f}%)."
    )


def span(rows: pl.DataFrame) -> str:
    """The months of a window: April 2025 to June 2025."""
    return wording.period(rows["first_month"][0], rows["last_month"][0])


def known_on(rows: pl.DataFrame) -> str:
    """From when the figures are, and that they stay as they are."""
    day: date = rows["known_on"][0]
    return (
        f"Worked out once, from what had been sent by {wording.day_of(day)}, when all its "
        f"months were final. {_NOT_ALIKE}"
    )


def as_table(rows: pl.DataFrame) -> pl.DataFrame:
    """One window as a table to read or to download; what is hidden says so in words."""
    whole = rows.filter(sort=0).with_columns(sort=1)
    every = [*read(rows), *read(whole)]
    return pl.DataFrame(
        [
            {
                str(rows["breakdown"][0]): row["category"],
                "Feel safe": row["read"],
                "95% interval": row["between"],
                "Patients": row["counts"],
            }
            for row in every
        ],
    )


def as_file(rows: pl.DataFrame) -> pl.DataFrame:
    """Every window of one breakdown as a file: months, category, counts and interval."""
    lines = []
    for window in rows.partition_by("unit_id", "first_month", "breakdown", maintain_order=True):
        table = as_table(window)
        for values in table.iter_rows():
            lines.append(
                {
                    "Trust": window["trust_code"][0] or "all",
                    "From": f"{window['first_month'][0]:%Y-%m}",
                    "To": f"{window['last_month'][0]:%Y-%m}",
                    "Known on": str(window["known_on"][0]),
                    "Wards asked": window["wards"][0],
                    "Breakdown": window["breakdown"][0],
                    **dict(zip(("Category", *table.columns[1:]), values, strict=True)),
                }
            )
    return pl.DataFrame(lines)
