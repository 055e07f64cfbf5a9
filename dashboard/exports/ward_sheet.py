"""The ward sheet: one printed page in plain English for a ward's community meeting.

It counts people, never percentages, and adds incidents up over twelve months so that no single
month points at anyone. It is for the ward itself: its figures are exact.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import polars as pl

from dashboard.charts import process, spark
from dashboard.exports import document
from dashboard.words import phrases

FEWEST = 5
_STYLE = """
.fs-sheet { padding-bottom: 24px; }
.fs-sheet h2 { margin-top: 20px; }
.fs-sheet .fs-say { font-size: 20px; line-height: 1.35; }
.fs-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 24px; }
.fs-lines { border-bottom: 1px solid #4c6272; height: 2.2em; }
"""
_STAGES = {
    "none": "We have no charter yet.",
    "planned": "We plan to write a charter together.",
    "drafting": "We are writing our charter.",
    "agreed": "We have agreed our charter. It is not on the wall yet.",
    "displayed": "Our charter is on display.",
    "under_review": "Our charter is in place and we are reviewing it.",
}
_FELT = {
    "SS-O1": ("Do patients feel safe?", "patients said they felt safe from sexual harm"),
    "SS-O2": ("Do staff feel safe?", "staff said they felt safe from sexual harm at work"),
}


def sheet(
    ward: str,
    trust: str,
    month: date,
    measures: Mapping[str, Mapping[str, object]],
    points: pl.DataFrame,
    signals: pl.DataFrame,
    incidents: Mapping[str, object] | None,
    charter: Mapping[str, object] | None,
    fictional: bool = False,
) -> str:
    """One ward's page as markup for `sheets`.

    `points` and `signals` are the ward's own, `measures` maps a code to its row, `incidents` is
    the row of SS-I1 added up over twelve months, `charter` the ward's latest charter row.
    """
    made_up = '<p class="fs-notice">Fictional: every figure is made up.</p>' if fictional else ""
    felt = _felt(measures, points, signals, month)
    return (
        f'<article class="fs-sheet"><h1>{escape(ward)}</h1>'
        f"<p>{escape(trust)}. Figures for our community meeting, up to {phrases.month(month)}.</p>"
        f'{made_up}<div class="fs-pair">{felt}</div>'
        f"<h2>What has been reported?</h2><p>{escape(_incidents(incidents, month))}</p>"
        f"<h2>Our charter</h2><p>{escape(_charter(charter))}</p>"
        "<h2>What would we like to try next?</h2>"
        '<div class="fs-lines"></div><div class="fs-lines"></div><div class="fs-lines"></div>'
        f'<p class="fs-small">{escape(_FOOT)}</p></article>'
    )


_FOOT = (
    "On each chart a dot is a month, the solid line is the average and the dashed lines are the "
    "limits of usual variation. With few answers, some ups and downs are chance. If something has "
    "happened to you or worries you, you can talk to any member of staff or an advocate, at any "
    "time. In an emergency call 999."
)


def sheets(title: str, pages: Sequence[str]) -> str:
    """Any number of ward sheets in one HTML file, each on its own page when printed."""
    body = "".join(pages) or '<p class="fs-empty">There are no wards to print.</p>'
    return document.html(title, body, _STYLE)


def _felt(
    measures: Mapping[str, Mapping[str, object]],
    points: pl.DataFrame,
    signals: pl.DataFrame,
    month: date,
) -> str:
    """The two questions side by side, their charts on one scale."""
    asked = [code for code in _FELT if code in measures]
    rows = {
        code: process.rows(_enough(points.filter(pl.col("measure") == code)), measures[code])
        for code in asked
    }
    scale = spark.scale([row for code in asked for row in rows[code]], "percent")
    parts = []
    for code in asked:
        heading, felt = _FELT[code]
        said = _said(points.filter(pl.col("measure") == code), felt, month)
        signal = signals.filter(pl.col("measure") == code)
        change = "" if signal.is_empty() else str(signal["sentence"][0])
        alt = f"{heading} {said} {change}"
        direction = str(measures[code]["direction"])
        chart = spark.svg(rows[code], scale, "percent", direction, alt) if scale else ""
        parts.append(
            f'<section><h2>{heading}</h2><p class="fs-say">{escape(said)}</p>{chart}'
            f"<p>{escape(change)}</p></section>"
        )
    return "".join(parts)


def _enough(points: pl.DataFrame) -> pl.DataFrame:
    """Months with very few answers are not drawn: a dot would be one person's answer."""
    few = pl.col("denominator") < FEWEST
    return points.with_columns(value=pl.when(~few.fill_null(False)).then("value"))


def _said(points: pl.DataFrame, felt: str, month: date) -> str:
    now = points.filter((pl.col("month") == month) & pl.col("numerator").is_not_null())
    if now.is_empty() or not now["denominator"][0]:
        return f"We have no answers for {phrases.month(month)}."
    numerator, denominator = int(now["numerator"][0]), int(now["denominator"][0])
    if denominator < FEWEST:
        return f"Fewer than {FEWEST} people answered in {phrases.month(month)}: too few to show."
    return f"{numerator:,} of {denominator:,} {felt} in {phrases.month(month)}."


def _incidents(year: Mapping[str, object] | None, month: date) -> str:
    if not year or year["numerator"] is None:
        return "We have sent no figures about incidents in the last 12 months."
    count = int(year["numerator"])
    told = "was" if count == 1 else "were"
    said = (
        f"In the 12 months to {phrases.month(month)}, "
        f"{phrases.counted(count, 'sexual safety incident')} {told} reported on our ward"
    )
    if year["months"] < 12:
        said += f" (we have figures for {year['months']} of them)"
    return f"{said}. More reports can mean that people trust us to act on them."


def _charter(charter: Mapping[str, object] | None) -> str:
    if not charter:
        return "We have not said yet how far our charter is."
    said = [_STAGES[str(charter["stage"])]]
    wrote = [who for who in ("patients", "staff", "carers") if charter[f"coproduced_{who}"]]
    if wrote and charter["stage"] != "none":
        said.append(f"It is written together with {phrases.listed(wrote)}.")
    if charter["agreed_on"]:
        said.append(f"It was agreed on {phrases.day(charter['agreed_on'])}.")
    if charter["last_reviewed_on"]:
        said.append(f"We last reviewed it on {phrases.day(charter['last_reviewed_on'])}.")
    return " ".join(said)
