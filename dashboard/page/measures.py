"""The measures of a release by id, and the choice of one, kept in the address."""

from collections.abc import Sequence

from dashboard.page import session, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import measures
from schemas.measures import Measure

PATIENTS, STAFF, INCIDENTS = "SS-O1", "SS-O2", "SS-I1"


def all_of(visit: Visit) -> dict[str, dict[str, object]]:
    """Every measure in use, by id, in the order a person reads them."""
    return visit.keep(_all)


def _all(visit: Visit) -> dict[str, dict[str, object]]:
    return {row["measure"]: row for row in visit.ask(measures).iter_rows(named=True)}


def feeling_safe(visit: Visit) -> list[dict[str, object]]:
    """The two measures of the aim: patients, then staff."""
    known = all_of(visit)
    return [known[PATIENTS], known[STAFF]]


def least_answers(about: Measure) -> int:
    """The fewest people that a percentage may rest on; 0 if it isn't of people."""
    return session.programme().disclosure.least_answers(about.of_people)


def choose(
    visit: Visit, *, key: str = "measure", default: str = PATIENTS, among: Sequence[str] = ()
) -> dict[str, object]:
    """The measure a person has chosen, from those that may be charted."""
    words = visit.keep(_words, among=tuple(among))
    return all_of(visit)[url_state.choose("Measure", words, key, default)]


def _words(visit: Visit, among: tuple[str, ...]) -> dict[str, str]:
    """The names of the measures that may be charted, by id."""
    return {
        m: str(about["name"])
        for m, about in all_of(visit).items()
        if not about["restricted"] and (m in among or not among)
    }
