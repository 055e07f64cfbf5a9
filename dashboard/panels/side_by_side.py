"""Wards or trusts side by side: as icons of every core measure, or as small charts of one."""

from functools import partial
from html import escape

from dashboard.charts import icon_table, small_multiples
from dashboard.charts.figure_links import traced
from dashboard.page import coverage, measures, page
from dashboard.page.session import Visit
from dashboard.queries.series import series, signals
from dashboard.words import titles
from schemas import wording

# Ids and names of wards or trusts, in the order they appear on the screen.
Names = tuple[tuple[str, str], ...]


def icons(visit: Visit, names: Names, caption: str, level: str = "ward") -> None:
    """Every core measure of some units now, with icons, words and how complete the figures are."""
    page.cached(visit, _icons, names=names, caption=caption, level=level)
    page.caveat("icons")


def small_charts(visit: Visit, names: Names, measure: dict[str, object]) -> None:
    """One measure of some wards, all on the same scale."""
    page.cached(visit, _small_charts, names=names, measure=measure["measure"])
    page.caveat("small_multiples", titles.direction(measure))


def _icons(visit: Visit, names: Names, caption: str, level: str) -> str:
    core = [about for about in measures.all_of(visit).values() if about["core"]]
    units, ids = tuple(unit for unit, _ in names), tuple(about["measure"] for about in core)
    now = visit.ask(signals, level=level, units=units, measures=ids)
    if level == "ward":
        reporting = now.filter(now["reporting"].is_not_null()).to_dicts()
        complete = {
            (row["unit_id"], row["measure"]): icon_table.REPORTING[row["reporting"]]
            for row in reporting
        }
    else:
        complete = coverage.words(visit, level)
    link = f"{level}?{level}={{unit}}&measure={{measure}}"
    rows = icon_table.rows(now, core, dict(names), complete, link, partial(traced, level))
    return icon_table.html(caption, rows, core, level.capitalize())


def _small_charts(visit: Visit, names: Names, measure: str) -> str:
    about, units = measures.all_of(visit)[measure], tuple(unit for unit, _ in names)
    points = visit.ask(series, level="ward", units=units, measure=measure)
    now = visit.ask(signals, level="ward", units=units, measures=(measure,))
    sentences = dict(zip(now["unit_id"], now["sentence"], strict=True))
    rows = small_multiples.rows(points, about, dict(names))
    captions = {row["unit_id"]: _caption(row) for row in now.iter_rows(named=True)}
    link = f"ward?ward={{unit}}&measure={measure}"
    return small_multiples.html(rows, about, sentences, link, captions)


def _caption(signal: dict[str, object]) -> str:
    """What a ward's small chart shows now, and its latest figure as a link to its source."""
    says = escape(wording.starting(titles.says(signal)))
    if signal["latest"] is None:
        return says
    unit, measure = str(signal["unit_id"]), str(signal["measure"])
    first, months = f"{signal['latest']:%Y-%m}", int(signal["months"] or 1)
    return (
        f'{says}. <a href="{traced("ward", unit, measure, first, months)}" target="_self">'
        f"{escape(titles.latest(signal, signal))}</a>"
    )
