"""The address for reading who feels safe by group, as the screen has it for the same person."""

from datetime import date
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from dashboard import store
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.queries.breakdowns import by_category
from dashboard.token_holders import Bearer
from pipelines.keeping.home import open_home


class Category(BaseModel):
    """One category of a breakdown in one quarter of the programme or one year of a trust."""

    trust_code: str | None = Field(description="The trust; empty for the whole programme.")
    first_month: date
    last_month: date
    known_on: date = Field(description="The day as of whose end it was worked out, once.")
    breakdown: str
    category: str = Field(description="In the programme’s own words; everybody is one too.")
    wards: int = Field(description="Wards that asked by group.")
    answered: int | None = Field(description="Patients who answered; empty where it is hidden.")
    safe: int | None = Field(description="Of these, who feel safe; empty where it is hidden.")


class ByGroup(BaseModel):
    """Every period of every breakdown that the programme asks for, the newest first."""

    release: str = Field(description="The release they come from.")
    rows: list[Category]


router = APIRouter()


@router.get(
    "/breakdowns",
    summary="Read who feels safe by group",
    operation_id="readBreakdowns",
    responses=documented(401, 403, 404, 503),
)
def breakdowns(
    who: Annotated[Bearer, Depends(bearer_for("figures"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> ByGroup:
    """The programme’s quarters for the programme team, and years of their own trusts for a lead.

    What is too small was hidden when the release was built.
    """
    try:
        release = store.current(api.home.releases)
    except store.NoRelease as reason:
        raise ApiError("no-figures", str(reason)) from None
    level = "programme" if who.scope.sees_everything else "trust"
    asked = [each.name for each in open_home(api.home.root).programme.breakdowns]
    found = by_category(store.cursor(release, who.scope), level).filter(
        pl.col("breakdown").is_in(asked)
    )
    if found.is_empty():
        raise ApiError("not-found", "There are no figures by group that you can see yet.")
    api.note("api_breakdowns", who)
    rows = found.select(list(Category.model_fields)).to_dicts()
    return ByGroup(release=release.stem, rows=[Category(**row) for row in rows])
