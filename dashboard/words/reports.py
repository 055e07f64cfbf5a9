"""The words of a pack that is sent: its subject, its message, and the choice of how often."""

from collections.abc import Sequence
from datetime import date

from schemas import wording

OFTEN = {
    "never": "Not at all",
    "monthly": "Every month, once its returns are due",
    "changes": "Only when something changed",
}
WHEN = (
    "Your programme sends it: made with your own access on that day, to the address you signed in "
    "with. It stops when your access ends."
)
NO_MAIL = (
    "No mail server is set up here, so nothing reaches you by e-mail. Your choice is saved, and "
    "the people who run this service can put the packs that are due into a folder instead: ask "
    "them before you rely on it."
)
_WHY = {
    "monthly": "You asked for it every month.",
    "changes": "You asked for it when something changes: what stands out is no longer the same.",
}
_CARE = (
    "It contains exact figures, including small numbers. Keep it where only people who work with "
    "these figures can open it, and don’t forward it."
)
_STOP = (
    "To change how often it comes, or to stop it, sign in, open Downloads and choose the monthly "
    "pack."
)


def subject(whose: str, month: date) -> str:
    """What the message is about, without a figure."""
    return f"{whose}: pack with figures to {wording.month_of(month)}"


def body(name: str, whose: str, month: date, often: str, contact: str) -> str:
    """The message around the attached pack, without a figure."""
    attached = f"The pack of {whose}, with figures to {wording.month_of(month)}, is attached."
    ask = f"Questions: {contact}" if contact else ""
    parts = (f"Hello {name},", f"{attached} {_WHY[often]}", _CARE, _STOP, ask)
    return "\n\n".join(filter(None, parts)) + "\n"


def wanted(names: Sequence[tuple[str, str]]) -> str:
    """Which packs somebody is sent; `names` are pairs of whose pack and how often."""
    if not names:
        return "You have asked for no pack."
    each = [f"{whose} ({OFTEN[often][0].lower()}{OFTEN[often][1:]})" for whose, often in names]
    return f"You have asked for: {wording.listed(each)}."


def saved(whose: str, often: str) -> str:
    """What was saved on the screen."""
    if often == "never":
        return f"Saved: you no longer ask for the pack of {whose}."
    return f"Saved: you ask for the pack of {whose}. {OFTEN[often]}."


def summary(sent: int, failed: int, unsure: int, stopped: int) -> list[str]:
    """What a run did, in a sentence for each thing that happened."""
    packs = wording.counted(sent, "pack")
    said = [f"{packs} sent." if sent else "Nothing was due."] if not failed else [f"{packs} sent."]
    if failed:
        said.append(f"{wording.counted(failed, 'pack')} not sent: the next run tries again.")
    if unsure:
        said.append(
            f"{wording.counted(unsure, 'pack')} may or may not have arrived, as sending was cut "
            "off. To send nothing twice, they are not sent again."
        )
    if stopped:
        people = wording.counted(stopped, "subscription")
        needed = "it needs" if stopped == 1 else "they need"
        said.append(f"{people} passed over: the access {needed} has ended.")
    return said
