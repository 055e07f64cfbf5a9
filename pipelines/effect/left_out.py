"""What an answer does without: rows that hold no figure, and whose they are."""

from dataclasses import dataclass

import polars as pl

UNUSABLE = "without a usable figure"


@dataclass(frozen=True)
class LeftOut:
    """So many of something that an answer does without, why, and which, where it is known.

    `what` is unit, cluster or period, or a word for what else there is so many of, such as row.
    """

    what: str
    count: int
    why: str
    which: tuple[str, ...] = ()


def no_figures(frame: pl.DataFrame, without: pl.DataFrame | None) -> tuple[LeftOut, ...]:
    """What is no figure, by why; then the units and clusters that have none at all."""
    if without is None or without.is_empty():
        return ()
    of = without.group_by("what", "why").agg(pl.len(), pl.col("named").drop_nulls())
    found = [
        LeftOut(what, many, why, tuple(named))
        for what, why, many, named in of.sort(-pl.col("len").cast(pl.Int64), "why")
        .select("what", "why", "len", "named")
        .iter_rows()
    ]
    for what in ("unit", "cluster"):
        names = without.filter(~pl.col(what).is_in(frame[what].unique().implode()))[what]
        names = names.unique().sort()
        if len(names):
            found.append(LeftOut(what, len(names), UNUSABLE, tuple(names)))
    return tuple(found)
