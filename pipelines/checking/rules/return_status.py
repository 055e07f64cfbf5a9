"""Checks that each monthly row matches its status."""

from collections.abc import Iterator

from pipelines.checking.structure import blank
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import UNLESS_CLOSED, WITH_DATA, columns_of
from schemas.wording import counted, shown, some

_WORDS_OF_STATUS = {
    "ward_closed": "the ward was closed all month",
    "not_collected": "nothing was collected",
}


def counts_of(prefix: str = "") -> tuple[str, ...]:
    """The count columns of the monthly sheet whose names start with a prefix."""
    columns = columns_of("monthly").values()
    return tuple(c.name for c in columns if c.kind == "count" and c.name.startswith(prefix))


def required_figures(sent: TypedReturn) -> Iterator[Problem]:
    """E03: a row lacks figures that its status requires; blank is not 0."""
    for entry in sent.counted():
        lacking = [field for field in _needed(entry) if not _there(entry, field)]
        if lacking and not any(_there(entry, field) for field in counts_of()):
            yield _empty_row(entry)
        else:
            yield from (blank(entry, field) for field in lacking)


def _needed(entry: TypedRow) -> Iterator[str]:
    for column in columns_of("monthly").values():
        with_data = column.required == WITH_DATA and entry["return_status"] == "data"
        if with_data or column.required == UNLESS_CLOSED:
            yield column.name


def _there(entry: TypedRow, field: str) -> bool:
    return entry[field] is not None or field in entry.unreadable


def _empty_row(entry: TypedRow) -> Problem:
    status = entry["return_status"]
    return entry.error(
        "E03",
        "return_status",
        f"The row for ward {entry['ward_code']} says {status}, but it has no figures.",
        "Type the figures, with 0 where there were none. If nothing was collected, choose "
        "not_collected; if the ward was closed all month, choose ward_closed.",
    )


def nil_with_incidents(sent: TypedReturn) -> Iterator[Problem]:
    """E08: a row confirms that there were no incidents, but counts some."""
    for entry in sent.rows("monthly"):
        those = [field for field in counts_of("inc_") if entry[field]]
        if entry["return_status"] == "nil_incidents" and those:
            found = some([f"{entry.title(f)} is {shown(entry[f])}" for f in those], 4)
            yield entry.error(
                "E08",
                "return_status",
                f"Ward {entry['ward_code']} is marked nil_incidents, but {found}.",
                "If there were incidents, choose data. If there were none, type 0 or leave the "
                "incident columns blank.",
            )


def closed_with_data(sent: TypedReturn) -> Iterator[Problem]:
    """E09: a row has figures, although its status says it has none."""
    for entry in sent.rows("monthly"):
        why = _WORDS_OF_STATUS.get(entry["return_status"])
        figures = [field for field in counts_of() if entry[field] is not None]
        if why and figures:
            names = some([entry.title(field) for field in figures], 3)
            yield entry.error(
                "E09",
                "return_status",
                f"Ward {entry['ward_code']} is marked {entry['return_status']} ({why}), but its "
                f"row has {counted(len(figures), 'figure')}: {names}.",
                "If the figures are right, choose data. Otherwise delete them, including zeros.",
            )


RULES = (required_figures, nil_with_incidents, closed_with_data)
