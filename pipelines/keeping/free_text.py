"""Checks text typed as an explanation or reason: it is kept for ever, so it must name nobody."""

from datetime import date

from pipelines.checking.rules.personal_text import personal
from pipelines.registers.register import Register

LONGEST = 500


class UnfitText(ValueError):
    """A text that can't be kept; the message says why without repeating it."""


def fit(text: str, what: str, register: Register, today: date, longest: int = LONGEST) -> str:
    """The text as it may be kept; raises UnfitText if it is too long or could identify someone.

    `what` starts the sentence, such as “Your reason”. The names of trusts, wards and sites in the
    register count as places, even if they are named after people.
    """
    text = text.strip()
    if len(text) > longest:
        raise UnfitText(
            f"{what} has {len(text)} characters and can have at most {longest}: shorten it."
        )
    if found := personal(text, today, places_of(register)):
        raise UnfitText(
            f"{what} seems to include {found}, and it would be kept for ever. Rewrite it without "
            "that, so that nobody can tell who it is about."
        )
    return text


def places_of(register: Register) -> frozenset[str]:
    """Every word in the names of trusts and wards, past and present."""
    names = (register.trusts["trust_name"], register.wards["ward_name"])
    return frozenset(
        word for column in names for name in column.drop_nulls() for word in name.split()
    )
