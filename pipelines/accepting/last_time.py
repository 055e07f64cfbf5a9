"""Which answers of last time stand for the queries of a file that was checked."""

from datetime import date

from pipelines.accepting.against import active_return
from pipelines.checking.checked import Checked
from pipelines.keeping.answered import as_answered
from pipelines.keeping.carried import Before, before_of, carried
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home


def last_time(
    home: Home, checked: Checked, entries: Entries, today: date, earlier: Before | None = None
) -> dict[str, str]:
    """The answers by `query_key`: of the return in use, and before them those of `earlier`."""
    if checked.cells is None:
        return {}
    sources = [earlier] if earlier else []
    if active := active_return(entries, checked.trust or "", str(checked.month)):
        answered = as_answered(active, entries.decisions)
        sources.insert(0, before_of(answered, home.archive.cells(active)))
    found: dict[str, str] = {}
    for before in sources:
        found |= carried(checked, before, entries.register, today)
    return found
