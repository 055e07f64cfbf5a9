"""The address for sending a return, or only checking it."""

from asyncio import get_running_loop
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from dashboard.api import responses
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.api.form import BODY, Form, read_form
from dashboard.api.receipts import figures_of, named_receipt
from dashboard.token_holders import Bearer
from pipelines.accepting.context import context_for
from pipelines.accepting.explanations import weigh_explanations
from pipelines.accepting.submission import Arrival, Submission
from pipelines.checking.check import Checked, check_arriving
from pipelines.submit import submit
from schemas.london_time import london_day
from schemas.problems import Outcome
from schemas.receipts import Receipt

router = APIRouter()


@router.post(
    "/returns",
    summary="Check a return and save it",
    operation_id="sendReturn",
    status_code=201,
    response_model=responses.Kept,
    openapi_extra={"requestBody": BODY},
    responses={
        200: {
            "description": "With `check_only`, the result of the check. Otherwise, exactly this "
            "file is already in use, and you get its receipt again.",
            "model": responses.Checked | responses.Kept,
        },
        201: {
            "description": "Received.",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "The receipt."}},
        },
        **documented(400, 401, 403, 409, 413, 415, 422, 507),
    },
)
async def send(
    request: Request,
    who: Annotated[Bearer, Depends(bearer_for("send"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> JSONResponse:
    """Send a return through the same checks and into the same archive as the screen.

    A receipt means that the return has been stored safely. Its figures are worked out afterwards:
    the address in `figures` says whether the dashboard shows them yet.
    """
    form = await read_form(request)
    work = _check if form.check_only else _keep
    return await get_running_loop().run_in_executor(api.pool, work, form, who, api)


def _replaced(form: Form, who: Bearer, api: ApiContext) -> Receipt | Literal["any"] | None:
    """The return that the sender believes to be in use."""
    if form.replaces in ("", "none"):
        return None if form.replaces else "any"
    if found := named_receipt(form.replaces, who, api):
        return found
    detail = "“replaces” is not one of your receipts: write it like Z01-2026-10-1, or none."
    raise ApiError("bad-request", detail)


def _keep(form: Form, who: Bearer, api: ApiContext) -> JSONResponse:
    home, trusts = api.home, who.scope.trusts
    arrival = Arrival(
        form.content,
        form.filename,
        who.sender,
        api.now(),
        form.answers,
        trusts,
        replaces=_replaced(form, who, api),
    )
    with api.builder.saving():
        sent = submit(home, arrival)
        if sent.receipt and not (sent.already_kept and not sent.answers_kept):
            api.builder.ask()
    checked, kept = sent.checked, sent.receipt
    api.note(
        "api_send",
        who,
        trust=checked.trust if checked.trust in trusts else None,
        month=str(checked.month) if checked.month else None,
        outcome=str(checked.outcome),
        receipt=kept.return_id if kept else None,
    )
    if kept is None:
        raise _refused(sent, trusts)
    given = responses.kept(sent, kept, figures_of(kept, api), home.archive)
    address = {"Location": f"/api/v1/returns/{given.id}"}
    return JSONResponse(given.model_dump(mode="json"), 200 if sent.already_kept else 201, address)


def _check(form: Form, who: Bearer, api: ApiContext) -> JSONResponse:
    trusts, today = who.scope.trusts, london_day(api.now())
    entries = api.home.archive.entries()
    context = context_for(api.home, today, trusts, entries)
    checked = check_arriving(form.content, form.filename, context)
    api.note("api_check", who, outcome=str(checked.outcome))
    if checked.outcome is Outcome.UNREADABLE or _of_others(checked, trusts):
        raise _refused(Submission(checked), trusts)
    weighed = weigh_explanations(api.home, checked, form.answers, entries, today)
    needed = Submission(checked, lacking=weighed.without + weighed.refused).unanswered
    about = {"answers_needed": list(needed), "answers_carried": weighed.carried}
    return JSONResponse(checked.as_dict() | about)


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
        detail = "Nothing was saved: the return in use is not the one named in “replaces”."
        return ApiError("overtaken", detail, **about)
    if checked.outcome is Outcome.ERRORS:
        return ApiError(
            "problems-to-fix",
            "Nothing has been saved. Correct the errors in the file and send it again.",
            **about,
        )
    about["answers_needed"] = list(sent.unanswered)
    about["answers_carried"] = sent.carried
    if sent.unfit:
        return ApiError("answer-not-kept", " ".join(sent.unfit), **about)
    return ApiError(
        "queries-need-answers",
        "Nothing has been saved yet. If the figures are right, send the file again and explain "
        f"{', '.join(sent.to_explain)} in “answers”.",
        **about,
    )


def _of_others(checked: Checked, trusts: frozenset[str]) -> bool:
    return checked.trust is not None and checked.trust not in trusts
