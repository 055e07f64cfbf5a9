"""The measures of a release by their id, and the choice of one that lives in the address."""

from collections.abc import Sequence

from dashboard.queries.measures import measures
from dashboard.views import address
from dashboard.views.door import Visit

PATIENTS, STAFF, INCIDENTS = "SS-O1", "SS-O2", "SS-I1"


def all_of(visit: Visit) -> dict[str, dict[str, object]]:
    """Every measure in use, by id, in the order a person reads them."""
    return {row["measure"]: row for row in visit.ask(measures).iter_rows(named=True)}


def feeling_safe(visit: Visit) -> list[dict[str, object]]:
    """The two measures of the aim: patients, then staff."""
    known = all_of(visit)
    return [known[PATIENTS], known[STAFF]]


def choose(
    visit: Visit, *, key: str = "measure", default: str = PATIENTS, among: Sequence[str] = ()
) -> dict[str, object]:
    """The measure a person has chosen, from those that may be charted."""
    known = {m: about for m, about in all_of(visit).items() if not about["restricted"]}
    words = {m: str(known[m]["name"]) for m in known if m in among or not among}
    return known[address.choose("Measure", words, key, default)]
