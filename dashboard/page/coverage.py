"""Coverage: how many wards, out of how many, the latest figure of a total is based on."""

from dashboard.charts.icon_table import Completeness
from dashboard.page.session import Visit
from dashboard.queries.series import coverage
from schemas import wording

COUNTED = (
    "“Based on” gives the wards in the latest figure, out of the open wards that had something to "
    "count: without incidents, for example, there is nobody to offer support to."
)
Counts = dict[tuple[str, str], tuple[int, int]]


def counts(visit: Visit, level: str) -> Counts:
    """Wards in the latest figure, of those with something to count, by unit and measure."""
    return visit.keep(_counts, level=level)


def words(visit: Visit, level: str) -> dict[tuple[str, str], str]:
    """The same in words: 5 of 6 wards."""
    return visit.keep(_words, level=level)


def completeness(visit: Visit, level: str) -> dict[tuple[str, str], Completeness]:
    """The same in words, and whether any of those wards is missing."""
    missing = {key for key, (wards, of) in counts(visit, level).items() if wards < of}
    return {key: Completeness(text, key in missing) for key, text in words(visit, level).items()}


def of_unit(visit: Visit, level: str, unit: str) -> dict[str, str]:
    """The words for one unit, by measure."""
    return {m: text for (code, m), text in words(visit, level).items() if code == unit}


def _counts(visit: Visit, level: str) -> Counts:
    rows = visit.ask(coverage, level=level).iter_rows(named=True)
    return {(row["unit_id"], row["measure"]): (row["wards"], row["wards_expected"]) for row in rows}


def _words(visit: Visit, level: str) -> dict[tuple[str, str], str]:
    return {key: wording.of_them(*pair, "ward") for key, pair in counts(visit, level).items()}
