"""A programme's months, dates and disclosure policy, as set in `programme.toml`."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.baseline_window import BaselineWindow
from schemas.periods import Month, months
from schemas.tables.kinds import FOUNDATIONS


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Deadlines(_Settings):
    """Three dates for each month, in working days in England after its last day.

    After the due day a return is late; after the closed day it needs an exception; after the locked
    day figures are final.
    """

    due_working_days: int = Field(default=10, ge=1)
    closed_working_days: int = Field(default=40, ge=1)
    locked_working_days: int = Field(default=65, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Deadlines":
        due, closed, locked = (getattr(self, name) for name in type(self).model_fields)
        if not due <= closed <= locked:
            raise ValueError(
                f"due after {due} working days, closed after {closed} and locked after {locked}: "
                "each must be at least as long as the one before."
            )
        return self


class DisclosurePolicy(_Settings):
    """What peers, exports for sharing and the public may see (see docs/disclosure.md)."""

    smallest_count: int = Field(default=5, ge=1)
    round_to: int = Field(default=5, ge=1)
    smallest_respondents: int = Field(default=10, ge=1)
    smallest_bed_days: int = Field(default=100, ge=1)
    smallest_own_respondents: int = Field(default=5, ge=1)
    smallest_peer_group: int = Field(default=5, ge=2)
    smallest_outside_trust: int = Field(default=3, ge=1)

    def least_answers(self, of_people: bool) -> int:
        """The fewest answers that a percentage may rest on, for anyone; 0 if it isn't of people.

        Below it no percentage is shown anywhere, and no limit or signal takes it into account.
        """
        return self.smallest_own_respondents if of_people else 0


class Pause(_Settings):
    """Months in which the whole programme is paused: nothing is due and no run crosses them."""

    first: str
    last: str
    reason: str

    @field_validator("first", "last")
    @classmethod
    def _is_month(cls, text: str) -> str:
        return str(Month.parse(text))

    @model_validator(mode="after")
    def _in_order(self) -> "Pause":
        if Month.parse(self.last) < Month.parse(self.first):
            raise ValueError(f"ends in {self.last}, before it begins in {self.first}.")
        return self

    def holds(self, month: Month) -> bool:
        return Month.parse(self.first) <= month <= Month.parse(self.last)


_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
Link = Annotated[str, Field(pattern="^(https://.+)?$")]  # a secure address, or none


class Support(_Settings):
    """A source of support, named on the entry page."""

    name: str = Field(min_length=1)
    how: str = Field(min_length=1)
    link: Link = ""
    source: str = ""
    checked: date | None = None


class Resource(_Settings):
    """Something to read or watch that helps, shown where a figure or a gap asks for it.

    `state` says what is known about the link: opened or copy (its text was read, from a stored
    copy) on the day `read`, unread, or dead on that day.
    """

    title: str = Field(min_length=1)
    link: Link = ""
    foundation: str
    for_whom: str = Field(min_length=1)
    beside: tuple[Literal["charter", "confidence", "query"], ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    state: Literal["opened", "copy", "unread", "dead"]
    read: date | None = None

    @field_validator("foundation")
    @classmethod
    def _is_foundation(cls, text: str) -> str:
        if text not in FOUNDATIONS:
            raise ValueError(f"“{text}” is none of {', '.join(FOUNDATIONS)}.")
        return text

    @model_validator(mode="after")
    def _dated(self) -> "Resource":
        if (self.state == "unread") != (self.read is None):
            raise ValueError(
                f"“{self.title}” is “{self.state}”: “unread” has no date under `read`, and every "
                "other state has one."
            )
        if self.state != "unread" and not self.link:
            raise ValueError(f"“{self.title}” is “{self.state}”, so it needs its link.")
        return self


NOT_KNOWN = "Not known or prefer not to say"
ALL = "All who answered"
_Words = Annotated[str, Field(pattern=r"^[^\W_]\S*( \S+)*$", max_length=60)]


class Breakdown(_Settings):
    """A way of grouping patients that the programme asks for, in its own words.

    Whoever is in none of its categories, or prefers not to say, is `NOT_KNOWN`.
    """

    name: _Words
    categories: tuple[_Words, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _told_apart(self) -> "Breakdown":
        if once_more := _repeated([*self.categories, NOT_KNOWN, ALL]):
            raise ValueError(
                f"“{self.name}” has the category “{once_more}” twice. “{NOT_KNOWN}” and “{ALL}” "
                "are there by themselves."
            )
        return self

    @property
    def every(self) -> tuple[str, ...]:
        """Its categories in order, and last those that aren't known."""
        return (*self.categories, NOT_KNOWN)


def _repeated(words: Collection[str]) -> str | None:
    """The first of some words that another one says already, capitals aside."""
    seen: set[str] = set()
    for word in words:
        if word.casefold() in seen:
            return word
        seen.add(word.casefold())
    return None


class Mail(_Settings):
    """The operator's mail server, for the packs that people asked for; never used by a screen.

    The password is a setting of the machine. Without encryption, only a server on this machine
    is used.
    """

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    sender: str = Field(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$")
    user: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"

    @model_validator(mode="after")
    def _encrypted(self) -> "Mail":
        if self.security == "none" and self.host not in _THIS_MACHINE:
            raise ValueError(
                f"mail to {self.host} would not be encrypted: set security to “starttls” or “tls”."
            )
        return self


class Programme(_Settings):
    """The settings of one programme."""

    name: str = Field(min_length=1)
    fictional: bool
    first_month: str
    last_month: str | None = None
    contact: str = ""
    standards_set: str = "sexual_safety_placeholder"
    pauses: tuple[Pause, ...] = ()
    baselines: tuple[BaselineWindow, ...] = ()
    support: tuple[Support, ...] = ()
    resources: tuple[Resource, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    deadlines: Deadlines = Deadlines()
    disclosure: DisclosurePolicy = DisclosurePolicy()
    mail: Mail | None = None
    two_of_three: Literal["mdc", "ptd"] = "mdc"

    @field_validator("first_month", "last_month")
    @classmethod
    def _is_month(cls, text: str | None) -> str | None:
        return None if text is None else str(Month.parse(text))

    @model_validator(mode="after")
    def _breakdowns_differ(self) -> "Programme":
        names = [each.name for each in self.breakdowns]
        categories = {category for each in self.breakdowns for category in each.every}
        if once_more := _repeated(names) or _repeated(sorted(categories)):
            raise ValueError(
                f"“{once_more}” is named twice among the breakdowns, perhaps with other capitals. "
                "Each breakdown needs its own name, and a category is written alike in all of them."
            )
        return self

    @model_validator(mode="after")
    def _months_exist(self) -> "Programme":
        last = Month.parse(self.last_month) if self.last_month else None
        if last and last < self.first:
            raise ValueError(
                f"last_month, {last}, is before first_month, {self.first}: the programme would "
                "have no months."
            )
        for pause in self.pauses:
            begins, ends = Month.parse(pause.first), Month.parse(pause.last)
            if ends < self.first or (last and begins > last):
                raise ValueError(
                    f"the pause from {pause.first} to {pause.last} is outside the programme’s "
                    f"months, which begin in {self.first}"
                    + (f" and end in {last}." if last else ".")
                )
        return self

    @model_validator(mode="after")
    def _one_baseline_for_each_first_month(self) -> "Programme":
        named = [(window.trust, window.first) for window in self.baselines]
        for trust, first in named:
            if named.count((trust, first)) > 1:
                raise ValueError(
                    f"{trust} has two baselines from {first}: put their wards into one, or begin "
                    "one in another month."
                )
        return self

    def baselines_of(self, trust: str | None) -> list[BaselineWindow]:
        """The windows of a trust, earliest first."""
        own = [window for window in self.baselines if window.trust == trust]
        return sorted(own, key=lambda window: window.first)

    def without_set(self, sets: Collection[str]) -> list[str]:
        """A sentence if `standards_set` is none of the register's sets.

        A register that has no standards at all fits the usual setting.
        """
        usual = type(self).model_fields["standards_set"].default
        if self.standards_set in sets or (not sets and self.standards_set == usual):
            return []
        there = f"has only {', '.join(sorted(sets))}" if sets else "has none"
        sentence = (
            f"standards_set is “{self.standards_set}”, but no such set is in the register, which "
            f"{there}: correct programme.toml, or add the set to standards.csv and run "
            "“feeling-safe register”."
        )
        return [sentence]

    @property
    def first(self) -> Month:
        return Month.parse(self.first_month)

    def paused(self, month: Month) -> bool:
        return any(pause.holds(month) for pause in self.pauses)

    def expected_months(self, today: date) -> list[Month]:
        """Every month with a return, up to the last one to have ended by `today`."""
        ended = Month.of(today) + -1
        last = min(ended, Month.parse(self.last_month)) if self.last_month else ended
        return [month for month in months(self.first, last) if not self.paused(month)]
