"""How a ward, or a trust as a whole, rates itself against each set of standards."""

import polars as pl

from dashboard.charts.figure_links import linked, sheet_of
from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.queries.charters import ratings
from dashboard.words import standards as words
from schemas import wording
from schemas.vocabularies import RATING

_RATINGS = (
    Column("organisation", "Rated"),
    Column("group_title", "Foundation"),
    Column("short_text", "Statement", row_header=True),
    Column("rating", "Rating"),
    Column("since", "Since last time"),
    Column("by", "Rated by"),
    Column("on", "Rated on"),
    Column("month", "Latest return", markup=True),
)
_NEVER = "This ward has not rated itself against the standards yet."


def of_ward(visit: Visit, unit: str) -> None:
    """A ward's latest ratings, a table for each set, with what changed since last time."""
    rated = page.ready(visit, _tables, ward=unit, trust=None)
    page.section("Standards", visit.keep(_sentence, ward=unit, trust=None), markup=rated)


def of_trust(visit: Visit, code: str) -> None:
    """The same for a trust as a whole and its sites, if it has rated itself."""
    if visit.ask(ratings, trust=code).height:
        sentence = visit.keep(_sentence, ward=None, trust=code)
        rated = page.ready(visit, _tables, ward=None, trust=code)
        page.section("The trust’s own self-assessment", sentence, markup=rated)


def _asked(visit: Visit, ward: str | None, trust: str | None) -> pl.DataFrame:
    return visit.ask(ratings, wards=(ward,)) if ward else visit.ask(ratings, trust=trust)


def _sentence(visit: Visit, ward: str | None, trust: str | None) -> str:
    """What is met and what has changed, set by set."""
    rated = _asked(visit, ward, trust)
    if rated.is_empty():
        return _NEVER
    sets = rated.group_by(["set_title"], maintain_order=True)
    said = [(str(title), _met(of_set.to_dicts())) for (title,), of_set in sets]
    if len(said) == 1:
        return said[0][1]
    return " ".join(f"{title}: {sentence}" for title, sentence in said)


def _met(rows: list[dict[str, object]]) -> str:
    every = [row["rating"] for row in rows]
    rated = sum(rating in words.ORDER for rating in every)
    others = len(every) - rated
    ending = f"; {others} not applicable or not assessed." if others else "."
    met = f"{wording.of_them(every.count('met'), rated, 'rated statement')} met{ending}"
    return " ".join(filter(None, (met, words.progress(rows))))


def _tables(visit: Visit, ward: str | None, trust: str | None) -> str:
    """One table for each set of standards, one under the other."""
    rated = _asked(visit, ward, trust)
    columns = _RATINGS[1:] if ward else _RATINGS
    tables = [
        html(str(title), columns, [_row(row) for row in of_set.iter_rows(named=True)])
        for (title,), of_set in rated.group_by(["set_title"], maintain_order=True)
    ]
    return "".join(tables)


def _row(row: dict[str, object]) -> dict[str, object]:
    month = wording.month_of(row["month"])
    if row["ward_id"]:
        month = linked(month, sheet_of(str(row["ward_id"]), "standards", f"{row['month']:%Y-%m}"))
    return {
        "organisation": f"{wording.starting(str(row['level']))} {row['org_code']}",
        "group_title": row["group_title"],
        "short_text": row["short_text"],
        "rating": RATING[str(row["rating"])],
        "since": words.since_last_time(row),
        "by": words.rated_by(row),
        "on": words.rated_on(row),
        "month": month,
    }
