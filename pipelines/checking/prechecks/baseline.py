"""F06: checks that a trust may bring a baseline now, and for the months on the cover."""

import re

from pipelines.checking.baseline import Baseline
from pipelines.checking.context import Context
from pipelines.checking.prechecks.cover import cell_of
from pipelines.checking.problem_at import problem_at_cover
from pipelines.reading.compared import clean
from pipelines.reading.dates import read_month
from pipelines.reading.tables import Tables
from schemas.baseline_window import BaselineWindow
from schemas.periods import Month
from schemas.problems import Problem
from schemas.wording import day_of, listed, period

_SPAN = re.compile(r"([^\s–—]+(?: [^\s–—]+)?) ?(?: to | - |–|—) ?([^\s–—]+(?: [^\s–—]+)?)")


def months_asked(tables: Tables) -> tuple[Month, Month] | None:
    """The first and last month, if the cover names two: `2025-04 to 2026-03`."""
    cell = cell_of(tables, "period")
    named = _SPAN.fullmatch(clean(cell.text).removeprefix("'")) if cell else None
    read = [read_month(text.strip()) for text in named.groups()] if named else []
    if len(read) < 2 or read[0] is None or read[1] is None:
        return None
    return Month.of(read[0]), Month.of(read[1])


def right_baseline(
    tables: Tables, asked: tuple[Month, Month], trust: str | None, context: Context
) -> tuple[Baseline | None, list[Problem]]:
    """The baseline that a file is, and why it can't be accepted now.

    Without a `trust` that the sender may send for, there is neither.
    """
    if trust is None:
        return None, []
    windows = context.programme.baselines_of(trust)
    window = next((each for each in windows if _holds(each, asked)), None)
    found = _refusal(asked, trust, windows, context)
    if window and not found:
        return Baseline(window, *asked), []
    message, fix = found or _otherwise(asked, trust, windows)
    return None, [problem_at_cover(tables, "F06", "period", message, fix)]


def _holds(window: BaselineWindow, asked: tuple[Month, Month]) -> bool:
    return window.first_month <= asked[0] and asked[1] <= window.last_month


def _refusal(
    asked: tuple[Month, Month], trust: str, windows: list[BaselineWindow], context: Context
) -> tuple[str, str] | None:
    first, last = asked
    if first > last:
        return (
            f"The months on the cover are the wrong way round: {first.label} is after {last.label}."
        ), "Write the first month first, like 2025-04 to 2026-03."
    label = period(first.first_day, last.first_day)
    if not windows:
        return (
            f"This workbook is a baseline for {label}, but {trust} has not been asked for one."
        ), (
            "To send one month, write that month on the cover. To bring months from before you "
            "joined, ask the programme team."
        )
    window = next((each for each in windows if _holds(each, asked)), None)
    if window and last >= Month.of(context.today):
        return f"{last.label} has not ended yet: today is {day_of(context.today)}.", (
            "Check the months on the cover."
        )
    if window and context.today > window.until:
        return (
            f"The baseline for {window.label} was accepted until {day_of(window.until)}."
        ), "If it should still be sent, ask the programme team for more time."
    return None


def _otherwise(
    asked: tuple[Month, Month], trust: str, windows: list[BaselineWindow]
) -> tuple[str, str]:
    labels = listed([each.label for each in windows], last="or")
    return (
        f"This workbook is a baseline for {period(asked[0].first_day, asked[1].first_day)}, but "
        f"that of {trust} can have months from {labels}."
    ), "Correct the months on the cover, or ask the programme team for other months."
