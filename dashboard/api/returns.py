"""Sending a return, or only checking it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from dashboard.api import responses
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.api.form import BODY, Form, read_form
from dashboard.api.receipts import named_receipt
from dashboard.token_holders import Bearer
from pipelines.accepting.context import context_for
from pipelines.accepting.explanations import weigh_explanations
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.check import Checked, check
from pipelines.submit import submit
from schemas.london_time import london_day
from schemas.problems import Outcome
from schemas.receipts import Receipt

router = APIRouter()


@router.post(
    "/returns",
    summary="Check a return and keep it",
    operation_id="sendReturn",
    status_code=201,
    response_model=responses.Kept,
    openapi_extra={"requestBody": BODY},
    responses={
        200: {
            "description": "With `check_only`, what the check came to. Otherwise this very file is "
            "in use already, and its receipt is given again.",
            "model": responses.Checked | responses.Kept,
        },
        201: {
            "description": "Kept.",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "The receipt."}},
        },
        **documented(400, 401, 403, 409, 413, 415, 422),
    },
)
async def send(
    request: Request,
    who: Annotated[Bearer, Depends(bearer_for("send"))],
    asked_at: Annotated[ApiContext, Depends(context_of)],
) -> JSONResponse:
    """The same checks as the screen, and the same archive.

    A receipt means that the return is kept. The answer comes once the dashboard shows it, too; if
    it can't yet, `trouble` says why, and the return need not be sent again.
    """
    form = await read_form(request)
    work = _check if form.check_only else _keep
    return await run_in_threadpool(work, form, who, asked_at)


def _replaced(form: Form, who: Bearer, asked_at: ApiContext) -> Receipt | Literal["any"] | None:
    """The return that the sender believes to be in use."""
    if form.replaces in ("", "none"):
        return None if form.replaces else "any"
    if found := named_receipt(form.replaces, who, asked_at):
        return found
    detail = "“replaces” names none of your receipts: write it like Z01-2026-10-1, or none."
    raise ApiError("bad-request", detail)


def _keep(form: Form, who: Bearer, asked_at: ApiContext) -> JSONResponse:
    home, trusts = asked_at.home, who.scope.trusts
    arrival = Arrival(
        form.content,
        form.filename,
        who.sender,
        asked_at.now(),
        form.answers,
        trusts,
        replaces=_replaced(form, who, asked_at),
    )
    sent = submit(home, arrival)
    checked, kept = sent.checked, sent.receipt
    asked_at.note(
        "api_send",
        who,
        trust=checked.trust if checked.trust in trusts else None,
        month=str(checked.month) if checked.month else None,
        outcome=str(checked.outcome),
        receipt=kept.return_id if kept else None,
    )
    if kept is None:
        raise _refused(sent, trusts)
    said = responses.kept(sent, kept, home.archive.entries())
    address = {"Location": f"/api/v1/returns/{said.id}"}
    return JSONResponse(said.model_dump(mode="json"), 200 if sent.already_kept else 201, address)


def _check(form: Form, who: Bearer, asked_at: ApiContext) -> JSONResponse:
    trusts, today = who.scope.trusts, london_day(asked_at.now())
    entries = asked_at.home.archive.entries()
    context = context_for(asked_at.home, today, trusts, entries)
    checked = check(form.content, form.filename, context)
    asked_at.note("api_check", who, outcome=str(checked.outcome))
    if checked.outcome is Outcome.UNREADABLE or _of_others(checked, trusts):
        raise _refused(Submission(checked), trusts)
    weighed = weigh_explanations(asked_at.home, checked, form.answers, entries, today)
    needed = Submission(checked, lacking=weighed.without + weighed.refused).unanswered
    said = {"answers_needed": list(needed), "answers_carried": weighed.carried}
    return JSONResponse(checked.as_dict() | said)


def _refused(sent: Submission, trusts: frozenset[str]) -> ApiError:
    checked = sent.checked
    about = checked.as_dict()
    if checked.outcome is Outcome.UNREADABLE:
        problem = checked.problems[0]
        return ApiError("file-unreadable", f"{problem.message} {problem.fix}", **about)
    if _of_others(checked, trusts):
        detail = f"This token is for {', '.join(sorted(trusts))}; the file is for {checked.trust}."
        return ApiError("not-your-trust", detail, **about)
    if sent.overtaken:
        detail = "Nothing was kept: the return in use is not the one named in “replaces”."
        return ApiError("overtaken", detail, **about)
    if checked.outcome is Outcome.ERRORS:
        return ApiError(
            "problems-to-fix",
            "Nothing of the file has been kept. Mend its problems, and send it again.",
            **about,
        )
    about["answers_needed"] = list(sent.unanswered)
    about["answers_carried"] = sent.carried
    if sent.unfit:
        return ApiError("answer-not-kept", " ".join(sent.unfit), **about)
    return ApiError(
        "queries-need-answers",
        "Nothing has been kept yet. If the figures are right, send the file again with a reason "
        f"for {', '.join(sent.unanswered)} in “answers”.",
        **about,
    )


def _of_others(checked: Checked, trusts: frozenset[str]) -> bool:
    return checked.trust is not None and checked.trust not in trusts
