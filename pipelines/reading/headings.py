"""What columns may be headed."""

from functools import cache

from pipelines.reading.compared import normal
from schemas.returns import columns_of


@cache
def headings(name: str) -> dict[str, str]:
    """The column for each possible heading: its name or title, in any case and spacing."""
    columns = columns_of(name).values()
    titles = {normal(column.title): column.name for column in columns}
    return titles | {normal(column.name): column.name for column in columns}
