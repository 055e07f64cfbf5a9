"""Works out the figures that show what a command has just saved."""

from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cli import output

if TYPE_CHECKING:
    from pipelines.keeping.home import Home


def worked_out(programme: "Home", now: datetime) -> str:
    """Build the release that shows what has been saved, and return its id.

    A terminal shows that this is going on. Raises what `build` raises.
    """
    from pipelines.releasing.build import build

    with output.working("Working out the figures"):
        return build(programme, now).stem
