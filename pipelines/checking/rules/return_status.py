"""Checks that each monthly row matches its status."""

from collections.abc import Iterator

from pipelines.checking.conditions import (
    COUNTED,
    All,
    Compared,
    Fixed,
    Given,
    Not,
    RowRule,
    SomeGiven,
    Status,
    Sum,
)
from pipelines.checking.structure import blank
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import UNLESS_CLOSED, WITH_DATA, columns_of
from schemas.wording import counted, shown, some

_WITHOUT_FIGURES = ("ward_closed", "not_collected")


def counts_of(prefix: str = "") -> tuple[str, ...]:
    """The count columns of the monthly sheet whose names start with a prefix."""
    columns = columns_of("monthly").values()
    return tuple(c.name for c in columns if c.kind == "count" and c.name.startswith(prefix))


# The rows in which a figure is needed, by what its column says of itself.
_NEEDED_IN = {WITH_DATA: Status(("data",)), UNLESS_CLOSED: COUNTED}
NEEDED = {
    column.name: _NEEDED_IN[column.required]
    for column in columns_of("monthly").values()
    if column.required in _NEEDED_IN
}
BLANK = {
    field: RowRule("E03", field, All((rows, Not(Given((field,))))), "is blank")
    for field, rows in NEEDED.items()
}
_NIL_WITH_INCIDENTS = RowRule(
    "E08",
    "return_status",
    All((Status(("nil_incidents",)), Compared(Sum(counts_of("inc_")), ">", Fixed(0)))),
    "The row says that there were no incidents, but incidents are counted.",
)
_CLOSED_WITH_DATA = RowRule(
    "E09",
    "return_status",
    All((Status(_WITHOUT_FIGURES), SomeGiven(counts_of()))),
    "The row says that the ward was closed or nothing was collected, but it has figures.",
)


def required_figures(sent: TypedReturn) -> Iterator[Problem]:
    """E03: a row lacks figures that its status requires; blank is not 0."""
    for entry in sent.rows("monthly"):
        lacking = [rule.field for rule in BLANK.values() if rule.broken_by(entry, sent)]
        if lacking and not any(_there(entry, field) for field in counts_of()):
            yield _empty_row(entry)
        else:
            yield from (blank(entry, field) for field in lacking)


def _there(entry: TypedRow, field: str) -> bool:
    return entry[field] is not None or field in entry.unreadable


def _empty_row(entry: TypedRow) -> Problem:
    status = entry.chosen("return_status")
    return entry.error(
        "E03",
        "return_status",
        f"The row for ward {entry['ward_code']} says {status}, but it has no figures.",
        "Type the figures, with 0 where there were none. If nothing was collected, choose "
        "“Nothing was collected”; if the ward was closed all month, choose “Closed all month”.",
    )


def nil_with_incidents(sent: TypedReturn) -> Iterator[Problem]:
    """E08: a row confirms that there were no incidents, but counts some."""
    for entry in sent.rows("monthly"):
        if _NIL_WITH_INCIDENTS.broken_by(entry, sent):
            those = [field for field in counts_of("inc_") if entry[field]]
            found = some([f"{entry.title(f)} is {shown(entry[f])}" for f in those], 4)
            yield entry.error(
                _NIL_WITH_INCIDENTS.code,
                _NIL_WITH_INCIDENTS.field,
                f"Ward {entry['ward_code']} is marked “There were no incidents”, but {found}.",
                "If there were incidents, choose “Figures are entered”. If there were none, type 0 "
                "or leave the incident columns blank.",
            )


def closed_with_data(sent: TypedReturn) -> Iterator[Problem]:
    """E09: a row has figures, although its status says it has none."""
    for entry in sent.rows("monthly"):
        if _CLOSED_WITH_DATA.broken_by(entry, sent):
            status = entry.chosen("return_status")
            figures = [field for field in counts_of() if entry[field] is not None]
            names = some([entry.title(field) for field in figures], 3)
            yield entry.error(
                _CLOSED_WITH_DATA.code,
                _CLOSED_WITH_DATA.field,
                f"Ward {entry['ward_code']} is marked {status}, but its "
                f"row has {counted(len(figures), 'figure')}: {names}.",
                "If the figures are right, choose “Figures are entered”. Otherwise delete them, "
                "including zeros.",
            )


RULES = (required_figures, nil_with_incidents, closed_with_data)
ROW_RULES = (_NIL_WITH_INCIDENTS, _CLOSED_WITH_DATA)
