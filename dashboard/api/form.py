"""Describes and reads the form that carries a return."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from dashboard.api.errors import ApiError
from pipelines.keeping.explanations import key_from
from pipelines.reading.file_kind import LARGEST_FILE

FORM = "multipart/form-data"
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "The workbook (XLSX), a CSV file, or a ZIP of CSV files; "
                        f"{LARGEST_FILE // 2**20} MB at most.",
                    },
                    "answers": {
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                        "description": "An explanation for each query: by its code (`W04`), for "
                        "one cell (`W04 monthly!D5`), or `*` for all others. Leave out names and "
                        "anything that shows who it is about.",
                        "example": {"W01": "Few people were well enough to be asked"},
                    },
                    "replaces": {
                        "type": "string",
                        "description": "The receipt of the return you believe is in use "
                        "(`Z01-2026-10-1`), or `none`. If another one is in use, nothing is "
                        "saved. Without this field, the file replaces the return in use.",
                    },
                    "check_only": {
                        "type": "boolean",
                        "description": "Check the file and save nothing.",
                    },
                },
            },
            "encoding": {"answers": {"contentType": "application/json"}},
        }
    },
}

_BESIDE_THE_FILE = 64 * 1024  # the explanations, and what a form puts around its parts


@dataclass(frozen=True)
class Form:
    """A file that was sent, the explanations for its queries, and what to do with it.

    `replaces` is the receipt the sender believes to be in use, `none` for none, or empty.
    """

    filename: str
    content: bytes
    answers: Mapping[str, str]
    replaces: str
    check_only: bool


async def read_form(request: Request) -> Form:
    """Read the form; raises ApiError, and stops reading if it is too big."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise ApiError("not-a-form", f"Send the file as {FORM}, in a part named “file”.")
    most = LARGEST_FILE + _BESIDE_THE_FILE
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise _too_big()
    counted = Request(request.scope, _at_most(most, request.receive))
    try:
        async with counted.form(max_files=1, max_fields=3, max_part_size=_BESIDE_THE_FILE) as form:
            return await _parts(form)
    except (HTTPException, UnicodeError, LookupError):  # anything wrong with the form itself
        raise ApiError(
            "bad-request",
            "The form can't be read: send one part “file” and, if needed, “answers”, “replaces” "
            "and “check_only”.",
        ) from None


async def _parts(form: FormData) -> Form:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise ApiError("bad-request", "There is no file: send it in a part named “file”.")
    content = await file.read()
    if len(content) > LARGEST_FILE:
        raise _too_big()
    replaces = form.get("replaces") or ""
    if not isinstance(replaces, str):
        raise ApiError("bad-request", "Write “replaces” as a receipt, such as Z01-2026-10-1.")
    return Form(
        named(file.filename),
        content,
        _answers(form.get("answers") or "{}"),
        replaces,
        _yes(form.get("check_only") or "false"),
    )


def named(filename: str | None) -> str:
    """A file name that any file system accepts; it is only for showing."""
    name = PurePosixPath((filename or "").replace("\\", "/")).name
    safe = re.sub(r"[^\w .()+&-]", "_", name).strip(" .")
    stem, dot, ending = safe.rpartition(".")
    if dot and re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        return f"{stem[:100] or 'return'}.{ending}"
    return safe.replace(".", "_")[:100] or "return"


def _answers(field: object) -> dict[str, str]:
    try:
        given = json.loads(field) if isinstance(field, str) else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise ApiError(
            "bad-request",
            'Write “answers” as a JSON object of codes and reasons: {"W01": "Checked with the '
            'ward"}.',
        )
    return {key_from(code) or code: reason.strip() for code, reason in given.items()}


def _yes(field: object) -> bool:
    if field not in ("true", "false"):
        raise ApiError("bad-request", "Write “check_only” as true or false.")
    return field == "true"


def _at_most(
    most: int, receive: Callable[[], Awaitable[Message]]
) -> Callable[[], Awaitable[Message]]:
    left = most

    async def counting() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_big()
        return message

    return counting


def _too_big() -> ApiError:
    return ApiError(
        "file-too-big",
        f"A return can be at most {LARGEST_FILE // 2**20} MB; a filled-in workbook is far smaller. "
        "Copy your figures into a newly downloaded workbook and send that.",
    )
