"""The API as an ASGI application, mounted at /api."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from dashboard.api import breakdowns, errors, receipts, returns, templates, tidy, withdrawals
from dashboard.api.context import ApiContext
from dashboard.middleware.security_headers import App
from pipelines.keeping.home import open_home
from pipelines.releasing.builder import Builder

AT_ONCE = 2  # files that are checked and saved at the same time
_ABOUT = (
    "Send a trust's monthly returns, with the same checks, archive and receipts as the screen "
    "“Send a return”, and read the figures that a token's holder sees on the screens. Every "
    "request needs a token, except for this document."
)


def application(home: Path, now: Callable[[], datetime], builder: Builder) -> App:
    """The API for one programme's home; `now` is its clock, `builder` works out the figures."""
    return errors.NothingEscapes(_fastapi(home, now, builder))


def _fastapi(home: Path, now: Callable[[], datetime], builder: Builder) -> FastAPI:
    app = FastAPI(
        title="feeling-safe",
        version="1",
        description=_ABOUT,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    app.state.context = ApiContext(
        open_home(home), now, builder, ThreadPoolExecutor(AT_ONCE, "api")
    )
    version_1 = APIRouter(prefix="/v1")
    version_1.include_router(returns.router)
    version_1.include_router(receipts.router)
    version_1.include_router(withdrawals.router)
    version_1.include_router(templates.router)
    version_1.include_router(tidy.router)
    version_1.include_router(breakdowns.router)
    app.include_router(version_1)
    errors.handle(app)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the form that every refusal has."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        shape = errors.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= {**shape.pop("$defs"), "Refusal": shape}
        app.openapi_schema = document | {"servers": [{"url": "/api"}]}
    return app.openapi_schema
