"""One test of change as a ward's log holds it: plan, do, study, act.

The code calls it a change test, as names that begin with “test” belong to the tests of the program.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict

LONGEST_YEARS = 2  # from start to end: more is a slip of the keyboard


class ChangeTest(BaseModel):
    """What was tried, what was predicted, and what came of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idea: str
    foundation: str
    prediction: str
    start: date
    end: date
    measure: str | None = None
    happened: str | None = None
    outcome: str | None = None


def state_of(outcome: str | None, end: date, today: date) -> str:
    """Where a test stands: its outcome, or else `overdue` once its end has passed, or `running`."""
    return outcome or ("overdue" if end < today else "running")
