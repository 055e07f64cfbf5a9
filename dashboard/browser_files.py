"""What browsers load besides pages: the typeface, and the script that plays charts."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard.page import listen
from pipelines import typography

# Its name changes with it, so that browsers may keep it.
FONT = f"/fonts/arimo.{sha256(typography.WEB.read_bytes()).hexdigest()[:8]}.woff2"
_FOR_A_YEAR = {"cache-control": "public, max-age=31536000, immutable"}


def routes() -> list[Route]:
    """The addresses of these files."""
    return [Route(FONT, _font), Route(listen.SCRIPT, _chart2music)]


def _font(_: Request) -> Response:
    """The typeface of every screen."""
    return FileResponse(typography.WEB, media_type="font/woff2", headers=_FOR_A_YEAR)


def _chart2music(_: Request) -> Response:
    """The script that plays charts, for browsers in which somebody asks to listen to one."""
    return Response(listen.script(), media_type="text/javascript")
