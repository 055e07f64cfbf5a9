"""What sending a file changes, where a return for its month is in use already."""

from collections.abc import Mapping

from dashboard import numbers
from dashboard.words import phrases
from pipelines.accepting.look import Look
from schemas.returns import columns_of


def is_in_use(look: Look) -> bool:
    """Whether the return in use is this very file."""
    return look.active is not None and look.active.sha256 == look.checked.sha256


def changing(look: Look) -> str:
    """How much a resubmission changes."""
    cells = 0 if look.changes is None else look.changes.height
    if is_in_use(look):
        return "It is exactly this file, and nothing changes."
    if not cells:
        return "Your file says the same in every cell."
    return f"Your file changes {phrases.counted(cells, 'cell')}."


def change(row: Mapping[str, object]) -> dict[str, str]:
    """One changed cell (`pipelines.checking.changes`) as a table reads it."""
    sheet = str(row["sheet"])
    column = columns_of(sheet)[str(row["field"])].title
    many = sheet in ("standards", "events")  # there a ward has several rows
    where = (row["about"] if many else row["ward_code"]) or "The whole return"
    return {
        "ward": str(where),
        "what": column if sheet == "monthly" else f"{column} ({sheet})",
        "before": _cell(row["before"], row["state_before"]),
        "after": _cell(row["after"], row["state_after"]),
    }


def _cell(text: object, state: object) -> str:
    if state is None:
        return "No such row"
    if state == "missing":
        return "Blank"
    if state == "nil":
        return "0 (nil return)"
    return str(text) if text is not None else numbers.STATES.get(str(state), "Blank")
