"""The tiny programme with a breakdown switched on: who feels safe by age, in two categories."""

from pathlib import Path

from pipelines.keeping.home import SETTINGS, Home, as_toml
from schemas.deadlines import dates_for
from schemas.periods import Month, months
from schemas.programme import Breakdown
from tests import worlds

APRIL, MARCH, LAST = Month(2025, 4), Month(2026, 3), Month(2026, 6)
AFTER = worlds.received(LAST, 10)
AGE = Breakdown(name="Age", categories=("Under 35", "35 or over"))
USUAL = ((20, 14), (22, 15), (8, 5))  # the first two categories, and those not known


def asked(trust: str, month: Month, counts=USUAL, words: Breakdown = AGE) -> dict:
    """The sheets of a return in which each ward has these counts, category by category."""
    answered, safe = (sum(pair[n] for pair in counts) for n in (0, 1))
    wards = worlds.WARDS[trust]
    figures = {"patients_present": None, "pt_answered": answered, "pt_safe": safe}
    return {
        "monthly": [worlds.monthly_row(ward, month, **figures) for ward in wards],
        "breakdowns": [
            {"ward_code": w, "breakdown": words.name, "category": c, "answered": n, "safe": s}
            for w in wards
            for c, (n, s) in zip(words.every, counts, strict=True)
        ],
    }


def switched(home: Home, *breakdowns: Breakdown) -> Home:
    """The home with these breakdowns in its settings."""
    settings = home.programme.model_copy(update={"breakdowns": breakdowns})
    (home.root / SETTINGS).write_text(as_toml(settings), encoding="utf-8")
    return Home(home.root)


def world(root: Path) -> Home:
    """A home that switched the breakdown on in April, and whose year to March is over.

    In July to September, Z01 has next to nobody in the first category.
    """
    home = worlds.empty_world(root, breakdowns=(AGE,))
    for month in months(Month(2025, 3), MARCH):
        for trust in worlds.WARDS:
            few = trust == "Z01" and 7 <= month.number <= 9
            counts = ((1, 0), (41, 29), (8, 5)) if few else USUAL
            sheets = asked(trust, month, counts) if month >= APRIL else {}
            worlds.send(home, trust, month, **sheets)
    worlds.send(home, "Z01", LAST, AFTER)
    assert AFTER.date() > dates_for(MARCH, home.programme.deadlines).locked
    return home
