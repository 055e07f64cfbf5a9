"""Checks of staff confidence item by item: within each item, and against the month's total."""

from collections.abc import Iterator

from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import columns_of
from schemas.sheets.confidence import BEFORE, NOW, QUESTION
from schemas.wording import nearest, quoted, shown

_TOTAL = f"“{columns_of('monthly')['conf_valid'].title}” on the sheet “monthly”"


def unknown_items(sent: TypedReturn) -> Iterator[Problem]:
    """E11: words that are no item of the month."""
    if not sent.rows("confidence"):
        return
    items = sent.context.register.items_of(QUESTION, sent.month)
    words = items["text"].to_list()
    for entry in sent.rows("confidence"):
        if entry["question_id"] is None or entry["question_id"] in set(items["question_id"]):
            continue
        text = entry.cells["question_id"].text
        guess = nearest(text, words)
        hint = f"Did you mean {quoted(guess)}? " if guess else ""
        yield entry.error(
            "E11",
            "question_id",
            f"{quoted(text)} is not an item of {sent.month.label}.",
            f"{hint}Choose one from the list in the cell."
            if words
            else "The programme has not loaded any items for that month. Delete the row.",
        )


def parts_of_items(sent: TypedReturn) -> Iterator[Problem]:
    """E03, E05: an item with one of its two numbers, or with more confident than answered."""
    for entry in sent.rows("confidence"):
        for answered, confident in (BEFORE, NOW):
            if entry.filled(answered, confident):
                if entry[confident] > entry[answered]:
                    yield _too_many(entry, answered, confident)
            elif entry.filled(answered) or entry.filled(confident):
                there, lacking = answered, confident
                if entry.filled(confident):
                    there, lacking = lacking, there
                if lacking not in entry.unreadable:
                    yield entry.error(
                        "E03",
                        lacking,
                        f"{entry.title(there)} is {shown(entry[there])}, but "
                        f"{entry.title(lacking)} is blank, so no percentage can be worked out.",
                        f"Type {entry.title(lacking)}, or leave both blank.",
                    )


def _too_many(entry: TypedRow, answered: str, confident: str) -> Problem:
    return entry.error(
        "E05",
        confident,
        f"{entry.title(confident)} is {shown(entry[confident])}, which is more than "
        f"{entry.title(answered)}, {shown(entry[answered])}. It counts some of them, so it can't "
        "be more.",
        "Correct whichever of the two numbers is wrong.",
    )


def items_and_total(sent: TypedReturn) -> Iterator[Problem]:
    """E17: more answers to an item than to the whole survey, or none to the survey."""
    monthly = {entry["ward_code"]: entry for entry in sent.rows("monthly")}
    for entry in sent.rows("confidence"):
        answered, ward = entry["item_answered"], monthly.get(entry["ward_code"])
        if answered is None or (ward is not None and "conf_valid" in ward.unreadable):
            continue
        total = ward["conf_valid"] if ward is not None else None
        if total is None:
            yield _disagree(
                entry,
                f"{entry['ward_code']} has {shown(answered)} answers to this item, but no number "
                f"under {_TOTAL}.",
                "Type there how many staff answered the survey, or leave the items blank.",
            )
        elif answered > total:
            yield _disagree(
                entry,
                f"{entry['ward_code']} has {shown(answered)} answers to this item, but "
                f"{shown(total)} under {_TOTAL}. An item counts some of the staff who answered the "
                "survey, so it can't be more.",
                "Correct whichever of the two numbers is wrong.",
            )


def _disagree(entry: TypedRow, message: str, fix: str) -> Problem:
    return entry.error("E17", "item_answered", message, fix)


RULES = (unknown_items, parts_of_items, items_and_total)
