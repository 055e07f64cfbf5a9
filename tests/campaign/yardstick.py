"""A service that does nothing but answer, to see what a machine with much else to do adds."""

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def _well(_: Request) -> JSONResponse:
    return JSONResponse({"ok": True})


def serve(home: str, port: str, control: str) -> None:
    """Answer at /healthz, whatever the home is."""
    service = Starlette(routes=[Route("/healthz", _well)])
    uvicorn.run(service, port=int(port), log_level="warning", access_log=False)
