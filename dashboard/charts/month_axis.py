"""Months along the bottom of a chart: every month is equally wide, however many days it has.

A month is drawn at its index, year × 12 + month − 1: whole numbers need no time zone.
"""

from datetime import date

import altair as alt

_NAMES = "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']"
# Label every 1, 2, 3, 6 or 12 months, so that each label has the space it needs.
_SPACE = "(domain('x')[1] - domain('x')[0]) * 44 / max(width, 100)"
_STEP = f"({_SPACE} <= 1 ? 1 : {_SPACE} <= 2 ? 2 : {_SPACE} <= 3 ? 3 : {_SPACE} <= 6 ? 6 : 12)"
_TICKS = f"sequence(ceil(domain('x')[0] / {_STEP}) * {_STEP}, domain('x')[1] + 0.01, {_STEP})"
_LABEL = (
    f"datum.value % 12 == 0 || datum.index == 0 "
    f"? [{_NAMES}[datum.value % 12], toString(floor(datum.value / 12))] "
    f": {_NAMES}[datum.value % 12]"
)


def index(month: date) -> int:
    """The position of a month on the axis."""
    return month.year * 12 + month.month - 1


def place(day: date) -> float:
    """The position of a day on the axis; the middle of a month is the month's own index."""
    return index(day) + (day.day - 1) / 31 - 0.5


def axis(**settings: object) -> alt.Axis:
    """The axis of months: names, with the year under the first one and under each January."""
    return alt.Axis(
        title=None,
        aria=False,
        values=alt.ExprRef(_TICKS),
        labelExpr=_LABEL,
        labelOverlap=False,
        **settings,
    )


def x(field: str, **settings: object) -> alt.X:
    """A field of month indexes along the bottom, in the first layer that has one."""
    settings.setdefault("axis", axis())
    return alt.X(f"{field}:Q", scale=alt.Scale(nice=False, zero=False), **settings)


def along(field: str) -> alt.X:
    """A field of month indexes in a further layer, which shares the first layer's axis."""
    return alt.X(f"{field}:Q")
