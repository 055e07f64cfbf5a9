"""The sentences of Send a return: its months, what is left to do and what sending would change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dashboard import numbers
from pipelines.accepting.preview import Preview
from pipelines.sending import OpenBaseline, OpenMonth
from schemas import wording
from schemas.problems import Problem, Severity
from schemas.receipts import Receipt
from schemas.returns import columns_of

FIRST_RETURN = (
    "Once a month you send one workbook for all your wards: how many patients and staff feel safe, "
    "incidents, occupied bed days, the charter and the standards. It asks for counts, never for "
    "names. You can fill it in beforehand to see what your wards need to collect."
)


def opens(month: OpenMonth, today: date) -> str:
    """When the return of a month can be sent."""
    first = (month.month + 1).first_day
    return "Now" if first <= today else f"From {wording.day_of(first)}, when the month has ended"


def due(month: OpenMonth) -> str:
    """The last day on which the return of a month is on time."""
    return wording.day_of(month.due)


def registered(wards: Sequence[str]) -> str:
    """The wards that a trust has in the register, for its lead to check."""
    return f"{wording.counted(len(wards), 'ward')}: {wording.some(wards)}" if wards else "None yet"


def is_in_use(look: Preview) -> bool:
    """Whether the return in use is this same file."""
    return look.active is not None and look.active.sha256 == look.checked.sha256


def changing(look: Preview) -> str:
    """How much sending the month again would change."""
    cells = 0 if look.changes is None else look.changes.height
    if is_in_use(look):
        return "This return is exactly the same, so nothing changes."
    if not cells:
        return "This return has the same values in every cell."
    return f"This return changes {wording.counted(cells, 'cell')}."


def change(row: Mapping[str, object]) -> dict[str, str]:
    """One changed cell (`pipelines.checking.version_changes`) as a row of a table."""
    sheet = str(row["sheet"])
    about = columns_of(sheet)[str(row["field"])]
    column = about.title
    many = sheet in (
        "standards",
        "trust_standards",
        "confidence",
        "events",
    )  # a ward has several rows there
    where = (row["about"] if many else row["ward_code"]) or "The whole return"
    return {
        "ward": str(where),
        "what": column if sheet == "monthly" else f"{column} ({sheet})",
        "before": _cell_text(about.in_words(row["before"]), row["state_before"]),
        "after": _cell_text(about.in_words(row["after"]), row["state_after"]),
    }


def _cell_text(text: object, state: object) -> str:
    if state is None:
        return "No such row"
    if state == "missing":
        return "Blank"
    if state == "nil":
        return "0 (nil return)"
    return str(text) if text is not None else numbers.STATES.get(str(state), "Blank")


def headline(months: Sequence[OpenMonth], today: date) -> str:
    """The screen's headline: what is there to send?"""
    waiting = [choice for choice in months if choice.active is None]
    if not months:
        return "There is nothing to send: no month is open for your trust."
    if not waiting:
        return "Every open month has been sent. You can send one again to correct it."
    late = [choice for choice in waiting if choice.due < today]
    oldest = waiting[0]
    past = f", {len(late):,} of them overdue" if late and len(waiting) > 1 else ""
    due = "was due" if oldest.due < today else "is due"
    return (
        f"{wording.counted(len(waiting), 'month')} to send{past}. "
        f"{oldest.month.label} {due} by {wording.day_of(oldest.due)}."
    )


def baselines(open_now: Sequence[OpenBaseline]) -> str:
    """That a trust may bring months from before it, or a ward of it, joined."""
    spans = wording.listed(each.label for each in open_now)
    last = wording.day_of(min(each.window.until for each in open_now))
    return (
        f"You may also bring figures from before you, or a ward of yours, joined: {spans}, in one "
        f"workbook, until {last}. They are the baseline of each ward’s own charts, are in no "
        "total, and are never late or missing. Choose it under Month."
    )


def month(choice: OpenMonth | OpenBaseline, today: date) -> str:
    """A month to choose, with its state, short enough for a phone."""
    if isinstance(choice, OpenBaseline):
        first, last = choice.window.first_month, choice.window.last_month
        short = f"Baseline, {first.short_label} to {last.short_label}"
        return f"{short}: sent, version {choice.active.version}" if choice.active else short
    if choice.active:
        return f"{choice.month.label}: sent, version {choice.active.version}"
    verb = "was due" if choice.due < today else "due"
    return f"{choice.month.label}: {verb} {choice.due.day} {choice.due:%b %Y}"


def workbook(choice: OpenMonth | OpenBaseline) -> str:
    """What is already filled in in the workbook for a month or baseline."""
    if choice.active is None and isinstance(choice, OpenBaseline):
        return (
            f"It is for {choice.label}, with a row for each ward and month. Fill in what you have "
            "and delete the rows of the other months: none of them is missing."
        )
    if choice.active is None:
        return (
            f"It is for {choice.month.label}. Your wards, and what you last sent about them, are "
            "already filled in."
        )
    return (
        f"It holds every figure of version {choice.active.version} for {choice.label}, which "
        "is in use. Correct what is wrong and leave the rest as it is."
    )


def summary(problems: Iterable[Problem], carried: int = 0) -> str:
    """How many errors or queries there are, and what that means.

    `carried` is how many of the queries were explained when the month was last sent.
    """
    severities = [problem.severity for problem in problems]
    errors, queries = severities.count(Severity.ERROR), severities.count(Severity.QUERY)
    if errors:
        return (
            f"There {_are(errors)} in your return, so it has not been sent and nothing has been "
            "saved. Correct the file, then upload it again."
        )
    if not queries:
        return "Your return has no errors and no queries. It has not been sent yet."
    left = queries - carried
    if not left:
        its = f"{wording.counted(queries, 'query', 'queries')} {_was(queries)}"
        return f"Your return can be sent: {its} explained last time."
    once = f"once {wording.counted(left, 'query', 'queries')} {'is' if left == 1 else 'are'}"
    more = f" {carried:,} more {_was(carried)} explained last time." * bool(carried)
    return f"Your return can be sent {once} explained.{more}"


def summary_in_use() -> str:
    """The summary for a file that has already been sent."""
    return "This exact file has already been sent and is in use: you don’t need to send it again."


def to_do(queries: int, active: Receipt | None, carried: int = 0, drafted: bool = False) -> str:
    """What is left to do before a return can be sent, and what sending it does.

    `drafted` says that it was typed on the screen, so that there is no file to correct.
    """
    saved = "it is saved as a new version" if active else "it is saved"
    saved = (
        f"Once sent, {saved}, and its figures are on your charts soon afterwards. It is "
        "kept for ever: you can send the month again, or ask for it to be withdrawn."
    )
    if not queries:
        return saved
    correct = "correct the wards and check them" if drafted else "correct the file and upload it"
    why = (
        "If the figures are right, say why, without names: the programme team will read it. If "
        f"not, {correct} again."
    )
    again = (
        "Explanations from last time for the same figures are already filled in: sending confirms "
        "them. Change any that are no longer true."
    )
    return " ".join([*[why] * (queries > carried), *[again] * bool(carried), saved])


def to_do_again(queries: int) -> str:
    """What sending the file that is already in use does."""
    explained = " Explanations you add or change are saved with it." if queries else ""
    return f"Sending it again changes no figures and shows its receipt.{explained}"


def _are(errors: int) -> str:
    return f"{'is' if errors == 1 else 'are'} {wording.counted(errors, 'error')}"


def _was(queries: int) -> str:
    return "was" if queries == 1 else "were"
