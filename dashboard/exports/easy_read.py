"""The easy-read sheet: a ward's figures in short sentences, one idea a line, each with a symbol.

For a ward's community meeting, and first of all for wards for people with a learning disability
and autistic people. `easy_read_files` makes it into a file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.charts import process, sparkline
from dashboard.exports import masked
from dashboard.exports.easy_read_drawings import Mark, people
from dashboard.exports.easy_read_drawings import marks as marks_of
from dashboard.exports.html_document import Picture
from dashboard.exports.ward_sheet import FELT, INCIDENTS, NO_CHARTER, STAGES, WardFigures
from schemas import wording

CHARTER_IN_PLACE = "SS-P1"
_SAFE = {  # who, one of them, and how they feel; who is also the name of the symbol
    "SS-O1": ("patients", "patient", "safe from sexual harm"),
    "SS-O2": ("staff", "staff", "safe from sexual harm at work"),
}
_MOST_FIGURES = 40  # more people than this are too many to count on a page
_TENTHS = 10
_ENDS = re.compile(r"[.;] ")
_PARTS = re.compile(r", | and (?=(?:in|on|from) )")
_WHEN = re.compile(r" ?\b(?=(?:in|on|from) )")
_HIDDEN = ("We can’t show this here.", "Small numbers could tell people about one person.")
_NOT_SENT = "We have not sent numbers for a whole year yet."
_NO_INCIDENTS = "No sexual safety incidents"
_TRUST_US = "More reports can mean that people trust us to act."
_HELP = (
    "Has something happened to you?",
    "You can talk to any member of staff.",
    "You can talk to an advocate.",
    "You can talk at any time.",
    "In an emergency, call 999.",
)
_MEETING = (
    "What helps us feel safe?",
    "What worries us?",
    "What will we try next?",
)


@dataclass(frozen=True)
class Block:
    """One subject: its symbol, its heading, its sentences, and a picture with its marks.

    `figures` are people drawn one by one; `questions` have room for what the meeting says.
    """

    symbol: str
    heading: str
    lines: tuple[str, ...] = ()
    figures: Picture | None = None
    chart: Picture | None = None
    marks: tuple[Mark, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class EasyRead:
    """One ward's sheet: who it is about, what a reader must know first, and its subjects."""

    ward: str
    trust: str
    notice: str
    blocks: tuple[Block, ...]


Measures = Mapping[str, Mapping[str, object]]


def exact(measures: Measures, figures: WardFigures, month: date) -> tuple[Block, ...]:
    """A ward's own figures up to a month, exactly: for the ward itself."""
    found, marks = [_about("It is for our ward meeting.", month)], {}
    for code in (code for code in _SAFE if code in measures):
        points = figures.points.filter(pl.col("measure") == code)
        rows = process.rows(points, measures[code])
        found.append(_felt(code, points, month))
        signals = figures.signals.filter(pl.col("measure") == code)
        found.extend(_over_time(code, rows, signals, measures[code]))
        direction = str(measures[code]["direction"])
        marks |= {mark.words: mark for mark in marks_of(rows, points, direction)}
    if marks:
        found.append(Block("change", "What the marks mean", marks=tuple(marks.values())))
    if INCIDENTS in measures:
        found.append(Block("reports", "What was reported?", _reported(figures.incidents, month)))
    found.append(Block("charter", "Our charter", tuple(_charter(figures.charter))))
    return (*found, *_CLOSING)


def shared(measures: Measures, figures: pl.DataFrame, month: date) -> tuple[Block, ...]:
    """What anybody may see of a ward; `figures` are its rows of the masked table."""

    def of(code: str) -> pl.DataFrame:
        return figures.filter(pl.col("measure") == code)

    found = [
        _about("Some small numbers are left out, to protect people.", month),
        *(_felt_shared(code, of(code)) for code in _SAFE if code in measures),
    ]
    if INCIDENTS in measures:
        lines = _reported_shared(of(INCIDENTS))
        found.append(Block("reports", "What was reported?", lines))
    if CHARTER_IN_PLACE in measures:
        lines = _charter_shared(of(CHARTER_IN_PLACE), month)
        found.append(Block("charter", "Our charter", lines))
    return (*found, *_CLOSING)


_CLOSING = (
    Block("meeting", "What did our meeting say?", questions=_MEETING),
    Block("help", "You can get help", _HELP),
)


def _about(purpose: str, month: date) -> Block:
    lines = (
        "This page is about feeling safe from sexual harm.",
        purpose,
        f"The numbers go up to {wording.month_of(month)}.",
    )
    return Block("page", "About this page", lines)


def _felt(code: str, points: pl.DataFrame, month: date) -> Block:
    """How many felt safe in a month, and each of them as a figure."""
    (who, one, safe), (heading, _) = _SAFE[code], FELT[code]
    now = points.filter((pl.col("month") == month) & pl.col("numerator").is_not_null())
    if now.is_empty() or not now["denominator"][0]:
        return Block(who, heading, (f"We have no answers for {wording.month_of(month)}.",))
    if now["state"][0] == "few":
        few = f"Too few people answered in {wording.month_of(month)}."
        return Block(who, heading, (few, "So we don’t show how many felt safe."))
    safely, asked = int(now["numerator"][0]), int(now["denominator"][0])
    many = "All" if safely == asked else f"{safely:,}" if safely else "None"
    lines = (
        f"{wording.counted(asked, one, who)} answered in {wording.month_of(month)}.",
        f"{many} of them said they felt {safe}.",
    )
    if asked > _MOST_FIGURES:
        return Block(who, heading, lines)
    key = "Each figure is one person. The filled figures felt safe."
    return Block(who, heading, (*lines, key), people(safely, asked))


def _felt_shared(code: str, rows: pl.DataFrame) -> Block:
    """The newest share that may be shown, in tenths: closer would say more than it can bear."""
    (who, _, safe), (heading, _) = _SAFE[code], FELT[code]
    months = masked.as_points(rows).filter(pl.col("value").is_not_null()).sort("month")
    if months.is_empty():
        return Block(who, heading, _HIDDEN if _any_hidden(rows) else ("We have no answers.",))
    share, month = months["value"][-1], wording.month_of(months["month"][-1])
    tenths = round(share * _TENTHS)
    if tenths in (0, _TENTHS):
        exactly = "all" if share == 1 else "" if share else "no"
        many = exactly or ("nearly all" if tenths else "very few")
        return Block(who, heading, (f"In {month}, {many} {who} said they felt {safe}.",))
    lines = (
        f"These numbers are for {month}.",
        f"About {tenths} in every 10 {who} said they felt {safe}.",
    )
    return Block(who, heading, lines, people(tenths, _TENTHS))


def _over_time(
    code: str,
    rows: Sequence[Mapping[str, object]],
    signals: pl.DataFrame,
    measure: Mapping[str, object],
) -> Iterator[Block]:
    """The chart of one question, and what it shows; nothing if there is no month to draw."""
    scale = sparkline.scale(rows, "percent")
    if scale is None:
        return
    who = _SAFE[code][0]
    said = signals["sentence"][0] if signals.height else ""
    lines = tuple(each_idea(said.removeprefix(f"{measure['name']}: ")))
    alt = f"A chart of how many {who} felt safe, month by month. {' '.join(lines)}".strip()
    drawn = sparkline.svg(rows, scale, "percent", str(measure["direction"]), alt)
    yield Block("change", f"Has this changed for {who}?", lines, chart=Picture(drawn, alt))


def each_idea(sentences: str) -> Iterator[str]:
    """Sentences as lines of one idea each, as headlines and stages of a charter are written.

    “Lower than usual in May 2025 and from July 2025 to August 2025; usual since.” gives three: what
    happened more than once is said again for each time.
    """
    for sentence in filter(None, _ENDS.split(sentences.removesuffix("."))):
        happened = ""
        for part in _PARTS.split(sentence):
            times = _WHEN.split(part, maxsplit=1)
            if times[0]:
                happened = times[0]
            line = part if times[0] else f"{happened} {part}"
            yield f"{wording.starting(line)}."


def _reported(year: Mapping[str, object] | None, month: date) -> tuple[str, ...]:
    if not year or year["numerator"] is None:
        return ("We have sent no numbers for the last 12 months.",)
    count, known = int(year["numerator"]), int(year["months"])
    incidents = wording.counted(count, "sexual safety incident") if count else _NO_INCIDENTS
    some = (f"We have numbers for {known} of those months.",) if known < 12 else ()
    return (
        f"These numbers are for the 12 months to {wording.month_of(month)}.",
        *some,
        f"{incidents} {'was' if count == 1 else 'were'} reported on our ward.",
        _TRUST_US,
    )


def _reported_shared(rows: pl.DataFrame) -> tuple[str, ...]:
    """The newest whole year that may be shown: no shorter time is added up for sharing."""
    years = rows.filter(pl.col("months") == 12)
    shown = years.filter(pl.col("numerator").is_not_null()).sort("month")
    if shown.is_empty():
        return _HIDDEN if _any_hidden(years) else (_NOT_SENT,)
    count, last = shown["numerator"][-1], shown["month"][-1]
    incidents = f"About {count:,.0f} sexual safety incidents" if count else _NO_INCIDENTS
    return (
        f"These numbers are for the 12 months to {wording.month_of(last)}.",
        f"{incidents} were reported on our ward.",
        _TRUST_US,
    )


def _charter(charter: Mapping[str, object] | None) -> Iterator[str]:
    if not charter:
        yield NO_CHARTER
        return
    stage = str(charter["stage"])
    yield from each_idea(STAGES[stage])
    if stage == "none":
        return
    for who in ("patients", "staff", "carers"):
        if charter[f"coproduced_{who}"]:
            yield f"{wording.starting(who)} help to write it."
    if charter["agreed_on"]:
        yield f"We agreed it on {wording.day_of(charter['agreed_on'])}."
    if charter["last_reviewed_on"]:
        yield f"We last reviewed it on {wording.day_of(charter['last_reviewed_on'])}."


def _charter_shared(rows: pl.DataFrame, month: date) -> tuple[str, ...]:
    now = rows.filter((pl.col("month") == month) & (pl.col("months") == 1))
    if now.is_empty() or now["value"][0] is None:
        not_sent = f"We have not reported on our charter for {wording.month_of(month)}."
        return _HIDDEN if _any_hidden(now) else (not_sent,)
    if now["value"][0]:
        return ("Our charter is in place.", "Patients helped to write it.")
    return ("Our charter is not in place yet.",)


def _any_hidden(rows: pl.DataFrame) -> bool:
    return rows["suppression_reason"].count() > 0
