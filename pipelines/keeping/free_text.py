"""Text that a person types as an answer or a reason: kept for ever, so it may name nobody."""

from datetime import date

from pipelines.checking.rules.personal_text import personal
from pipelines.registers.register import Register

LONGEST = 500


class UnfitText(ValueError):
    """A text that is not kept; the message says why, without repeating it."""


def fit(text: str, what: str, register: Register, today: date, longest: int = LONGEST) -> str:
    """The text as it may be kept; raises UnfitText if it is too long or tells who somebody is.

    `what` begins the sentence, as “Your reason”. Names of trusts, wards and sites in the register
    are names of places here, whoever they were named after.
    """
    text = text.strip()
    if len(text) > longest:
        raise UnfitText(
            f"{what} has {len(text)} characters, and at most {longest} are kept: say it shorter."
        )
    if found := personal(text, today, places_of(register)):
        raise UnfitText(
            f"{what} looks as if it holds {found}, and it would be kept for ever. Say it without, "
            "so that nobody can tell who it was about."
        )
    return text


def places_of(register: Register) -> frozenset[str]:
    """Every word of the names of trusts and wards, of today and of the past."""
    names = (register.trusts["trust_name"], register.wards["ward_name"])
    return frozenset(
        word for column in names for name in column.drop_nulls() for word in name.split()
    )
