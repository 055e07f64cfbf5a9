"""What tests of acts on the register share: days, a new ward, and what an act is refused with."""

from datetime import date

import pytest

from pipelines.registers.effective import held, rows_of
from pipelines.registers.register import Register, RegisterError
from pipelines.registers.successors import current_wards
from tests import worlds

TODAY = date(2026, 3, 10)
DAY = date(2026, 4, 1)
VALUES = {
    **{k: v for k, v in worlds.ward_row("Z01", "X").items() if k not in ("ward_code", "open_from")},
    "ward_code": "fern1",
    "ward_name": "Fern Ward",
    "open_from": DAY,
}


def on(register: Register, day: date, trust: str = "Z01", ward: str = "ALDER1"):
    return held(rows_of(register.wards, trust_code=trust, ward_code=ward), day)


def now_known_as(register: Register) -> dict[str, str]:
    return dict(current_wards(register).select("ward_id", "current_ward_id").iter_rows())


def refusal_of(act, *arguments) -> str:
    with pytest.raises(RegisterError) as error:
        act(*arguments)
    return str(error.value)
