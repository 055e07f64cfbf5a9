"""What the API replies when it can't do what was asked: problem details (RFC 9457)."""

import logging
import traceback
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from dashboard.api.responses import Finding
from dashboard.middleware.security_headers import App, Receive, Scope, Send
from pipelines.keeping.staging import NotKept

_LOG = logging.getLogger("feeling_safe")
TYPE = "urn:problem-type:feeling-safe:"
KINDS = {
    "bad-request": (400, "The request can't be understood"),
    "file-unreadable": (400, "The file can't be read"),
    "not-signed-in": (401, "A token is needed"),
    "token-not-taken": (401, "The token is not accepted"),
    "token-may-not": (403, "The token does not allow this"),
    "not-your-trust": (403, "This is not your trust"),
    "not-found": (404, "There is nothing here"),
    "wrong-method": (405, "This address does not accept that method"),
    "queries-need-answers": (409, "Queries need an explanation"),
    "overtaken": (409, "Another return has been received in the meantime"),
    "not-asked": (409, "The request was not made"),
    "release-changed": (409, "There are newer figures"),
    "file-too-big": (413, "The file is too big"),
    "not-a-form": (415, "The request is not a form with a file"),
    "problems-to-fix": (422, "There are errors to correct"),
    "answer-not-kept": (422, "An explanation can't be kept"),
    "unexpected": (500, "Something went wrong"),
    "no-figures": (503, "There are no figures to read"),
    "no-room": (507, "There is no room to keep it"),
}
_BY_STATUS = {404: "not-found", 405: "wrong-method"}


class ApiError(Exception):
    """A request that is refused: its kind (from KINDS), a sentence, and further fields."""

    def __init__(
        self,
        kind: str,
        detail: str,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.headers, self.more = kind, detail, headers, more

    def response(self) -> JSONResponse:
        """The refusal as it is sent."""
        status, title = KINDS[self.kind]
        details = {
            "type": TYPE + self.kind,
            "title": title,
            "status": status,
            "detail": self.detail,
        }
        return JSONResponse(
            {**details, **self.more}, status, self.headers, media_type="application/problem+json"
        )


class ProblemDetails(BaseModel):
    """Problem details (RFC 9457). If a file was checked, `problems` is as in `check --json`."""

    type: str = Field(examples=[TYPE + "problems-to-fix"])
    title: str
    status: int
    detail: str = Field(description="A sentence for a person: what was found, and what to do.")
    file: str | None = None
    trust: str | None = None
    month: str | None = None
    outcome: str | None = None
    rows: int | None = None
    problems: list[Finding] | None = None
    answers_needed: list[str] | None = Field(
        None, description="Codes of the queries that still need an explanation."
    )
    answers_carried: dict[str, str] | None = Field(
        None, description="Explanations that carry over from the version in use."
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of one address, for the OpenAPI document."""
    known = {s: "; ".join(t for status, t in KINDS.values() if status == s) for s in statuses}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    others = {"default": "Any other refusal, such as too many requests in a short time"}
    return {s: {"description": text, "content": content} for s, text in (known | others).items()}


def handle(app: FastAPI) -> None:
    """Make an application reply to every error in this one form."""

    @app.exception_handler(ApiError)
    def refused(_: Request, error: ApiError) -> JSONResponse:
        return error.response()

    @app.exception_handler(HTTPException)
    def by_status(_: Request, error: HTTPException) -> JSONResponse:
        kind = _BY_STATUS.get(error.status_code, "bad-request")
        detail = "The address or the request is not one of those in /api/v1/openapi.json."
        return ApiError(kind, detail, dict(error.headers or {})).response()

    @app.exception_handler(RequestValidationError)
    def not_understood(_: Request, error: RequestValidationError) -> JSONResponse:
        names = sorted({str(found["loc"][-1]) for found in error.errors()})
        detail = f"Write these as /api/v1/openapi.json describes: {', '.join(names)}."
        return ApiError("bad-request", detail).response()

    @app.exception_handler(NotKept)
    def no_room(_: Request, __: NotKept) -> JSONResponse:
        detail = "Nothing was saved: the service's disk is full. Tell the programme team, and send "
        return ApiError("no-room", f"{detail}it again later.").response()

    @app.exception_handler(Exception)
    def unexpected(_: Request, __: Exception) -> JSONResponse:
        detail = "Nothing that was saved is lost. The error has been logged."
        return ApiError("unexpected", detail).response()


class NothingEscapes:
    """ASGI middleware that logs where an unexpected error happened; the reply has been sent."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            _log(error)


def _log(error: Exception) -> None:
    """Log where an error happened, never its message, which may quote a row of data."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    _LOG.error("%s at %s", type(error).__name__, where)
