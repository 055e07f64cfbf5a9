"""What surveys from outside say, beside what trusts sent: how far both agree, and what that means.

Both are turned the same way round: the share of people who experienced harm or do not feel safe.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import numbers
from pipelines.statistics.shares import interval
from schemas import wording
from schemas.vocabularies import ASKED_OF, HIGHER_MEANS

MORE, LESS, NEAR = "The survey says more", "The survey says less", "Not clearly apart"
SIDES = (MORE, LESS, NEAR)
NO_RANGE = "The survey does not say how many answered"
NOTHING_HERE = "No figure of its own to read it beside"
HOW = (
    "“Clearly” means that the two 95% ranges do not meet. The same people can answer here in "
    "several months, so those ranges are rather too narrow."
)
NOT_THE_SAME = (
    "A survey asks its own question, usually of the whole trust and about a longer time; here the "
    "people on these wards are asked each month. So a difference is a reason to ask, not a count "
    "of what nobody reported."
)
DOWNLOAD = "Download these figures (CSV)"
_PERCENT = 100
Row = dict[str, Any]


def beside(found: pl.DataFrame) -> list[Row]:
    """A row for each figure of `queries.yardsticks`, in words, with its ranges in per cent.

    `survey` and `here` are the shares of people who experienced harm or do not feel safe, each with
    `_low` and `_high`, empty where they aren't known; `side` is one of the constants above.
    """
    return [_beside(row) for row in found.iter_rows(named=True)]


def named(source: str, asked_of: str) -> str:
    """A survey with the people it asked: “Made-up survey”, asked of staff."""
    return f"“{source}”, asked of {asked_of}"


def title(rows: Sequence[Row]) -> str:
    """At how many trusts the survey says clearly more than people said here."""
    judged = [row for row in rows if row["side"] in SIDES]
    if not judged:
        return "What a survey says, beside what people said here"
    more = sum(row["side"] == MORE for row in judged)
    if not more:
        return "At no trust does the survey say clearly more than people said here"
    of_all = wording.of_them(more, len(judged), "trust")
    return f"At {of_all}, the survey says clearly more than people said here"


def sentence(rows: Sequence[Row]) -> str:
    """Which survey it is, the trusts to ask by name, and why the two can differ."""
    if not rows:
        return ""
    first = rows[0]
    said = [f"The survey is {named(first['source'], first['asked_of'])}."]
    more = [row["trust_name"] for row in rows if row["side"] == MORE]
    if more:
        said.append(f"It says clearly more at {wording.listed(more)}.")
    return " ".join([*said, NOT_THE_SAME])


def of_trust(rows: Sequence[Row]) -> str:
    """What surveys say of one trust, beside what it sent."""
    said = [f"{named(row['source'], row['asked_of'])}: {_told(row)}." for row in rows]
    return " ".join([*said, NOT_THE_SAME])


def _told(row: Row) -> str:
    if row["side"] == MORE:
        return "it says clearly more than people said on the wards here"
    if row["side"] == LESS:
        return "it says clearly less than people said on the wards here"
    if row["side"] == NEAR:
        return "it is not clearly apart from what people said on the wards here"
    return row["side"][0].lower() + row["side"][1:]


def _beside(row: Mapping[str, Any]) -> Row:
    survey = _survey(row)
    here = _here(row)
    side = _side(survey, here)
    unit = ASKED_OF[row["asked_of"]].lower()
    return {
        **{key: row[key] for key in ("trust_code", "trust_name", "source", "asked_of")},
        **survey,
        **here,
        "side": side,
        "period": wording.period(
            row["period_from"].replace(day=1), row["period_to"].replace(day=1)
        ),
        "survey_read": _read(survey, "survey"),
        "meaning": HIGHER_MEANS[row["higher_means"]],
        "here_read": _read(here, "here") or f"No figure of {unit}",
        "reported_read": numbers.out_of(row["reported_n"], row["reported_d"], "per_1000_bed_days")
        or "No figure",
        "beside": ". ".join(part for part in (side, _more_than_reported(row)) if part),
    }


def _survey(row: Mapping[str, Any]) -> Row:
    """The survey's figure, turned round where a higher one means that more people are safe."""
    harm, every = row["higher_means"] == "harm", row["denominator"]
    value = row["value"] if harm else 1 - row["value"]
    if every is None:
        return _shown("survey", value, None, None)
    yes = row["numerator"] if harm else every - row["numerator"]
    return _shown("survey", value, yes, every)


def _here(row: Mapping[str, Any]) -> Row:
    if row["felt"] is None:
        return _shown("here", None, None, None)
    every, safe = round(row["felt_d"]), round(row["felt_n"])
    return _shown("here", 1 - row["felt"], every - safe, every)


def _shown(what: str, value: float | None, yes: int | None, every: int | None) -> Row:
    ends = (None, None) if yes is None or not every else interval(yes, every)
    low, high = (None if end is None else _PERCENT * end for end in ends)
    return {
        what: None if value is None else _PERCENT * value,
        f"{what}_low": low,
        f"{what}_high": high,
        f"{what}_n": yes,
        f"{what}_d": every,
    }


def _side(survey: Row, here: Row) -> str:
    if here["here"] is None:
        return NOTHING_HERE
    if survey["survey_low"] is None:
        return NO_RANGE
    if survey["survey_low"] > here["here_high"]:
        return MORE
    return LESS if survey["survey_high"] < here["here_low"] else NEAR


def _read(row: Row, what: str) -> str:
    """A share with its counts and range: 12% (24 of 200), 8% to 17%."""
    if row[what] is None:
        return ""
    value = numbers.percent(row[what])
    if row[f"{what}_low"] is None:
        return value
    low, high = (numbers.percent(row[f"{what}_{end}"]) for end in ("low", "high"))
    based_on = numbers.out_of(row[f"{what}_n"], row[f"{what}_d"])
    return f"{value} ({based_on}), {low} to {high}"


def _more_than_reported(row: Mapping[str, Any]) -> str:
    """Where more people said that they experienced harm than incidents were reported."""
    people, incidents = row["numerator"], row["reported_n"]
    if row["higher_means"] != "harm" or people is None or incidents is None or people <= incidents:
        return ""
    said = wording.counted(people, "person", "people")
    reported = wording.counted(round(incidents), "incident")
    return f"{said} said so; {reported} reported here in twelve months"
