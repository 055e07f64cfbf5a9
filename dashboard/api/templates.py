"""The address for downloading the workbook to fill in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.exports.order import MIME
from dashboard.token_holders import Bearer
from pipelines.sending import baseline_with, baseline_workbook, when_to_send, workbook_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.receipts import is_baseline

_MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])(-baseline)?$"
_WORKBOOK = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter()


@router.get(
    "/template",
    summary="Download the workbook for a trust and month",
    operation_id="downloadWorkbook",
    response_class=Response,
    responses={
        200: {"description": "The workbook, pre-filled.", "content": {MIME["xlsx"]: _WORKBOOK}},
        **documented(400, 401, 403, 404),
    },
)
def template(
    who: Annotated[Bearer, Depends(bearer_for("read"))],
    api: Annotated[ApiContext, Depends(context_of)],
    trust: Annotated[str, Query(pattern=r"^[A-Z0-9]{3,5}$", examples=["Z01"])],
    month: Annotated[str, Query(pattern=_MONTH, examples=["2026-10"])],
) -> Response:
    """Download a workbook pre-filled with the register's wards and their latest details.

    For a month that was sent already, it holds every figure of the version in use. There is none
    for a month without a return, or more than a year ahead. A month such as `2025-04-baseline` is
    the workbook of the baseline that may have that month.
    """
    if trust not in who.scope.trusts:
        raise ApiError(
            "not-your-trust", f"This token is for {', '.join(sorted(who.scope.trusts))}."
        )
    try:
        if is_baseline(month):
            window = baseline_with(api.home, trust, Month.parse(month[:7]))
            workbook = baseline_workbook(api.home, window, who.scope.trusts)
        else:
            asked = Month.parse(month)
            when_to_send(api.home, trust, asked, london_day(api.now()))
            workbook = workbook_for(api.home, trust, asked, who.scope.trusts)
    except ValueError as error:
        raise ApiError("not-found", str(error)) from None
    api.note("api_template", who, trust=trust, month=month)
    name = f"ssc_return_{trust}_{month}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(workbook, media_type=MIME["xlsx"], headers=headers)
