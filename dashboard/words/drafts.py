"""The sentences of Enter on the screen: what is saved, what is still to do, what has changed."""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.drafting.basis import NOT_TYPED, Basis, Looked
from pipelines.keeping.drafts import KEPT_FOR, Draft
from schemas import wording
from schemas.london_time import london_day
from schemas.problems import Problem
from schemas.receipts import Receipt
from schemas.returns import columns_of

OFFER = (
    "Type each ward’s figures into a form, on a phone if you like. Several people can share the "
    "wards; nothing is sent until one of you sends them together."
)
KEPT = (
    f"Drafts are kept for {KEPT_FOR.days} days after they were last saved. Everyone who sends "
    "returns for your trust sees them, and nobody else."
)
CHANGED = "Not saved yet: what you typed is only on this screen."
NO_DRAFT = "No draft."
UNSAVED = (
    "You typed figures and didn’t save them: open the ward and save them, or they aren’t sent."
)
DRAFT_SAVED, DRAFT_DELETED = "The draft is saved:", "The draft is deleted:"
FOR_GOOD = "A draft that you delete here can’t be brought back: it can’t be sent any more."
GONE = "Somebody else has deleted or sent this draft in the meantime. Nothing was changed."


def person(email: str, names: Mapping[str, str], you: str) -> str:
    """Who saved something, for the person who is looking."""
    return "you" if email == you else names.get(email) or email


def saved(draft: Draft, by: str) -> str:
    """When a draft was saved and by whom."""
    return f"Saved at {wording.moment(draft.at)} by {by}"


def changed_on_disk(number: int) -> str:
    """That drafts were changed on disk, and what to do about them."""
    them, were = ("it", "was") if number == 1 else ("they", "were")
    return (
        f"{wording.counted(number, 'draft')} of your trust {were} damaged on disk after {them} "
        f"{were} saved, and can’t be shown or sent. If a ward has no draft here although somebody "
        "saved one, type its figures again."
    )


def until(draft: Draft) -> str:
    """The last day on which a draft is kept."""
    return f"Kept until {wording.day_of(london_day(draft.at + KEPT_FOR))}."


def progress(basis: Basis, ready: Sequence[Draft]) -> str:
    """How many of a month's wards have a draft, and what happens to the others."""
    covered = {draft.ward for draft in ready}
    others = [name for code, name in basis.wards.items() if code not in covered]
    done = wording.of_them(len(covered), len(basis.wards), "ward")
    have = "has a draft" if len(covered) == 1 else "have a draft"
    if not others:
        return f"{done} {have}."
    if basis.active:
        version = basis.active.version
        return f"{done} {have}. The others stay as they were sent in version {version}."
    which = wording.some(others)
    return f"{done} {have}. {which} {'has' if len(others) == 1 else 'have'} none yet."


def missing(basis: Basis, ready: Sequence[Draft]) -> str:
    """What the check will do about wards without a draft; empty if there are none."""
    covered = {draft.ward for draft in ready}
    others = [name for code, name in basis.wards.items() if code not in covered]
    if basis.active or not others:
        return ""
    it = "its" if len(others) == 1 else "their"
    return (
        f"{wording.some(others)}: the check will ask for {it} figures. If nothing was collected, "
        "open the ward and choose that."
    )


def to_do(looked: Looked) -> str:
    """What is left to do about one ward's figures, short."""
    parts = []
    if looked.blank:
        number = len(looked.blank)
        parts.append(
            f"{wording.counted(number, 'needed figure')} {'is' if number == 1 else 'are'} blank"
        )
    if looked.errors:
        parts.append(f"{wording.counted(len(looked.errors), 'figure')} to correct")
    if looked.queries:
        parts.append(f"{wording.counted(len(looked.queries), 'query', 'queries')} to explain")
    return wording.starting(f"{wording.listed(parts)}.") if parts else "Complete."


def blank(looked: Looked) -> str:
    """Which needed figures of a ward are still blank; empty if none is."""
    if not looked.blank:
        return ""
    number = len(looked.blank)
    names = wording.listed(f"“{columns_of('monthly')[field].title}”" for field in looked.blank)
    verb = "is" if number == 1 else "are"
    return f"{wording.counted(number, 'needed figure')} {verb} still blank: {names}."


def finding(problem: Problem) -> str:
    """An error, or a query, of a ward's figures while they are typed."""
    if problem.code == "W17":  # the check leaves such text out; a draft isn't even saved with it
        title = columns_of("monthly")[str(problem.column)].title
        return f"“{title}” seems to name or identify someone. Remove that, or it can’t be saved."
    if problem.severity == "error":
        return f"{problem.message} {problem.fix}"
    return f"{problem.message} If it is right, an explanation will be asked for before sending."


def last_month(basis: Basis, ward: str, field: str) -> str:
    """A ward's figure in the month before; empty if nothing was sent for it."""
    if not basis.sent_last_month:
        return ""
    value, label = basis.last_month(ward, field), (basis.month + -1).label
    if value is None:
        return f"{label}: blank."
    return f"{label}: {wording.shown(columns_of('monthly')[field].in_words(value))}."


def newer_return(active: Receipt | None, draft: Draft) -> str:
    """For a draft that is older than the return in use: that it may not know its figures."""
    if active is None or active.received_at <= draft.at:
        return ""
    return (
        f"Version {active.version} of this month was received at "
        f"{wording.moment(active.received_at)}, after this was saved: look through it again."
    )


def meanwhile(now: Draft, by: str) -> str:
    """That somebody else saved the same ward."""
    who = wording.starting(by)
    return (
        f"{who} saved this ward at {wording.moment(now.at)}, while you had it open. Nothing of "
        "theirs has been changed, and what you typed is still below."
    )


def differences(
    mine: Mapping[str, int | str], theirs: Mapping[str, int | str]
) -> list[dict[str, str]]:
    """The fields in which two people's figures differ, as rows of a table."""
    return [
        {"what": column.title, "theirs": _value(theirs, field), "yours": _value(mine, field)}
        for field, column in columns_of("monthly").items()
        if field not in NOT_TYPED and mine.get(field) != theirs.get(field)
    ]


def _value(typed: Mapping[str, int | str], field: str) -> str:
    value = typed.get(field)
    if value is None:
        return "Blank"
    return str(columns_of("monthly")[field].in_words(value))


def file_is_old(names: Iterable[str]) -> str:
    """That drafts have changed since the return was made from them, so that nothing was sent."""
    return (
        f"Nothing was sent: {wording.listed(names)} changed after the return was checked. Look at "
        "the wards and check the return again."
    )


def out_of_time(month: str, wards: Sequence[str]) -> str:
    """Drafts of a month that can't be sent any more."""
    there = "There is a draft" if len(wards) == 1 else "There are drafts"
    return (
        f"{month} can’t be sent at the moment: it is closed, or no longer due. {there} of it for "
        f"{wording.listed(wards)}. If the figures must change, ask the programme team to reopen "
        "the month."
    )


def damaged(returns: Sequence[str]) -> str:
    """That a return which a form would begin with can't be read."""
    return (
        f"{wording.listed(returns)} can’t be read, and forms would begin with what is in it. Tell "
        "the programme team: they can restore it from a backup."
    )
