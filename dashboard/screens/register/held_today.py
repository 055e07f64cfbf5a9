"""What a version of the register says about each trust, ward or person today; worked out once."""

import polars as pl

from dashboard.page import session
from dashboard.page.session import Visit
from pipelines.keeping.home import open_home
from pipelines.registers.effective import holding
from pipelines.registers.successors import ward_id


def held(visit: Visit, version: int, file: str) -> pl.DataFrame:
    """One row for each trust, ward or person in a file, as `holding` gives them."""
    return visit.keep(_held, version=version, file=file)


def member_names(visit: Visit, version: int) -> dict[str, str]:
    """Each trust and ward that a group may include, by code, in words and in order of name."""
    trusts, wards = (held(visit, version, file) for file in ("trusts", "wards"))
    named = dict(trusts.sort("trust_name").select("trust_code", "trust_name").iter_rows())
    of_wards = {
        ward_id(trust, code): f"{name}, {named[trust]}"
        for trust, code, name in wards.sort("ward_name")
        .select("trust_code", "ward_code", "ward_name")
        .iter_rows()
    }
    return {code: f"{name} ({code})" for code, name in (named | of_wards).items()}


def _held(visit: Visit, version: int, file: str) -> pl.DataFrame:
    register = open_home(session.home()).archive.register_version(version)
    return holding(getattr(register, file), file, visit.today)
