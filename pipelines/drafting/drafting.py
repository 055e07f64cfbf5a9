"""Saves drafts and sends what they come to, for people who may send for their trust."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from pipelines.accepting.context import active_return
from pipelines.accepting.preview import Preview
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.parse import LARGEST_COUNT
from pipelines.checking.rules.personal_text import personal
from pipelines.drafting.basis import NOT_TYPED, Basis, set_aside
from pipelines.keeping import drafts
from pipelines.keeping.drafts import Draft, Drafts, DraftsUnreadable, SavedMeanwhile
from pipelines.keeping.free_text import places_of
from pipelines.keeping.home import Home
from pipelines.sending import own, send
from schemas.london_time import london_day
from schemas.returns import columns_of


class NotSaved(ValueError):
    """A draft that can't be saved; the message is a sentence."""


class DraftsChanged(Exception):
    """Drafts that were saved or deleted since a file was made from them; `wards` are their codes.

    Nothing was sent.
    """

    def __init__(self, wards: Iterable[str]) -> None:
        super().__init__("Drafts have changed since the file was made from them.")
        self.wards = tuple(wards)


def drafts_of(home: Home, trust: str, now: datetime, allowed: frozenset[str]) -> Drafts:
    """A trust's drafts that haven't expired, by month and ward.

    Raises NotYours, DraftsUnreadable.
    """
    own(trust, allowed)
    return drafts.read(home.root, trust, now)


def save(home: Home, basis: Basis, draft: Draft, allowed: frozenset[str]) -> Draft:
    """Save a ward's draft in place of the version it was made from; returns it as saved.

    Raises NotYours; NotSaved with a sentence; SavedMeanwhile with what somebody else saved, which
    stays as it is; DraftsUnreadable.
    """
    own(draft.trust, allowed)
    if (draft.trust, draft.month) != (basis.trust, str(basis.month)):
        raise NotSaved("This draft is for another trust or month.")
    if why := set_aside(basis, draft):
        raise NotSaved(f"Nothing was saved. {why}")
    for field, value in draft.typed.items():
        _fit(field, value)
    if "return_status" not in draft.typed:
        raise NotSaved("Nothing was saved: choose the “Row status” first.")
    if found := personal(
        str(draft.typed.get("explain", "")),
        london_day(draft.at),
        places_of(basis.context.register),
    ):
        title = columns_of("monthly")["explain"].title
        raise NotSaved(
            f"Nothing was saved: “{title}” looks as if it holds {found}. Remove it and save again."
        )
    return drafts.save(home.root, draft)


def remove(home: Home, draft: Draft, allowed: frozenset[str]) -> bool:
    """Delete one version of a draft; False if it is there no longer."""
    own(draft.trust, allowed)
    return drafts.remove(home.root, draft.trust, [draft.version]) == 1


def put_back(
    home: Home, basis: Basis, now: Draft | None, before: Draft | None, allowed: frozenset[str]
) -> Draft | None:
    """Put the draft before in the place of what was saved or deleted since; None if none was.

    Raises NotYours, DraftsUnreadable; NotSaved with a sentence, also if somebody else saved since.
    """
    try:
        if before is not None:
            return save(home, basis, replace(before, version=now.version if now else 0), allowed)
        if now is not None and remove(home, now, allowed):
            return None
    except SavedMeanwhile:
        pass
    raise NotSaved("Somebody else has changed this draft since, so it stays as it is now.")


def changed(there: Iterable[Draft], month: str, made_from: Mapping[str, int]) -> tuple[str, ...]:
    """The wards whose draft isn't the one that a file was made from."""
    versions = {draft.ward: draft.version for draft in there if draft.month == month}
    return tuple(ward for ward, version in made_from.items() if versions.get(ward) != version)


def send_drafted(
    home: Home, look: Preview, arrival: Arrival, made_from: Mapping[str, int]
) -> Submission:
    """Send a file that was made from these versions of drafts, by ward, and clear them.

    The receipt names who typed which ward. Raises DraftsChanged, and sends nothing, if a draft is
    another one by now; a draft saved while this one is being sent stays. Raises DraftsUnreadable.
    """
    trust, month = look.checked.trust or "", str(look.checked.month)
    own(trust, arrival.allowed_trusts or frozenset())
    in_use = active_return(home.archive.entries(), trust, month)
    if in_use and in_use.sha256 == look.checked.sha256:
        return send(home, look, arrival)  # a second click: the first has cleared the drafts
    there = drafts.of_trust(home.root, trust, arrival.at)
    if others := changed(there, month, made_from):
        raise DraftsChanged(others)
    by = {d.ward: d.by for d in there if d.month == month and d.ward in made_from}
    kept = send(home, look, replace(arrival, drafted_by=by))
    if kept.receipt:
        with suppress(DraftsUnreadable):  # what was sent is kept; they expire by themselves
            drafts.remove(home.root, trust, made_from.values())
    return kept


def _fit(field: str, value: int | str) -> None:
    """Raise NotSaved for what no form can hold: it may come from a program."""
    column = columns_of("monthly").get(field)
    if column is None or field in NOT_TYPED:
        raise NotSaved("Nothing was saved: there is a figure that the form doesn’t ask for.")
    if column.kind == "count":
        fits = type(value) is int and 0 <= value <= LARGEST_COUNT
    else:
        allowed = not column.allowed or value in column.allowed
        fits = isinstance(value, str) and len(value) <= column.longest and allowed
    if not fits:
        raise NotSaved(f"Nothing was saved: “{column.title}” can’t hold this. Type it again.")
