"""Coverage: how many wards, out of how many, the latest figure of a total is based on."""

from dashboard.page.session import Visit
from dashboard.queries.series import coverage
from schemas import wording

Counts = dict[tuple[str, str], tuple[int, int]]


def counts(visit: Visit, level: str) -> Counts:
    """Wards in the latest figure and wards expected, for each unit and measure of a level."""
    return visit.keep(_counts, level=level)


def words(visit: Visit, level: str) -> dict[tuple[str, str], str]:
    """The same in words: 5 of 6 wards."""
    return visit.keep(_words, level=level)


def of_unit(visit: Visit, level: str, unit: str) -> dict[str, str]:
    """The words for one unit, by measure."""
    return {m: text for (code, m), text in words(visit, level).items() if code == unit}


def _counts(visit: Visit, level: str) -> Counts:
    rows = visit.ask(coverage, level=level).iter_rows()
    return {(unit, measure): (wards, expected) for unit, measure, wards, expected in rows}


def _words(visit: Visit, level: str) -> dict[tuple[str, str], str]:
    return {key: wording.of_them(*pair, "ward") for key, pair in counts(visit, level).items()}
