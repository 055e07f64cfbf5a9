"""Which months from before it joined a trust may bring, as a programme's settings say it."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.periods import Month
from schemas.wording import period

LONGEST_BASELINE = 12  # months


class BaselineWindow(BaseModel):
    """The months from before it joined that a trust may bring, and the last day to send them.

    `wards` names the wards that bring them, if not every ward of the trust that joins.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trust: str = Field(min_length=1)
    first: str
    last: str
    until: date
    wards: tuple[str, ...] = ()

    @field_validator("first", "last")
    @classmethod
    def _is_month(cls, text: str) -> str:
        return str(Month.parse(text))

    @model_validator(mode="after")
    def _is_a_year_at_most(self) -> "BaselineWindow":
        count = Month.parse(self.last) - Month.parse(self.first) + 1
        if not 1 <= count <= LONGEST_BASELINE:
            raise ValueError(
                f"the baseline of {self.trust} from {self.first} to {self.last} has "
                f"{max(count, 0)} months: it can have 1 to {LONGEST_BASELINE}."
            )
        if self.until <= Month.parse(self.last).last_day:
            raise ValueError(
                f"the baseline of {self.trust} ends with {self.last}, so it can't be sent until "
                f"{self.until}: choose a later day."
            )
        return self

    @property
    def first_month(self) -> Month:
        return Month.parse(self.first)

    @property
    def last_month(self) -> Month:
        return Month.parse(self.last)

    @property
    def label(self) -> str:
        """Its months in words: April 2025 to March 2026."""
        return period(self.first_month.first_day, self.last_month.first_day)
