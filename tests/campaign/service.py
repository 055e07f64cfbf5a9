"""The service in a process of its own, and browser tabs that speak its websocket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.patience import PATIENCE
from tests.serving import wait_for


@contextmanager
def served(module: str, home: Path, port: int, control: bool) -> Iterator[int]:
    """Serve a home by a module's `serve`, with its log beside the home; gives the process's id."""
    start = f"import sys; from {module} import serve; serve(*sys.argv[1:])"
    command = [sys.executable, "-c", start, str(home), str(port), "control" * control]
    with log_of(home).open("w") as log:
        service = subprocess.Popen(command, stdout=log, stderr=log, cwd=Path(__file__).parents[2])
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", service)
        yield service.pid
    finally:
        service.terminate()
        service.wait(timeout=PATIENCE)


def api_addresses(port: int) -> list[str]:
    """Everything that the API's own document says a program may ask for."""
    document = httpx.get(f"http://127.0.0.1:{port}/api/v1/openapi.json", timeout=PATIENCE).json()
    return [f"/api{path}" for path, ways in document["paths"].items() if "get" in ways]


def log_of(home: Path) -> Path:
    """What the service of a home said."""
    return home.with_name("log")


@contextmanager
def tab(port: int, cookie: str = "") -> Iterator[ClientConnection]:
    """An open tab of a browser."""
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE,
        additional_headers={"Cookie": cookie} if cookie else None,
    ) as opened:
        yield opened


def shown(opened: ClientConnection, page: str, query: str) -> Iterator[ForwardMsg]:
    """Open a screen in a tab, and read all that is sent of it."""
    ask = BackMsg()
    ask.rerun_script.page_name, ask.rerun_script.query_string = page, query
    opened.send(ask.SerializeToString())
    while True:
        message = ForwardMsg.FromString(opened.recv(timeout=PATIENCE))  # type: ignore[arg-type]
        yield message
        # A page switch or st.rerun ends one run and begins the next at once.
        if message.HasField("script_finished") and (
            message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            return
