"""Which fields count some of what others count: no part is more than its whole.

The checks of a return, the rules for sharing and the readers in the tests all rest on this.
"""

from schemas.returns import INCIDENT_COUNTS

# A return with more in the part is refused (E05).
ALWAYS_PART_OF: dict[str, tuple[str, ...]] = {
    "pt_safe": ("pt_answered",),
    "st_safe": ("st_answered",),
    "vs_safe": ("vs_answered",),
    "admissions_discussed": ("admissions_audited",),
    "meetings_discussed": ("meetings_held",),
    "trained_n": ("staff_in_post",),
    "conf_positive": ("conf_valid",),
    "ti_trained_n": ("staff_in_post",),
    "ti_supervised_n": ("staff_in_post",),
    "rounds_informed": ("rounds_held",),
    "support_offered_n": INCIDENT_COUNTS,
    "options_considered_n": INCIDENT_COUNTS,
}
# Each incident affects somebody, so these together are at least all incidents (W14).
AFFECTED = ("inc_affected_patient", "inc_affected_staff", "inc_affected_visitor")

PART_OF = {
    **ALWAYS_PART_OF,
    **dict.fromkeys(AFFECTED, INCIDENT_COUNTS),  # more raises a query (W14)
    "pt_answered": ("patients_present",),  # more raises a query (W02)
    "st_answered": ("staff_in_post",),
    # worked out by the build
    "charter_in_place": ("charter_returned",),
    "charter_reviewed": ("charter_in_place",),
    "standards_met": ("standards_rated",),
}


def wholes_of(field: str) -> list[tuple[str, ...]]:
    """What a field counts some of, and what that in turn counts some of."""
    found = []
    whole = PART_OF.get(field)
    while whole:
        found.append(whole)
        whole = PART_OF.get(whole[0]) if len(whole) == 1 else None
    return found
