"""The address for asking the programme team to withdraw a return, and for what became of it."""

from asyncio import get_running_loop
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from dashboard.api import responses
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.api.receipts import found_receipt
from dashboard.token_holders import Bearer
from pipelines.keeping import withdrawal_requests
from pipelines.keeping.decide import AlreadyDecided, Decided, DecisionError
from pipelines.keeping.free_text import LONGEST
from pipelines.keeping.withdrawal_requests import Request
from schemas.receipts import Receipt

router = APIRouter()
_ADDRESS = "/returns/{receipt}/withdrawal-request"
_States = Literal["waiting", "granted", "refused"]


class Asked(BaseModel):
    """Why a return should be withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="For the programme team to read. It must not name or identify anyone.",
    )


class WithdrawalRequest(BaseModel):
    """A request to withdraw a return, and where it is."""

    receipt: str = Field(description="The receipt of the return, as in its address.")
    state: _States
    reason: str
    asked_at: datetime
    ended_at: datetime | None = Field(description="When it was granted or refused.")
    answer: str | None = Field(description="The programme team's reason, once there is one.")


@router.post(
    _ADDRESS,
    summary="Ask for a return to be withdrawn",
    operation_id="askToWithdraw",
    status_code=201,
    response_model=WithdrawalRequest,
    responses=documented(400, 401, 403, 404, 409, 422, 507),
)
async def ask(
    receipt: str,
    asked: Asked,
    who: Annotated[Bearer, Depends(bearer_for("send"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> WithdrawalRequest:
    """Ask the programme team, as the screen does: the return stays in use until they grant it.

    For a return that should never have been sent. To correct a figure, send the month again.
    """
    return await get_running_loop().run_in_executor(api.pool, _ask, receipt, asked, who, api)


@router.get(
    _ADDRESS,
    summary="Ask where a request is",
    operation_id="askForWithdrawal",
    response_model=WithdrawalRequest,
    responses=documented(401, 403, 404),
)
def standing(
    receipt: str,
    who: Annotated[Bearer, Depends(bearer_for("send", "read"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> WithdrawalRequest:
    """The newest request about a return: waiting, granted or refused."""
    found = found_receipt(receipt, who, api)
    last = withdrawal_requests.newest_about(api.home.archive.decisions(), found.return_id)
    if last is None:
        raise ApiError("not-found", "Nobody has asked for this return to be withdrawn.")
    return _given(found, last)


def _ask(receipt: str, asked: Asked, who: Bearer, api: ApiContext) -> WithdrawalRequest:
    found = found_receipt(receipt, who, api)
    decided = Decided(who.sender, api.now(), asked.reason)
    try:
        taken = withdrawal_requests.ask(api.home, found.return_id, decided, who.scope.trusts)
    except AlreadyDecided as why:
        raise ApiError("not-asked", str(why)) from None
    except DecisionError as why:
        raise ApiError("answer-not-kept", str(why)) from None
    api.note("api_ask_to_withdraw", who, version=found.return_id, decision=taken.id)
    return _given(found, Request(taken, None))


def _given(receipt: Receipt, request: Request) -> WithdrawalRequest:
    state: _States = "waiting"
    if request.ended:
        state = "granted" if request.ended.kind == "withdrawal" else "refused"
    return WithdrawalRequest(
        receipt=responses.receipt_id(receipt),
        state=state,
        reason=request.asked.reason,
        asked_at=request.asked.decided_at,
        ended_at=request.ended.decided_at if request.ended else None,
        answer=request.ended.reason if request.ended else None,
    )
