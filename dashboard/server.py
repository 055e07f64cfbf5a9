"""The dashboard as a web service: Streamlit as an ASGI application under uvicorn."""

import gc
import logging
import os
import sqlite3
import time
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import streamlit as st
import uvicorn
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Mount, Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.bootstrap import load_config_options

from dashboard import audit, browser_files, identity, shared, store, token_holders
from dashboard.api import application as api
from dashboard.charts import theme
from dashboard.half_sent import Impatient
from dashboard.middleware.closed_parts import ClosedParts
from dashboard.middleware.entry_page import EntryPage
from dashboard.middleware.own_address import OwnAddress
from dashboard.middleware.rate_limits import LimitRequests
from dashboard.middleware.return_after_sign_in import ReturnAfterSignIn, screen
from dashboard.middleware.security_headers import SecurityHeaders
from dashboard.page import session
from dashboard.rate_limits import RateLimits
from pipelines import typography
from pipelines.keeping.beside_archive import how_to_go_on, is_damaged
from pipelines.keeping.home import Home, ready_home
from pipelines.keeping.staging import NotKept
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.releasing.builder import Apart, Builder
from pipelines.settings import Settings
from schemas.london_time import london_day

_LOG = logging.getLogger("feeling_safe")
SCRIPT = Path(__file__).with_name("app.py")
# The effect of each was measured: see docs/decisions/implementation-notes.md, decision 35.
SETTINGS: dict[str, object] = {
    "global.developmentMode": False,
    "global.minCachedMessageSize": 1000,  # what a browser has cached is not sent again
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.maxUploadSize": LARGEST_FILE // 2**20,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.trustedUserHeaders": {},  # only the provider says who someone is, never a header
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "logger.enableRich": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
    "client.disableDataExport": True,
    "browser.gatherUsageStats": False,
    "theme.base": "light",
    "theme.primaryColor": theme.BLUE,
    "theme.backgroundColor": theme.WHITE,
    "theme.secondaryBackgroundColor": theme.PALE,
    "theme.textColor": theme.INK,
    "theme.linkColor": theme.BLUE,
    "theme.font": typography.FONT,
    "theme.headingFont": typography.FONT,
    "theme.fontFaces": [{"family": "Arimo", "url": browser_files.FONT, "weight": "400 700"}],
    "theme.borderColor": "#768692",
    "theme.yellowTextColor": "#4d3800",
    "theme.showWidgetBorder": True,
}


class CannotServe(Exception):
    """The dashboard can't be opened as it is set up; the message says what to do."""


def serve(
    home: Path, host: str = "127.0.0.1", port: int = 8501, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve a programme's dashboard until stopped; raises CannotServe or HomeError.

    `ready` is called once nothing can be refused any more.
    """
    service = application(home, host)
    _log_with_time()
    _begin_metrics(home, Settings())
    ready()
    uvicorn.run(
        service,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        http=Impatient,
        ws="websockets-sansio",
        ws_max_size=2 * LARGEST_FILE,
    )


def application(home: Path, host: str = "127.0.0.1") -> st.App:
    """The ASGI application for one programme's home, listening at `host`."""
    programme, sign_in = ready_home(home).programme, session.provider()
    if not programme.fictional and not sign_in:
        raise CannotServe(
            f"“{programme.name}” is a real programme and no sign-in is set up, so the dashboard "
            "will not open. Describe your identity provider in the [auth] section of "
            ".streamlit/secrets.toml, or of the file that FEELING_SAFE_SECRETS names "
            "(docs/running-the-service.md shows how), then start again."
        )
    if sign_in and (faults := identity.provider_faults(sign_in)):
        raise CannotServe(f"The sign-in described in [auth] can't be used: {faults[0]}")
    settings = Settings()
    os.environ["FEELING_SAFE_HOME"] = str(home.resolve())
    limits = _limits(home)
    _begin_audit(settings.audit_log)
    # Its advice to restart something would be in every start with settings of our own.
    logging.getLogger("streamlit.config").addFilter(_worth_saying)
    load_config_options({name.replace(".", "_"): value for name, value in SETTINGS.items()})
    builder = session.build_with(session.home(), Apart(session.home()))
    # Streamlit would log whole error messages, which may quote a row of data.
    logging.getLogger("streamlit.error_util").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").addFilter(_in_one_line)
    return st.App(
        SCRIPT,
        lifespan=_lifespan(builder),
        on_script_error=_say_and_log,
        middleware=[
            Middleware(OwnAddress, hosts=_names(settings, sign_in), listens_at=host),
            Middleware(SecurityHeaders, https=identity.behind_https(sign_in)),
            Middleware(LimitRequests, limits=limits, in_use=_in_use(home)),
            Middleware(ClosedParts, is_expected=session.UPLOADS.take, is_message=_is_message),
            Middleware(ReturnAfterSignIn),
            Middleware(EntryPage, styles=browser_files.STYLES),
        ],
        routes=[
            Route("/healthz", _health(home)),
            Route("/be", _be),
            *browser_files.routes(),
            Mount("/api", api.application(home, session.now, builder)),
        ],
    )


def _in_one_line(record: logging.LogRecord) -> bool:
    """Leave the traceback out of what anybody can cause by sending bytes that are no text."""
    if record.exc_info and isinstance(record.exc_info[1], UnicodeError):
        record.exc_info = None
    return True


def _worth_saying(record: logging.LogRecord) -> bool:
    """Leave out that settings have changed: they are given before anything is served."""
    return "An update to the [server] config option" not in record.getMessage()


def _is_message(frame: bytes) -> bool:
    """Whether a frame is a message of a browser's to Streamlit."""
    try:
        return BackMsg.FromString(frame).WhichOneof("type") is not None
    except DecodeError:
        return False


def _names(settings: Settings, sign_in: Mapping[str, object]) -> frozenset[str]:
    return settings.public_hosts | {identity.public_host(sign_in)}


class _InUtc(logging.Formatter):
    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


def _log_with_time() -> None:
    """Write every line of the log with its time in UTC and its level."""
    lines = logging.StreamHandler()
    lines.setFormatter(_InUtc("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    lines.addFilter(lambda record: not record.name.startswith(audit.LOG))  # it has its own
    logging.getLogger().addHandler(lines)


def _limits(home: Path) -> RateLimits:
    try:
        return session.rate_limits()
    except (OSError, sqlite3.Error) as error:
        if is_damaged(session.home() / shared.FILE):
            raise CannotServe(how_to_go_on(session.home() / shared.FILE)) from error
        raise CannotServe(
            f"{home} can't be written, where all processes of the service share what they count: "
            "give it to the account that runs the service, on a disk that isn't read-only or full."
        ) from error


def _in_use(home: Path) -> Callable[[str], bool]:
    return lambda token: token_holders.in_use(Home(home), token, london_day(session.now()))


def _begin_audit(file: Path | None) -> None:
    try:
        audit.begin(file)
    except OSError as error:
        raise CannotServe(
            f"The audit log {file} can't be written ({error.strerror}): set FEELING_SAFE_AUDIT_LOG "
            "to a file that this account may write."
        ) from error


def _begin_metrics(home: Path, settings: Settings) -> None:
    if settings.metrics_port is None:
        return
    from dashboard import metrics

    try:
        metrics.listen(home, settings, lambda: session.builder().trouble)
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Metrics can't be given at port {settings.metrics_port}, which is in use: set "
            "FEELING_SAFE_METRICS_PORT to another one; each process of the service needs its own."
        ) from error


def _lifespan(builder: Builder):
    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[dict[str, object]]:
        # Objects made at start-up live as long as the server: the collector can leave them alone.
        import dashboard.screens.menu  # noqa: F401 - the first visitor should not wait for imports

        gc.collect()
        gc.freeze()
        builder.ask()  # for anything that was saved just before the server last stopped
        yield {}
        builder.stop()
        gc.unfreeze()  # else libraries complain at the end of all that they still hold

    return lifespan


def _say_and_log(error: Exception) -> bool:
    """Show an apology, and log where the error happened: its message may quote a row of data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    _LOG.error("%s at %s", type(error).__name__, where)
    if isinstance(error, NotKept):
        st.error(
            "Nothing was saved: the service's disk is full. Tell the programme team, and try again "
            "later."
        )
        return True
    st.error(
        "Sorry, something went wrong and this screen can't be shown. Nothing you sent is lost. "
        "The error has been logged: tell the programme team which screen you were on, and when."
    )
    return True


def _health(home: Path):
    async def health(_: Request) -> JSONResponse:
        """Say whether figures can be shown, and which release they come from."""
        try:
            facts = store.facts(store.current(home / "releases"))
        except store.DamagedRelease:
            return JSONResponse({"ok": False, "release": None}, status_code=503)
        except store.NoRelease:
            return JSONResponse({"ok": True, "release": None})
        except Exception:  # whatever is wrong with the file, the service is not healthy
            return JSONResponse({"ok": False, "release": None}, status_code=503)
        return JSONResponse({"ok": True, "release": facts["release_id"]})

    return health


def _be(request: Request) -> Response:
    """Become one of a fictional programme's people, then go on to the screen asked for."""
    if session.provider_configured() or not session.programme().fictional:
        return PlainTextResponse("You can't choose a person here.", status_code=404)
    person = request.query_params.get("person")
    where = screen(request.headers.get("referer", ""), request.url.netloc) if person else "/"
    response = RedirectResponse(where, status_code=303)
    if person:
        response.set_cookie(session.PERSON, quote(person, safe=""), httponly=True, samesite="lax")
    else:
        response.delete_cookie(session.PERSON)
    return response
