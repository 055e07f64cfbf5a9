"""F06: checks that returns are accepted for the month on the cover."""

from datetime import timedelta

from pipelines.checking.context import Context
from pipelines.checking.parse import parse
from pipelines.checking.parse_dates import WRITE_MONTH, read_as
from pipelines.checking.prechecks.cover import cell_of
from pipelines.checking.problem_at import problem_at_cover
from pipelines.reading.tables import Tables
from schemas.deadlines import dates_for
from schemas.periods import FIRST_POSSIBLE, Month
from schemas.problems import Problem
from schemas.programme import Programme
from schemas.returns import columns_of
from schemas.wording import day_of


def right_month(
    tables: Tables, trust: str | None, context: Context
) -> tuple[Month | None, list[Problem]]:
    """The month on the cover, and why a return for it can't be accepted now."""
    cell = cell_of(tables, "period")
    if cell is None:
        return None, []
    parsed = parse(cell, columns_of("cover")["period"], {})
    if parsed.value is None:
        message, fix = "The month is blank on the cover.", "Write the month like 2026-03."
        if parsed.finding:
            message = parsed.finding.message
            fix = parsed.finding.fix if parsed.finding.fix != WRITE_MONTH else fix
        code = "F08" if parsed.finding and parsed.finding.code == "F08" else "F06"
        return None, [problem_at_cover(tables, code, "period", message, fix)]
    month = Month.of(parsed.value)
    found = _month_problem(month, trust, context)
    if found is None:
        return month, []
    message, fix = found
    return month, [problem_at_cover(tables, "F06", "period", f"{read_as(cell)}{message}", fix)]


def _month_problem(month: Month, trust: str | None, context: Context) -> tuple[str, str] | None:
    programme, this_month = context.programme, Month.of(context.today)
    check = "Check the month on the cover."
    if month > this_month:
        return f"{month.label} is in the future: today is {day_of(context.today)}.", check
    if month == this_month:
        return f"{month.label} has not ended yet: today is {day_of(context.today)}.", (
            f"{check} You can send it from {day_of((month + 1).first_day)}."
        )
    if never := never_sent(month, programme):
        message, more = never
        return message, f"{check} {more}".strip()
    if (trust, month) in context.closed_months:
        locked = dates_for(month, programme.deadlines).locked
        if locked < context.today:
            return f"{month.label} has been final since {day_of(locked + timedelta(days=1))}.", (
                f"{check} If a figure still needs to change, ask the programme team for an "
                "exception."
            )
        return f"{month.label} is closed: figures are no longer accepted.", (
            f"{check} If it is right, ask the programme team to reopen the month for you."
        )
    return None


def never_sent(month: Month, programme: Programme) -> tuple[str, str] | None:
    """Why there is no return for a month in this programme, and more about it; None if there is."""
    if month < Month.parse(FIRST_POSSIBLE):
        launch = Month.parse(FIRST_POSSIBLE).label
        return f"{month.label} is before the collaborative began, in {launch}.", ""
    if month < programme.first:
        return f"{month.label} is before this programme began, in {programme.first.label}.", ""
    if programme.last_month and month > Month.parse(programme.last_month):
        last = Month.parse(programme.last_month).label
        return f"{month.label} is after this programme's last month, {last}.", ""
    if pause := next((p for p in programme.pauses if p.holds(month)), None):
        return f"There is no return for {month.label}: the programme was paused.", (
            f"The reason given for the pause: {pause.reason}"
        )
    return None
