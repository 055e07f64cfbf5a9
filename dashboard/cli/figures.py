"""Works out the figures that show what a command has just saved."""

from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cli import output

if TYPE_CHECKING:
    from pipelines.keeping.home import Home

NOT_SHOWN = (
    "Stopped. It has been saved, but the figures don’t show it yet: “feeling-safe build” works "
    "them out, and so does whatever is saved next."
)


def worked_out(programme: "Home", now: datetime) -> str:
    """Build the release that shows what has been saved, and return its id.

    A terminal shows that this is going on. Raises what `build` raises, and KeyboardInterrupt with
    a sentence if somebody stops it.
    """
    from dashboard import how_long
    from dashboard.shared import Shared
    from dashboard.words import decisions as words
    from pipelines.releasing.build import build

    def known() -> Shared:
        return Shared(programme.root)

    took = how_long.last(known, how_long.FIGURES)
    with (
        output.working(words.working("Working out the figures", took)),
        how_long.noted(known, how_long.FIGURES),
    ):
        try:
            return build(programme, now).stem
        except KeyboardInterrupt:
            raise KeyboardInterrupt(NOT_SHOWN) from None
