"""The ward sheet: one printed page in plain English for a ward's community meeting.

It counts people, never percentages, and adds incidents up over twelve months so that no single
month points to anyone. It is for the ward itself: its figures are exact. `ward_sheet_files` makes
it into a file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.charts import process, sparkline
from dashboard.exports.html_document import Picture
from dashboard.words import charters
from dashboard.words.could_find import could_find
from schemas import wording

INCIDENTS = "SS-I1"
_ARCHIVED = "The programme does not count these at the moment."
REPORTED, CHARTER, NEXT = (
    "What has been reported?",
    "Our charter",
    "What would we like to try next?",
)
FOOT = (
    "On each chart a dot is a month, the solid line is the average (the median where there are no "
    "limits) and the dashed lines are the limits of usual variation. With few answers, some ups "
    "and downs are chance. If something has happened to you or worries you, you can talk to any "
    "member of staff or an advocate, at any time. In an emergency call 999."
)
NO_CHARTER = "We have not reported on our charter yet."
STAGES = {
    "none": "We have no charter yet.",
    "planned": "We plan to write a charter together.",
    "drafting": "We are writing our charter.",
    "agreed": "We have agreed our charter. It is not on the wall yet.",
    "displayed": "Our charter is on display.",
    "under_review": "Our charter is in place and we are reviewing it.",
}
FELT = {
    "SS-O1": ("Do patients feel safe?", "patients said they felt safe from sexual harm"),
    "SS-O2": ("Do staff feel safe?", "staff said they felt safe from sexual harm at work"),
}


@dataclass(frozen=True)
class Felt:
    """One question about feeling safe: its answer, its chart, and what has changed.

    Where nothing stands out, `change` also says what the chart would have shown, in people.
    """

    heading: str
    answer: str
    chart: Picture | None
    change: str


@dataclass(frozen=True)
class Sheet:
    """What one ward's page says."""

    ward: str
    about: str
    notice: str
    felt: tuple[Felt, ...]
    incidents: str
    charter: str


@dataclass(frozen=True)
class WardFigures:
    """One ward's own figures: its points and signals, its incidents and its charter.

    `incidents` is the row of all incidents added up over twelve months, `charter` the latest
    charter row. `usual` says whether those are more than usual, where they are rare.
    """

    points: pl.DataFrame
    signals: pl.DataFrame
    incidents: Mapping[str, object] | None
    charter: Mapping[str, object] | None
    usual: str = ""


def notice(fictional: bool, known_on: str) -> str:
    """What a reader must know first: that figures are made up, or as known on an earlier day."""
    return " ".join(filter(None, ("Fictional: every figure is made up." * fictional, known_on)))


def sheet(
    ward: str,
    trust: str,
    month: date,
    measures: Mapping[str, Mapping[str, object]],
    figures: WardFigures,
    notice: str,
) -> Sheet:
    """One ward's page up to a month; `measures` maps a code to its row."""
    return Sheet(
        ward,
        f"{trust}. Figures for our community meeting, up to {wording.month_of(month)}.",
        notice,
        tuple(_felt(measures, figures, month)),
        _incidents(figures, month) if INCIDENTS in measures else _ARCHIVED,
        _charter(figures.charter),
    )


def _felt(
    measures: Mapping[str, Mapping[str, object]], figures: WardFigures, month: date
) -> Iterator[Felt]:
    """The two questions, with their charts on one scale."""
    points, signals = figures.points, figures.signals
    codes = [code for code in FELT if code in measures]
    rows = {
        code: process.rows(points.filter(pl.col("measure") == code), measures[code])
        for code in codes
    }
    scale = sparkline.scale([row for code in codes for row in rows[code]], "percent")
    for code in codes:
        heading, felt = FELT[code]
        series = points.filter(pl.col("measure") == code)
        answer = _answer(series, felt, month)
        found = signals.filter(pl.col("measure") == code)
        signal = None if found.is_empty() else found.row(0, named=True)
        change = str(signal["sentence"]) if signal else ""
        alt = f"{heading} {answer} {change}"
        direction = str(measures[code]["direction"])
        drawn = sparkline.svg(rows[code], scale, "percent", direction, alt) if scale else None
        would = could_find({**measures[code], "unit": "people"}, series, signal)
        said = " ".join(filter(None, (change, would)))
        yield Felt(heading, answer, Picture(drawn, alt) if drawn else None, said)


def _answer(points: pl.DataFrame, felt: str, month: date) -> str:
    now = points.filter((pl.col("month") == month) & pl.col("numerator").is_not_null())
    if now.is_empty() or not now["denominator"][0]:
        return f"We have no answers for {wording.month_of(month)}."
    numerator, denominator = int(now["numerator"][0]), int(now["denominator"][0])
    if now["state"][0] == "few":
        return f"Too few people answered in {wording.month_of(month)} to show how many felt safe."
    return f"{numerator:,} of {denominator:,} {felt} in {wording.month_of(month)}."


def _incidents(figures: WardFigures, month: date) -> str:
    year = figures.incidents
    if not year or year["numerator"] is None:
        return "We have sent no figures about incidents in the last 12 months."
    count = int(year["numerator"])
    verb = "was" if count == 1 else "were"
    sentence = (
        f"In the 12 months to {wording.month_of(month)}, "
        f"{wording.counted(count, 'sexual safety incident')} {verb} reported on our ward"
    )
    if year["months"] < 12:
        sentence += f" (we have figures for {year['months']} of those months)"
    more = "More reports can mean that people trust us to act on them."
    return " ".join(filter(None, (f"{sentence}.", figures.usual, more)))


def _charter(charter: Mapping[str, object] | None) -> str:
    if not charter:
        return NO_CHARTER
    sentences = [STAGES[str(charter["stage"])]]
    wrote = [who for who in ("patients", "staff", "carers") if charter[f"coproduced_{who}"]]
    if wrote and charter["stage"] != "none":
        sentences.append(f"It is written together with {wording.listed(wrote)}.")
    if charter["agreed_on"]:
        sentences.append(f"It was agreed on {wording.day_of(charter['agreed_on'])}.")
    if charter["last_reviewed_on"]:
        sentences.append(f"We last reviewed it on {wording.day_of(charter['last_reviewed_on'])}.")
    if led_to := charters.led_to(charter):
        sentences.append(led_to)
    return " ".join(sentences)
