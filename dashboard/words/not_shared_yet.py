"""When the programme's totals that files for sharing leave out will be in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas import wording


def sentences(months: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each month of `dashboard.queries.returns.not_shared_yet`, in order."""
    return [_sentence(each) for each in months]


def _sentence(about: Mapping[str, Any]) -> str:
    month = wording.month_of(about["month"])
    missing = wording.counted(about["missing"], "trust")
    if about["closed"] and about["in_time"]:
        return (
            f"{month} has closed. The programme’s totals for it will be in files for sharing as "
            "soon as anything else is saved: a return, or a decision such as a note on the "
            "programme’s charts."
        )
    have = "has" if about["missing"] == 1 else "have"
    waits = (
        f"The programme’s totals for {month} are not in files for sharing yet, as {missing} {have} "
        "not sent."
    )
    if about["closed"]:
        return f"{waits} Nobody had sent when the month closed, so they wait for everyone."
    return (
        f"{waits} They will be as soon as everyone has, or otherwise with the first return or "
        f"decision that is saved after {wording.day_of(about['closes'])}, when the month closes."
    )
