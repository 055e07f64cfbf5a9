"""What browsers load besides pages: the typeface, the styles, and the script that plays charts."""

from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard.charts import theme
from dashboard.page import listen
from pipelines import typography

_SHEET = theme.css() + (files("dashboard.page") / "page.css").read_text(encoding="utf-8")


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:8]


# Their names change with them, so that browsers may keep them.
FONT = f"/fonts/arimo.{_digest(typography.WEB.read_bytes())}.woff2"
STYLES = f"/styles/page.{_digest(_SHEET.encode())}.css"
_FOR_A_YEAR = {"cache-control": "public, max-age=31536000, immutable"}


def routes() -> list[Route]:
    """The addresses of these files."""
    return [Route(FONT, _font), Route(STYLES, _styles), Route(listen.SCRIPT, _chart2music)]


def _font(_: Request) -> Response:
    """The typeface of every screen."""
    return FileResponse(typography.WEB, media_type="font/woff2", headers=_FOR_A_YEAR)


def _styles(_: Request) -> Response:
    """The styles of every screen."""
    return Response(_SHEET, media_type="text/css", headers=_FOR_A_YEAR)


def _chart2music(_: Request) -> Response:
    """The script that plays charts, for browsers in which somebody asks to listen to one."""
    return Response(listen.script(), media_type="text/javascript")
