"""Which browser tabs may send a file: those that show somebody signed in a field for one.

The web framework keeps a file in memory as soon as any tab sends it, signed in or not.
"""

from collections import OrderedDict
from threading import Lock

MOST_FILES = 10  # for each time the field is shown; the register has seven files
_MOST_TABS = 10_000


class UploadsExpected:
    """The tabs that may send files now, and how many each; in this process's memory."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def expect(self, tab: str) -> None:
        """A tab shows a field for files."""
        with self._lock:
            self._left[tab] = MOST_FILES
            self._left.move_to_end(tab)
            while len(self._left) > _MOST_TABS:
                self._left.popitem(last=False)

    def take(self, tab: str) -> bool:
        """Whether a file from this tab is expected; counts it."""
        with self._lock:
            left = self._left.get(tab, 0)
            if left:
                self._left[tab] = left - 1
            return left > 0
