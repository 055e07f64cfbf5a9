"""The address for fetching a receipt."""

import re
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.responses import Response

from dashboard import store
from dashboard.api import responses
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.token_holders import Bearer
from pipelines.sending import file_of, receipt_of
from schemas.receipts import Receipt

_ID = re.compile(r"([A-Z0-9]{3,5})-(\d{4}-\d{2}(?:-baseline)?)-([1-9]\d{0,8})", re.ASCII)

_FILE = {"type": "string", "format": "binary"}

router = APIRouter()


@router.get(
    "/returns/{receipt}",
    summary="Fetch a receipt",
    operation_id="askForReceipt",
    response_model=responses.GivenReceipt,
    responses=documented(401, 403, 404),
)
def receipt(
    receipt: str,
    who: Annotated[Bearer, Depends(bearer_for("send", "read"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> responses.GivenReceipt:
    """A receipt, such as Z01-2026-03-1, and whether its return is still in use."""
    return responses.given(found_receipt(receipt, who, api), api.home.archive)


@router.get(
    "/returns/{receipt}/figures",
    summary="Ask whether the dashboard shows a return",
    operation_id="askForFigures",
    response_model=responses.Figures,
    responses=documented(401, 403, 404),
)
def figures(
    receipt: str,
    who: Annotated[Bearer, Depends(bearer_for("send", "read"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> responses.Figures:
    """Whether the figures in use take this return into account, or are still being worked out."""
    return figures_of(found_receipt(receipt, who, api), api)


@router.get(
    "/returns/{receipt}/file",
    summary="Download the file that was sent",
    operation_id="downloadReturn",
    response_class=Response,
    responses={
        200: {
            "description": "The file as it was sent, but for any text that may not be kept.",
            "content": {"application/octet-stream": {"schema": _FILE}},
        },
        **documented(401, 403, 404),
    },
)
def file(
    receipt: str,
    who: Annotated[Bearer, Depends(bearer_for("send", "read"))],
    api: Annotated[ApiContext, Depends(context_of)],
) -> Response:
    """The file that a receipt was given for; `kept_sha256` of the receipt is its fingerprint."""
    found = found_receipt(receipt, who, api)
    content = file_of(api.home, found, who.scope.trusts)
    api.note("api_file", who, version=found.return_id)
    name = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.filename)}"}
    return Response(content, media_type="application/octet-stream", headers=name)


def figures_of(receipt: Receipt, api: ApiContext) -> responses.Figures:
    """Whether the release in use was built with a return, and if not, why not yet."""
    trouble = api.builder.trouble  # first: a build that ends in between has shown it
    release = _release_with(receipt, api)
    address = f"/api/v1/returns/{responses.receipt_id(receipt)}/figures"
    if release:
        return responses.Figures(address=address, state="in use", release=release, trouble=None)
    state: Literal["not worked out", "being worked out"]
    state = "not worked out" if trouble else "being worked out"
    return responses.Figures(address=address, state=state, release=None, trouble=trouble)


def _release_with(receipt: Receipt, api: ApiContext) -> str | None:
    try:
        release = store.current(api.home.releases)
    except store.NoRelease:
        return None
    return release.stem if store.knows(release, receipt.return_id) else None


def found_receipt(name: str, who: Bearer, api: ApiContext) -> Receipt:
    """The receipt of this name; raises ApiError if it is none of the bearer's."""
    found = named_receipt(name, who, api)
    if found is None:
        raise ApiError("not-found", "None of your returns has this receipt.")
    return found


def named_receipt(name: str, who: Bearer, api: ApiContext) -> Receipt | None:
    """The receipt of this name, if it exists and belongs to one of the bearer's trusts."""
    asked = _ID.fullmatch(name)
    if not asked or asked[1] not in who.scope.trusts:
        return None
    return receipt_of(api.home, asked[1], asked[2], int(asked[3]), who.scope.trusts)
