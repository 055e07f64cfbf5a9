"""What a version of the register says about each trust, ward or person today; worked out once."""

import polars as pl

from dashboard.page import session
from dashboard.page.session import Visit
from pipelines.keeping.home import open_home
from pipelines.registers.effective import holding


def held(visit: Visit, version: int, file: str) -> pl.DataFrame:
    """One row for each trust, ward or person in a file, as `holding` gives them."""
    return visit.keep(_held, version=version, file=file)


def _held(visit: Visit, version: int, file: str) -> pl.DataFrame:
    register = open_home(session.home()).archive.register_version(version)
    return holding(getattr(register, file), file, visit.today)
