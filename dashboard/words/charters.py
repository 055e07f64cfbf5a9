"""Sentences about a ward's charter: who took part in making it, and what it has led to."""

from collections.abc import Mapping

from schemas import wording

_PEOPLE = {
    "patients_n": ("patient", "patients"),
    "staff_n": ("member of staff", "staff"),
    "carers_n": ("carer", "carers"),
}
_LED_TO = {
    "conversations_n": ("conversation about sexual safety", "conversations about sexual safety"),
    "changes_n": ("change on the ward", "changes on the ward"),
}


def took_part(charter: Mapping[str, object]) -> str:
    """How many of each group took part, and when they last did; empty where nobody counted."""
    people = _counted(charter, _PEOPLE)
    day = charter["coproduced_on"]
    if not people:
        return f"They last worked on it together on {wording.day_of(day)}." if day else ""
    last = f", most recently on {wording.day_of(day)}" if day else ""
    return f"{wording.starting(people)} took part{last}."


def led_to(charter: Mapping[str, object]) -> str:
    """How many conversations and changes it has led to so far; empty where nobody counted."""
    found = _counted(charter, _LED_TO)
    return f"So far it has led to {found}." if found else ""


def _counted(charter: Mapping[str, object], names: Mapping[str, tuple[str, str]]) -> str:
    """Every number that was counted, zeros too: 6 patients and no carers."""
    counts = {field: charter[field] for field in names if charter[field] is not None}
    each = [
        wording.counted(int(number), *names[field]) if number else f"no {names[field][1]}"
        for field, number in counts.items()
    ]
    return wording.listed(each, nothing="")
