"""The address for reading figures: the rows of the tidy table, page by page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.responses import Response

from dashboard import store
from dashboard.access import NoAccess, Scope, reading
from dashboard.api.bearer import bearer_for
from dashboard.api.context import ApiContext, context_of
from dashboard.api.errors import ApiError, documented
from dashboard.exports import tidy
from dashboard.exports.figures import chosen
from dashboard.exports.make import source
from dashboard.exports.order import EXACT, CannotMake, Order
from dashboard.token_holders import Bearer
from pipelines.keeping.home import SETTINGS, open_home
from schemas.disclosure import Audience
from schemas.tidy import Tidy
from schemas.typed import types_of

USUAL, MOST = 5_000, 20_000  # rows on a page
_NO_FIGURES = "You have no figures of this trust, group, ward and measure."
_CODE = r"^[A-Za-z0-9_.-]{1,60}$"
_PYTHON: dict[Any, type] = {
    pl.String: str,
    pl.Int64: int,
    pl.Float64: float,
    pl.Boolean: bool,
    pl.Date: date,
}


def _fields() -> Iterator[tuple[str, Any]]:
    """The columns of the tidy table as fields of a model, for the OpenAPI document."""
    columns = Tidy.to_schema().columns
    for name, dtype in types_of(Tidy).items():
        kind = _PYTHON[dtype]
        about = Field(description=columns[name].description or "")
        yield name, (kind | None if columns[name].nullable else kind, about)


Figure: type[BaseModel] = create_model("Figure", **dict(_fields()))


class Figures(BaseModel):
    """A page of figures, in the order of measure, level, unit and period."""

    release: str = Field(description="The release they come from.")
    sharing: bool = Field(description="Whether they are masked, for anyone to see.")
    page: int
    pages: int
    total: int = Field(description="Rows on all pages.")
    next: str | None = Field(description="The address of the next page; empty on the last.")
    rows: list[Figure] = Field(description="One row for each figure.")  # type: ignore[valid-type]


class Asked(BaseModel):
    """Which figures, in which form, and which page of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sharing: bool = Field(
        False, description="Small numbers hidden, for anyone to see. Otherwise exact: do not share."
    )
    trust: str | None = Field(None, pattern=_CODE, examples=["Z01"])
    ward: str | None = Field(None, pattern=_CODE, examples=["Z01-ALDER1"])
    group: str | None = Field(
        None,
        pattern=_CODE,
        examples=["NORTHVALE"],
        description="The code of a group, a region included: what its readers see of its wards, "
        "as long as they belong to it. For the programme team; never with `sharing`.",
    )
    measure: str | None = Field(None, pattern=_CODE, examples=["SS-O1"])
    format: Literal["json", "csv"] = "json"
    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(USUAL, ge=1, le=MOST, description="Rows on a page.")
    release: str | None = Field(
        None,
        pattern=_CODE,
        description="The release of the pages before, as `next` has it: if there is a newer one, "
        "the request is refused, so that no table is put together from two.",
    )

    def order(self, role: str) -> Order:
        """The order of the same rows as a file."""
        audience: Audience = "public" if self.sharing else EXACT[role]
        about = (self.trust, self.ward, self.measure, self.group)
        return Order("tidy", audience, self.format, *about)


router = APIRouter()


@router.get(
    "/figures",
    summary="Read figures",
    operation_id="readFigures",
    response_model=Figures,
    responses={
        200: {
            "description": "The page. `ETag` names exactly these rows, `Link` the next page.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
        304: {"description": "Nothing has changed since the `ETag` sent as `If-None-Match`."},
        **documented(400, 401, 403, 404, 409, 503),
    },
)
def figures(
    request: Request,
    asked: Annotated[Asked, Query()],
    who: Annotated[Bearer, Depends(bearer_for("figures"))],
    api: Annotated[ApiContext, Depends(context_of)],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The tidy table that this token's holder may download, a page at a time."""
    release = _release(api)
    if asked.release not in (None, release.stem):
        detail = f"The figures in use are now release {release.stem}: start again with page 1."
        raise ApiError("release-changed", detail)
    scope = _scope(who.scope, asked)
    known = _Known(release, scope, asked.sharing, api.home.root, _written(release, api))
    headers = {"ETag": _etag(known, asked), "Vary": "Authorization"}
    if _has(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    rows = _chosen(known, asked.order(scope.role))
    pages = -(-rows.height // asked.size)
    if asked.page > pages:
        last = f"Page {pages} is the last, so there is no page {asked.page}."
        raise ApiError("not-found", last)
    later = _next(request, asked, release.stem) if asked.page < pages else None
    if later:
        headers["Link"] = f'<{later}>; rel="next"'
    api.note("api_figures", who, **_what(asked))
    page = rows.slice((asked.page - 1) * asked.size, asked.size)
    if asked.format == "csv":
        return Response(tidy.csv(page), headers=headers, media_type="text/csv")
    head = {
        "release": release.stem,
        "sharing": asked.sharing,
        "page": asked.page,
        "pages": pages,
        "total": rows.height,
        "next": later,
    }
    content = f'{json.dumps(head)[:-1]}, "rows": {page.write_json()}}}'
    return Response(content, headers=headers, media_type="application/json")


@dataclass(frozen=True)
class _Known:
    """Whose figures, of which release: what a whole table depends on."""

    release: Path
    scope: Scope
    sharing: bool
    root: Path
    written: tuple[object, ...]


def _release(api: ApiContext) -> Path:
    try:
        return store.current(api.home.releases)
    except store.NoRelease as reason:
        raise ApiError("no-figures", str(reason)) from None


def _written(release: Path, api: ApiContext) -> tuple[object, ...]:
    """What changes whenever the same person may get other rows of a release."""
    return (*store.stamp(release), (api.home.root / SETTINGS).stat().st_mtime_ns)


def _scope(scope: Scope, asked: Asked) -> Scope:
    """Whose figures are asked for: the holder's, or those of the readers of one group."""
    try:
        if asked.group and asked.sharing:
            raise NoAccess("Nothing about a group is for sharing.")
        return reading(scope, asked.group)
    except NoAccess:
        raise ApiError("not-found", _NO_FIGURES) from None


def _etag(known: _Known, asked: Asked) -> str:
    """A name for the rows, whether they are sent compressed or not: weak, as RFC 9110 has it."""
    scope = known.scope
    parts = (
        known.release.stem,
        [str(part) for part in known.written],
        scope.role,
        sorted(scope.trusts | scope.groups),
        asked.model_dump(exclude={"release"}),
    )
    return f'W/"{sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'


def _has(if_none_match: str | None, etag: str) -> bool:
    """Whether the sender has exactly these rows already (RFC 9110, compared weakly)."""
    sent = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in sent or etag.removeprefix("W/") in sent


def _next(request: Request, asked: Asked, release: str) -> str:
    """The address of the next page of the same release."""
    about = asked.model_dump(exclude_defaults=True) | {"page": asked.page + 1, "release": release}
    if asked.sharing:
        about["sharing"] = "true"
    return f"{request.url.path}?{urlencode(about)}"


def _what(asked: Asked) -> dict[str, str | None]:
    """What the audit log says was read."""
    return {
        "audience": "public" if asked.sharing else "exact",
        "unit": asked.ward or asked.trust or asked.group,
        "measure": asked.measure,
        "page": str(asked.page),
    }


def _chosen(known: _Known, order: Order) -> pl.DataFrame:
    """The rows that were asked for, on all pages."""
    with _ONE_AT_A_TIME:
        try:
            rows = _whole(known)
        except CannotMake as reason:
            raise ApiError("not-found", str(reason)) from None
    if (found := chosen(rows, order)).is_empty():
        raise ApiError("not-found", _NO_FIGURES)
    return found


_ONE_AT_A_TIME = Lock()  # so that a table is worked out once, however many programs wait for it


@lru_cache(maxsize=4)
def _whole(known: _Known) -> pl.DataFrame:
    """The whole tidy table of a person, masked before anything is chosen from it."""
    programme = open_home(known.root).programme
    connection = store.cursor(known.release, known.scope)

    def ask(question: Callable[..., pl.DataFrame], **about: object) -> pl.DataFrame:
        return question(connection, **about)

    facts = store.facts(known.release)
    figures = source(ask, facts, store.measures(known.release), programme)
    audience: Audience = "public" if known.sharing else EXACT[known.scope.role]
    table = figures.table(audience)
    order = Order("tidy", audience, "csv")
    return tidy.rows(ask, facts, figures.measures, table, order, programme)
