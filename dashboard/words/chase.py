"""The words of a reminder: which returns are overdue, how to send them, and who to ask."""

from collections.abc import Sequence
from datetime import date

from schemas import wording


def summary(trusts: int, returns: int) -> str:
    """How much there is to chase."""
    if not trusts:
        return "Nothing to chase: every return that is due has arrived."
    return (
        f"{wording.counted(returns, 'return')} from {wording.counted(trusts, 'trust')} "
        f"{'is' if returns == 1 else 'are'} overdue. Months that are not due yet, paused or not "
        "expected are not in this list."
    )


def due_since(due: date, today: date) -> str:
    """When a return was due and how long ago: 16 April 2026, 4 days ago."""
    return f"{wording.day_of(due)}, {wording.counted((today - due).days, 'day')} ago"


def still(closed: Sequence[str], missing: int) -> str:
    """Whether what is missing can still be sent; `closed` are the months that can't, in words."""
    if not closed:
        return "Yes"
    one = len(closed) == 1
    which = "No" if len(closed) == missing else f"Not {wording.listed(closed)}"
    months = "it is" if one else "they are"
    return f"{which}: {months} closed. Reopen {'it' if one else 'them'} first."


def subject(months: Sequence[date]) -> str:
    """What the e-mail is about."""
    word = "return" if len(months) == 1 else "returns"
    return f"Sexual safety {word} for {wording.listed([wording.month_of(m) for m in months])}"


def body(
    trust: str,
    names: Sequence[str],
    due: Sequence[tuple[date, date]],
    today: date,
    programme: str,
    contact: str,
) -> str:
    """The e-mail to one trust; `due` gives each month with its due date."""
    one = len(due) == 1
    missing = "\n".join(
        f"- {wording.month_of(m)}: due by {due_since(day, today)}" for m, day in due
    )
    it, is_it = ("it", "it is") if one else ("them", "they are")
    ask = f" or write to {contact}" if contact else ""
    return (
        f"Dear {wording.listed(names, nothing='colleagues')},\n\n"
        f"We have not received {'this return' if one else 'these returns'} from {trust}:\n\n"
        f"{missing}\n\n"
        "Please sign in and open “Send a return”. There you can download the workbook for each "
        "month, with your wards filled in. A ward where nothing happened still counts: enter 0, "
        "and leave a cell empty only if nobody counted.\n\n"
        f"If {is_it} on the way, or something is stopping you from sending {it}, reply to this "
        f"message{ask}. If you have sent {it} today, thank you: there is nothing more to do.\n\n"
        f"Thank you,\nThe team at {programme}\n"
    )
