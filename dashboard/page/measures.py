"""The measures of a release by id, those that screens feature, and the choice of one.

Any measure can be archived (data/README.md), so a screen asks which of those it features are in
use.
"""

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard import store
from dashboard.page import session, url_state
from dashboard.page.session import Visit
from dashboard.queries.organisations import measures
from schemas.measures import Measure

PATIENTS, STAFF, INCIDENTS = "SS-O1", "SS-O2", "SS-I1"
VISITORS = "SS-O3"  # only some wards ask them
CATEGORIES = ("SS-I2", "SS-I3", "SS-I4")  # of incidents
AFTER_INCIDENTS = ("SS-I5", "SS-I6", "SS-I9", "SS-P7", "SS-P8")
STAFF_ALLEGED = "SS-I8"
CHARTER_IN_PLACE, CONFIDENT = "SS-P1", "SS-P3"
TRAUMA_INFORMED = ("SS-P13", "SS-P14", "SS-P15")


def all_of(visit: Visit) -> dict[str, dict[str, object]]:
    """Every measure in use, by id, in the order a person reads them."""
    return visit.keep(_all)


def _all(visit: Visit) -> dict[str, dict[str, object]]:
    return {row["measure"]: row for row in visit.ask(measures).iter_rows(named=True)}


def definitions(visit: Visit) -> tuple[Measure, ...]:
    """Every measure, whole, as the release's figures were worked out; archived ones too."""
    return store.measures(visit.release)


def definition(visit: Visit, code: str) -> Measure:
    """One of them."""
    return next(about for about in definitions(visit) if about.id == code)


def in_use(visit: Visit, ids: Iterable[str]) -> list[dict[str, object]]:
    """Those of some measures that are in use, in the order given."""
    known = all_of(visit)
    return [known[measure] for measure in ids if measure in known]


def feeling_safe(visit: Visit) -> list[dict[str, object]]:
    """The measures of the aim that are in use: patients, then staff."""
    return in_use(visit, (PATIENTS, STAFF))


def least_answers(about: Measure) -> int:
    """The fewest people that a percentage may rest on; 0 if it isn't of people."""
    return session.programme().disclosure.least_answers(about.of_people)


def choose(
    visit: Visit, *, key: str = "measure", default: str = PATIENTS, among: Sequence[str] = ()
) -> dict[str, object] | None:
    """The measure a person has chosen, from those that may be charted.

    If every one of them has been archived, a sentence says so, and there is None.
    """
    words = visit.keep(_words, among=tuple(among))
    if not words:
        st.info("None of the measures shown here is in use: the programme has archived them.")
        return None
    return all_of(visit)[url_state.choose("Measure", words, key, default)]


def _words(visit: Visit, among: tuple[str, ...]) -> dict[str, str]:
    """The names of the measures that may be charted, by id."""
    return {
        m: str(about["name"])
        for m, about in all_of(visit).items()
        if not about["restricted"] and (m in among or not among)
    }
