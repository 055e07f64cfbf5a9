"""Who may make decisions about a chart, and which decisions about it are in force."""

from dashboard.page import session
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from pipelines.keeping.decide import DecisionError, UnitCodes
from pipelines.keeping.decisions import in_force
from pipelines.keeping.home import open_home
from schemas.receipts import Decision

ROLES = ("programme", "trust")
Unit = tuple[str, str]  # a level and the code of a unit: ("ward", "Z01-ALDER1")


def may(visit: Visit, unit: Unit) -> bool:
    """The programme team may decide about all but groups, a trust about itself and its wards."""
    level, code = unit
    if visit.scope.role not in ROLES or visit.facts["as_at"] is not None:
        return False
    if visit.scope.sees_everything:
        return level != "group"
    if level == "trust":
        return code in visit.scope.trusts
    return level == "ward" and code in visit.ask(wards)["ward_id"].to_list()


def require(unit: Unit) -> Visit:
    """The visit of someone who may decide about a unit; raise DecisionError for anyone else."""
    visit = session.admit(*ROLES)
    if not may(visit, unit):
        raise DecisionError(
            "You can make decisions only about the charts of your own trust and its wards."
        )
    return visit


def codes(unit: Unit) -> UnitCodes:
    """A unit's codes in the register."""
    level, code = unit
    if level == "programme":
        return UnitCodes()
    trust, _, ward = code.partition("-")
    return UnitCodes(trust, ward or None)


def standing(ids: set[str]) -> dict[str, Decision]:
    """The decisions with these ids that have not been undone, newest first."""
    found = in_force(open_home(session.home()).archive.decisions())
    return {decision.id: decision for decision in reversed(found) if decision.id in ids}


def by(decision: Decision, visit: Visit) -> str:
    """Who made a decision, as far as the viewer may know: other people appear by role."""
    if visit.scope.sees_everything or decision.decided_by == visit.scope.email:
        return decision.decided_by
    return (
        "the programme team" if decision.trust_code is None else "your trust or the programme team"
    )
