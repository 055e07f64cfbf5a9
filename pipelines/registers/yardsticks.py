"""Checks what surveys from outside say of trusts, and turns it into shares of people. Pure."""

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from pipelines.registers.effective import KEYS, Row, rows_by_key
from pipelines.registers.register import Register
from schemas.programme import DisclosurePolicy
from schemas.wording import day_of

_ROUNDED = 0.5  # percentage points by which a percentage may differ from its counts
_FILE = "yardsticks.csv"


def unfit_yardsticks(register: Register) -> list[str]:
    """A sentence for each figure that can't be right by itself or beside the others."""
    known = set(register.trusts["trust_code"])
    frame = register.yardsticks.with_row_index("row", offset=2)
    sentences = [
        f"{_FILE} row {row['row']}: {said}"
        for row in frame.iter_rows(named=True)
        for said in _wrong(row, known)
    ]
    return [*sentences, *_told_differently(register), *_overlapping(register)]


def too_few(
    register: Register, policy: DisclosurePolicy, previous: Register | None = None
) -> list[str]:
    """A sentence for each new figure of so few people that it could be about somebody.

    One that is in `previous` was large enough by the policy of its day. It isn't shown any more
    (`shown`), but must not stand in the way of other changes.
    """
    rows = shares(register.yardsticks).with_row_index("row", offset=2)
    few = rows.filter(~_large_enough(policy))
    if previous is not None:
        columns = register.yardsticks.columns
        known = shares(previous.yardsticks)
        few = few.join(known, on=columns, how="anti", nulls_equal=True).sort("row")
    return [
        f"{_FILE} row {row['row']}: {row['numerator']} of {row['denominator']} is a small number. "
        f"At least {policy.smallest_respondents} people must have answered, and of both kinds of "
        f"answers there must be none or at least {policy.smallest_count}. Write the percentage "
        "alone, or leave the row out."
        for row in few.iter_rows(named=True)
    ]


def shown(yardsticks: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """The figures as shares, without those that are too small by the policy of today."""
    rows = shares(yardsticks).filter(_large_enough(policy))
    return rows.sort(*KEYS["yardsticks"], "period_from")


def shares(yardsticks: pl.DataFrame) -> pl.DataFrame:
    """The figures with `value`, a share of 1, and the numerator that a percentage stands for."""
    stands_for = (pl.col("percent") / 100 * pl.col("denominator")).round().cast(pl.Int64)
    counted = pl.coalesce("numerator", stands_for)
    return yardsticks.with_columns(
        value=pl.coalesce(pl.col("numerator") / pl.col("denominator"), pl.col("percent") / 100),
        numerator=counted,
    )


def _large_enough(policy: DisclosurePolicy) -> pl.Expr:
    """Whether neither the people who answered nor those of one answer are a small number."""
    yes, every = pl.col("numerator"), pl.col("denominator")
    apart = [(count == 0) | (count >= policy.smallest_count) for count in (yes, every - yes)]
    alone = every.is_null()
    return alone | ((every >= policy.smallest_respondents) & apart[0] & apart[1])


def _wrong(row: Row, known: set[str]) -> Iterator[str]:
    top, below, percent = row["numerator"], row["denominator"], row["percent"]
    if row["trust_code"] not in known:
        yield f"trust {row['trust_code']} is not in trusts.csv."
    if top is None and percent is None:
        yield (
            "there is no figure. Fill in numerator and denominator, or percent and denominator, "
            "or percent alone."
        )
    elif top is not None and below is None:
        yield f"of how many people are the {top}? Fill in denominator, or give percent instead."
    elif top is not None and top > below:
        yield f"{top} of {below} is more than all of them. Check numerator and denominator."
    elif top is not None and percent is not None and abs(100 * top / below - percent) > _ROUNDED:
        yield (
            f"percent is {percent:g}, but {top} of {below} is {100 * top / below:.1f}. Correct "
            "one, or leave percent empty."
        )


def _told_differently(register: Register) -> Iterator[str]:
    """A sentence for each survey that asks different people, or means different things, by row."""
    for column in ("asked_of", "higher_means"):
        told = register.yardsticks.select("source", column).unique()
        for source in told.filter(pl.col("source").is_duplicated())["source"].unique().sort():
            yield (
                f"{_FILE} has two values of {column} for “{source}”: use the same in each of its "
                "rows, or another name for the other question."
            )


def _overlapping(register: Register) -> Iterator[str]:
    for (source, trust), rows in rows_by_key(register.yardsticks, KEYS["yardsticks"]).items():
        for row, following in pairwise(rows):
            if following["period_from"] <= row["period_to"]:
                yield (
                    f"{_FILE}: {trust} has two figures of “{source}” for "
                    f"{day_of(following['period_from'])}. Let period_to of the first end before "
                    "period_from of the second."
                )
