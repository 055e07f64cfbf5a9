"""Engagement in words: how many trusts take part, where each stands, and what to do next."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from schemas import wording

NO_LIST = (
    "The programme has not saved a list of all trusts that could take part, so these are only the "
    "trusts in the register: nobody can tell from them how many are still to join. Download the "
    "register’s files under Register, add a line to invitations.csv for each trust, and upload it."
)
COUNTED = (
    "Out of every trust that could take part in that month: those on the programme’s list, and "
    "any in the register that are not on it. A trust that merged is counted until it did."
)
_PATIENCE = timedelta(days=28)  # before an invitation is worth a reminder
_NOTHING = "Nothing to chase"
_LATER = (6, 8, 9)  # wait for an answer or a first return; nothing to chase


def headline(trusts: pl.DataFrame) -> str:
    """How many of the trusts that could take part have joined, and how many send."""
    joined = trusts.filter(pl.col("stage").is_in(["sending", "joined"])).height
    newest = trusts["newest"].max()
    sending = trusts.filter(stage="sending").height
    sent = f"; {sending:,} sent a return for {wording.month_of(newest)}" if newest else ""
    if not trusts["listed"].any():
        return f"{wording.counted(joined, 'trust')} {_have(joined)} joined{sent}."
    of_all = wording.of_them(joined, trusts.height, "trust")
    return f"{of_all} that could take part {_have(joined)} joined{sent}."


def charters_and_forums(trusts: pl.DataFrame, held: int) -> str:
    """How many trusts have a charter on any ward, and how many have come to any forum."""
    here = trusts.filter(pl.col("stage").is_in(["sending", "joined"]))
    charter = here["first_charter"].drop_nulls().len()
    came = here["first_forum"].drop_nulls().len()
    said = (
        f"Of the {wording.counted(here.height, 'trust')} that take part, {charter:,} "
        f"{_have(charter)} had a charter in place on at least one ward"
    )
    return f"{said}, and {came:,} {_have(came)} come to a learning forum." if held else f"{said}."


def not_listed(trusts: pl.DataFrame) -> str:
    """Which trusts take part without being on the list; empty if there are none, or no list."""
    missing = trusts.filter(~pl.col("listed"))
    if missing.is_empty() or missing.height == trusts.height:
        return ""
    one = missing.height == 1
    return (
        f"{wording.counted(missing.height, 'trust')} in the register "
        f"{'is' if one else 'are'} not on the list and {'is' if one else 'are'} counted all the "
        f"same: {wording.listed(missing['trust_name'].to_list())}. Add {'it' if one else 'them'}."
    )


def chart_title(stages: Mapping[str, int], month: date) -> str:
    """How many trusts sent a return for the newest month; `stages` counts trusts by stage."""
    sent, every = stages.get("sending", 0), sum(stages.values())
    return (
        f"{wording.of_them(sent, every, 'trust')} that could take part sent a return for "
        f"{wording.month_of(month)}"
    )


def as_list(trusts: pl.DataFrame) -> pl.DataFrame:
    """The trusts with their next step (`with_next_step`) as people read them, every cell a word."""
    joined = pl.col("joined").is_not_null()
    unknown = pl.when(joined).then(pl.lit("not known")).otherwise(pl.lit("not yet"))
    return trusts.select(
        pl.col("trust_name").alias("Trust"),
        pl.col("trust_code").alias("Code"),
        pl.col("next").alias("What to do next"),
        pl.col("region").alias("Region"),
        _day("invited").fill_null(unknown).alias("Invited"),
        _month("joined").fill_null("not yet").alias("First return due for"),
        _month("last_sent").fill_null("none yet").alias("Newest return"),
        _month("first_charter").fill_null("none yet").alias("First charter"),
        _day("first_forum").fill_null("none yet").alias("First forum"),
    )


def with_next_step(trusts: pl.DataFrame, today: date, held: int) -> pl.DataFrame:
    """The trusts with `next`, what to do about each, the most pressing first.

    `ask` says whether there is anything to do now; `held` is how many forums there have been.
    """
    steps = [_step(row, today, held) for row in trusts.iter_rows(named=True)]
    return (
        trusts.with_columns(
            place=pl.Series([place for place, _ in steps], dtype=pl.Int64),
            next=pl.Series([words for _, words in steps], dtype=pl.String),
        )
        .with_columns(ask=~pl.col("place").is_in(_LATER))
        .sort("place", "invited", "trust_name", "trust_code", nulls_last=True)
        .drop("place")
    )


def _step(row: Mapping[str, object], today: date, held: int) -> tuple[int, str]:
    stage, newest = row["stage"], row["newest"]
    if stage == "invited":
        return _invited(row["invited"], today)
    if stage == "not_invited":
        return 1, "Invite it"
    if stage == "left":
        return 7, f"Left on {wording.day_of(row['left_on'])}: ask what would bring it back"
    if newest is None or row["joined"] > newest:
        return 8, f"Wait: its first return is for {wording.month_of(row['joined'])}"
    if stage == "joined":
        again = "" if row["first_sent"] else "first "
        month = row["joined"] if again else newest
        return 2, f"Ask for its {again}return, for {wording.month_of(month)}"
    if row["first_charter"] is None:
        return 3, "Ask what would help it to begin a charter: no ward has one in place yet"
    if held and row["first_forum"] is None:
        return 4, "Invite it to the next forum: it has never come to one"
    return 9, _NOTHING


def _invited(day: date, today: date) -> tuple[int, str]:
    if today - day < _PATIENCE:
        return 6, f"Wait for an answer: invited on {wording.day_of(day)}"
    return 0, f"Ask again: invited on {wording.day_of(day)}"


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%-d %B %Y")


def _month(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%B %Y")


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
