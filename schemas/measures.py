"""A measure: what is counted, over what, which way is better, and who has reviewed it.

Measures are text files in `data/measures/`; this model defines what they must contain.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.ambitions import Ambition
from schemas.returns import columns_of

_DATES = ("agreed_on", "last_reviewed_on")
# Fields that the build derives from the charter and standards sheets, one per ward and month, with
# the fields of the return that each is worked out from.
DERIVED_FROM = {
    "charter_returned": ("stage",),  # 1 where the ward's charter row was sent
    # 1 where displayed or under review, and co-produced with patients
    "charter_in_place": ("stage", "coproduced_patients"),
    # 1 where in place and agreed or reviewed within 12 months
    "charter_reviewed": ("stage", "coproduced_patients", *_DATES),
    "standards_met": ("statement_id", "rating"),  # statements of the current set rated met
    "standards_rated": ("statement_id", "rating"),  # rated met, partly met or not met
}
DERIVED_FIELDS = tuple(DERIVED_FROM)
_NOT_PEOPLE = {*DERIVED_FIELDS, "meetings_held", "rounds_held"}  # wards, statements and meetings

COUNTED = ("numerator", "denominator", "unit", "rolling_months")  # what a figure is made of

Unit = Literal["percent", "per_1000_bed_days", "count", "days"]


class Measure(BaseModel):
    """One reviewed measure.

    `numerator` and `denominator` name fields of the return, which are added up; a measure without a
    denominator is a plain count or number of days. A `target` is for every unit and month; targets
    with a date are `ambitions`. Values are stored unscaled: proportions from 0
    to 1, rates per bed day; screens multiply them by `multiplier`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^SS-[OIPBX]\d{1,2}$")
    name: str
    short_name: str = Field(max_length=32)
    type: Literal["outcome", "process", "balancing", "context"]
    topic: Literal[
        "feeling_safe",
        "incidents",
        "charter",
        "confidence",
        "trauma_informed",
        "standards",
        "engagement",
        "data_quality",
        "restrictive",
        "workforce",
    ]
    who: str
    core: bool = False
    numerator: tuple[str, ...] = Field(min_length=1)
    numerator_text: str
    denominator: tuple[str, ...] = ()
    denominator_text: str = ""
    unit: Unit
    direction: Literal["up", "down", "none"]
    target: float | None = Field(default=None, ge=0)
    ambitions: tuple[Ambition, ...] = ()
    chart: Literal["auto", "xmr", "run", "stage", "table"] = "auto"
    minimum_denominator: int = Field(default=1, ge=1)
    restricted: bool = False
    only_where_asked: bool = False  # true: where nobody was ever asked, no screen lists it
    sensitive: bool = True  # false: a small count of it says nothing about anybody
    rolling_months: int = Field(default=1, ge=1, le=12)  # how many months one figure counts
    chart_months: Literal[1, 3] = 1  # how many months a point adds up if months have very few
    sort: int
    why_it_matters: str
    how_it_is_calculated: str
    author: str
    reviewed: date
    next_review: date
    status: Literal["in_development", "preview", "published", "archived"]

    @property
    def multiplier(self) -> int:
        """What to multiply a value by for people to read: 100 for percentages, 1,000 for rates."""
        return {"percent": 100, "per_1000_bed_days": 1000}.get(self.unit, 1)

    @property
    def sent_fields(self) -> tuple[str, ...]:
        """The fields of the return that its figures are worked out from."""
        counted = (*self.numerator, *self.denominator)
        sent = (name for field in counted for name in DERIVED_FROM.get(field, (field,)))
        return tuple(dict.fromkeys(sent))

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator)

    @property
    def of_people(self) -> bool:
        """Whether it is a percentage of people, and so never shown for very few of them."""
        return self.unit == "percent" and not _NOT_PEOPLE & set(self.denominator)

    @model_validator(mode="after")
    def _fields_exist(self) -> "Measure":
        columns, counted = columns_of("monthly"), {*self.numerator, *self.denominator}
        if len(counted) < len(self.numerator) + len(self.denominator):
            raise ValueError(f"{self.id} names a field twice: it would be counted twice.")
        if unknown := sorted(counted - {*columns, *DERIVED_FIELDS}):
            raise ValueError(f"{self.id} counts {', '.join(unknown)}, which no return has.")
        sent = [columns[name] for name in sorted(counted & {*columns})]
        if words := [column.name for column in sent if column.kind != "count"]:
            raise ValueError(f"{self.id} counts {', '.join(words)}, where no number is sent.")
        if secret := [column.name for column in sent if column.restricted and not self.restricted]:
            raise ValueError(
                f"{self.id} counts {', '.join(secret)}, which only the trust itself and the "
                "programme team may see: set restricted = true."
            )
        if (self.unit in ("percent", "per_1000_bed_days")) != self.is_ratio:
            raise ValueError(
                f"{self.id}: a percentage or rate needs a denominator, and other units have none."
            )
        if self.unit == "percent" and (self.target or 0) > 100:
            raise ValueError(f"{self.id}: a target of {self.target:g}% can't be reached.")
        if self.chart_months > 1 and self.unit != "percent":
            raise ValueError(f"{self.id}: only a percentage can ask for quarters (chart_months).")
        return self

    @model_validator(mode="after")
    def _ambitions_fit(self) -> "Measure":
        """Each is in the better direction, and no unit has two of the same kind."""
        taken: dict[tuple[str, str | None], str] = {}
        for ambition in self.ambitions:
            about = f"{self.id}, “{ambition.name}”:"
            if self.direction == "none" or self.rolling_months > 1 or self.unit == "days":
                raise ValueError(
                    f"{about} an ambition needs a measure whose direction is up or down, and whose "
                    "figures are of single months and can be added up."
                )
            if ambition.change is not None and (ambition.change > 0) != (self.direction == "up"):
                raise ValueError(
                    f"{about} a change of {ambition.change:+g}% would be for the worse, as the "
                    f"direction is {self.direction}."
                )
            if self.unit == "percent" and (ambition.target or 0) > 100:
                raise ValueError(f"{about} {ambition.target:g}% can't be reached.")
            if self.target is not None and ambition.own is None:
                raise ValueError(
                    f"{about} the measure has a target without a date too. Keep one of them."
                )
            for whose in ambition.whose:
                if whose in taken:
                    raise ValueError(
                        f"{about} it is for the same units as “{taken[whose]}” (level {whose[0]}). "
                        "Keep one of them."
                    )
                taken[whose] = ambition.name
        return self
