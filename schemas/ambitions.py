"""An ambition: a target with a date, for whom it is, and what it starts from.

Ambitions are part of a measure's file; a `target` there is for every month and unit.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.periods import Month
from schemas.register import ANY_TRUST_CODE, GROUP_CODE

AimedLevel = Literal["ward", "trust", "group", "programme"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Baseline(_Part):
    """The months whose mean an ambition starts from.

    Without `first` they are each unit's own first months with a figure.
    """

    months: int = Field(default=6, ge=1, le=24)
    first: str | None = None

    @field_validator("first")
    @classmethod
    def _is_month(cls, text: str | None) -> str | None:
        return None if text is None else str(Month.parse(text))

    @property
    def last(self) -> Month | None:
        """The last of its months, where the file says which they are."""
        return None if self.first is None else Month.parse(self.first) + (self.months - 1)


class Ambition(_Part):
    """What a measure is to be by a month, as a `target` or as a `change` from its baseline.

    `target` is in the unit people read, `change` in per cent of the baseline's mean. `levels` are
    those of the units it is for; with a `trust` or a `group` it is that one's own. `source` says
    where it is written down.
    """

    name: str = Field(min_length=1, max_length=60)
    levels: tuple[AimedLevel, ...] = Field(default=("programme",), min_length=1)
    trust: str | None = None
    group: str | None = None
    by: str
    target: float | None = Field(default=None, ge=0)
    change: float | None = Field(default=None, ge=-100)
    baseline: Baseline | None = None
    source: str = Field(min_length=1)

    @field_validator("trust")
    @classmethod
    def _is_code(cls, text: str | None) -> str | None:
        if text is not None and not re.fullmatch(ANY_TRUST_CODE, text):
            raise ValueError(f"“{text}” is not the code of a trust: write it like Z01.")
        return text

    @field_validator("group")
    @classmethod
    def _is_group(cls, text: str | None) -> str | None:
        if text is not None and not re.fullmatch(GROUP_CODE, text):
            raise ValueError(f"“{text}” is not the code of a group: write it like Y56.")
        return text

    @field_validator("by")
    @classmethod
    def _is_month(cls, text: str) -> str:
        return str(Month.parse(text))

    @model_validator(mode="after")
    def _whole(self) -> "Ambition":
        if (self.target is None) == (self.change is None):
            raise ValueError(f"“{self.name}” needs either a target or a change, and not both.")
        if self.change == 0:
            raise ValueError(f"“{self.name}” has a change of 0: write -25 for 25% less.")
        if self.change is not None and self.baseline is None:
            raise ValueError(
                f"“{self.name}” is a change, so it needs a baseline: write, for example, "
                "baseline = { months = 6 }."
            )
        if self.trust is not None and not {"trust", "ward"}.issuperset(self.levels):
            raise ValueError(
                f"“{self.name}” is the own ambition of {self.trust}: its levels can be “trust” and "
                "“ward”, no others."
            )
        if self.group is not None and (self.trust is not None or self.levels != ("group",)):
            raise ValueError(
                f'“{self.name}” is the own ambition of {self.group}: write levels = ["group"], and '
                "no trust."
            )
        last = self.baseline.last if self.baseline else None
        if last is not None and last >= self.last_month:
            raise ValueError(
                f"“{self.name}” is to be reached by {self.by}, but its baseline only ends in "
                f"{last}: choose a later month."
            )
        return self

    @property
    def last_month(self) -> Month:
        """The month by which it is to be reached."""
        return Month.parse(self.by)

    @property
    def in_words(self) -> str:
        """What is to be reached, such as “-25% by 2027-03”."""
        return (
            f"{self.target:g} by {self.by}"
            if self.change is None
            else (f"{self.change:+g}% by {self.by}")
        )

    @property
    def own(self) -> str | None:
        """The trust or group whose own it is, if it is one's own."""
        return self.trust or self.group

    @property
    def whose(self) -> tuple[tuple[str, str | None], ...]:
        """The levels it is for, each with the trust or group whose own it is, if any."""
        return tuple((level, self.own) for level in self.levels)
