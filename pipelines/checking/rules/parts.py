"""Checks that no part is more than its whole."""

from collections.abc import Iterator

from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS
from schemas.wording import shown

PARTS = {
    "pt_safe": "pt_answered",
    "st_safe": "st_answered",
    "admissions_discussed": "admissions_audited",
    "meetings_discussed": "meetings_held",
    "trained_n": "staff_in_post",
    "conf_positive": "conf_valid",
}
PARTS_OF_INCIDENTS = ("support_offered_n", "options_considered_n")


def part_above_whole(sent: TypedReturn) -> Iterator[Problem]:
    """E05: for example, more people feel safe than answered."""
    for entry in sent.counted():
        for part, whole in PARTS.items():
            if entry.filled(part, whole) and entry[part] > entry[whole]:
                what = f"{entry.title(whole)}, {shown(entry[whole])}"
                yield _too_many(entry, part, what)
        for part in PARTS_OF_INCIDENTS:
            total = entry.count(*INCIDENT_COUNTS)
            known = entry.filled(*INCIDENT_COUNTS) or entry["return_status"] == "nil_incidents"
            if known and entry[part] is not None and entry[part] > total:
                yield _too_many(entry, part, f"the incidents of the month, {shown(total)}")


def _too_many(entry: TypedRow, part: str, whole: str) -> Problem:
    return entry.error(
        "E05",
        part,
        f"{entry.title(part)} is {shown(entry[part])}, which is more than {whole}. It counts some "
        "of them, so it can't be more.",
        "Correct whichever of the two numbers is wrong.",
    )


def part_without_whole(sent: TypedReturn) -> Iterator[Problem]:
    """E03: a part was given, but not its whole."""
    for entry in sent.counted():
        for part, whole in PARTS.items():
            given = entry[part] is not None
            needed = entry.column(whole).required != "optional" and (
                entry["return_status"] == "data"
            )
            if given and entry[whole] is None and whole not in entry.unreadable and not needed:
                yield entry.error(
                    "E03",
                    whole,
                    f"{entry.title(part)} is {shown(entry[part])}, but {entry.title(whole)} is "
                    "blank, so no percentage can be worked out.",
                    f"Type {entry.title(whole)}, or leave both blank.",
                )


RULES = (part_above_whole, part_without_whole)
