"""Which figures are hidden in a few small programmes: these, no fewer and no more.

`tests/promises` looks for what a reader could work out if fewer were hidden. Nothing there fails if
figures are hidden that give nothing away, or others than need be. Where a rule is changed on
purpose, run this file as a program for the new lines, once the promises hold.
"""

from datetime import date
from hashlib import sha256
from random import Random

import polars as pl
import pytest

from schemas.disclosure import KEY, mask
from schemas.parts import AFFECTED
from schemas.programme import DisclosurePolicy
from tests.promises import made_up

KINDS = ("inc_harassment", "inc_assault", "inc_other")
# Wards in each trust, months, the most incidents of a kind, and of how many months one is missing;
# then how many figures of wards, trusts and the programme are hidden, and a digest of which.
PROGRAMMES = {
    ((2, 3), 3, 6, 0): (138, 50, 30, "932ae2a195d2"),
    ((1, 3), 12, 8, 9): (358, 181, 131, "bcf528adbcbe"),
    ((1, 1, 2, 3), 12, 3, 0): (853, 480, 118, "8d771a83c7ae"),
    ((1, 2, 4), 12, 1, 0): (918, 393, 130, "d8e425d16e5d"),
    ((3, 3), 12, 25, 0): (381, 113, 124, "0b0239737b1d"),
}


def sent(trusts: tuple[int, ...], months: int, most: int, missing: int) -> pl.DataFrame:
    """What wards sent: chance that is the same with every version of every library."""
    chance = Random(f"{trusts} {months} {most}")  # noqa: S311
    rows = []
    for trust, wards in enumerate(trusts, 1):
        for ward in range(wards):
            often = chance.randrange(1, 4)
            for number in range(months):
                month = date(2024 + (number + 3) // 12, (number + 3) % 12 + 1, 1)
                kinds = [chance.randrange(most + 1) * often // 3 for _ in KINDS]
                present = 9 + chance.randrange(20)
                answered = present - chance.randrange(present)
                affected = [sum(kinds) - sum(kinds) // 4, sum(kinds) // 3, sum(kinds) // 9]
                numbers = {
                    **dict(zip(KINDS, kinds, strict=True)),
                    **dict(zip(AFFECTED, affected, strict=True)),
                    "occupied_bed_days": 450,
                    "support_offered_n": sum(kinds) - (sum(kinds) + 2) // 3,
                    "options_considered_n": sum(kinds) - (sum(kinds) + 5) // 6,
                    "patients_present": present,
                    "pt_answered": answered,
                    "pt_safe": answered - chance.randrange(min(answered, 5)),
                }
                if missing and chance.randrange(missing) == 0:
                    numbers = {}
                rows += [
                    (f"Z0{trust}-W{ward}", f"Z0{trust}", month, name, float(count), "value")
                    for name, count in numbers.items()
                ]
    names = ["ward_id", "trust_code", "month", "field", "number", "state"]
    return pl.DataFrame(rows, schema=names, orient="row")


def hidden(*about) -> tuple[int, int, int, str]:
    """How many figures of each level are hidden from the public, and a digest of which."""
    exact = made_up.release(sent(*about))
    shared = mask(exact, made_up.MEASURES, DisclosurePolicy(), "public")
    rows = shared.filter(pl.col("state") == "suppressed").select(KEY).sort(KEY)
    counts = [
        rows.filter(pl.col("level") == name).height for name in ("ward", "trust", "programme")
    ]
    return *counts, sha256(rows.write_csv().encode()).hexdigest()[:12]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=str)
def test_the_same_figures_are_hidden_as_before(programme):
    assert hidden(*programme) == PROGRAMMES[programme]


if __name__ == "__main__":
    for programme in PROGRAMMES:
        print(f"{programme}: {hidden(*programme)},")
