"""feeling-safe serve: open the dashboard."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli import options, output

_NOT_STARTED = 3  # how uvicorn leaves if it can't listen


def serve(
    home: options.Home = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen on.", show_default="127.0.0.1: only this machine"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="The port.", show_default="8501")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open a browser.")] = False,
) -> None:
    """Open a programme's dashboard, until stopped with Ctrl-C."""
    open_dashboard(options.home_of(home), host, port, no_open)


def open_dashboard(home: Path, host: str | None, port: int | None, no_open: bool) -> None:
    """Serve a home until stopped; raises Refused or CannotServe if it can't be served."""
    from dashboard.cli.errors import Refused
    from pipelines.settings import Settings

    settings = Settings()
    host, port = host or settings.host, port or settings.port
    if settings.metrics_port == port:
        raise Refused(f"FEELING_SAFE_METRICS_PORT is {port}, the dashboard's own: use another one.")
    _free(host, port)
    _build_if_older(home)
    from dashboard.server import serve as serve_home

    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    address = f"http://{shown}:{port}/"

    def ready() -> None:
        output.aside(f"The dashboard is opening at {address} (stop it with Ctrl-C).")
        if not no_open and sys.stderr.isatty():
            _open_when_ready(address, shown, port)
        if settings.mirror is not None:
            from dashboard.cli.mirror import keep_copying

            keep_copying(home, settings.mirror)

    try:
        serve_home(home, host, port, ready)
    except SystemExit as ended:
        if ended.code != _NOT_STARTED:
            raise
        _free(host, port)  # it may have been taken since it was looked at above
        raise Refused("The dashboard could not start: the lines above say why.") from None


def _build_if_older(home: Path) -> None:
    """Build a release if there is none, or if older code built the one in use.

    A new version's screens may need what only a release of that version contains.
    """
    from dashboard import store
    from pipelines.keeping.home import ready_home
    from pipelines.releasing.code_version import code_version

    programme = ready_home(home)
    try:
        made_by = store.facts(store.current(programme.releases))["code_version"]
    except store.NoRelease:
        made_by = None
    if made_by != code_version():
        from pipelines.releasing.build import build

        with output.working("Building a release with this version"):
            build(programme, datetime.now(UTC))


def _free(host: str, port: int) -> None:
    """Raise Refused if the port is taken, before the slow part begins."""
    import socket

    from dashboard.cli.errors import Refused

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            if sys.platform != "win32":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        raise Refused(_taken(host, port)) from error


def _taken(host: str, port: int) -> str:
    return (
        f"The dashboard can't listen at {host}, port {port}: the port is in use, or the "
        "address is not one of this machine. Choose another port, for example --port 8600."
    )


def _open_when_ready(address: str, host: str, port: int) -> None:
    """Open a browser as soon as the server answers, without holding it up."""
    import socket
    import threading
    import time
    import webbrowser

    def wait() -> None:
        for _ in range(120):
            with socket.socket() as knock:
                knock.settimeout(1)
                if knock.connect_ex((host, port)) == 0:
                    webbrowser.open(address)
                    return
            time.sleep(0.5)

    threading.Thread(target=wait, daemon=True).start()
