"""No command and no visitor makes the program connect to, or look up, anything outside."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard import subscriptions
from tests import outside
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.serving import wait_for

pytestmark = pytest.mark.slow

LEAD = "lead.one@demo.example"
ELSEWHERE = "http://elsewhere.example"


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process writes down what it would reach outside."""
    (tmp_path / "watch").mkdir()
    # Python imports a module of this name before anything else.
    source = Path(outside.__file__).read_text(encoding="utf-8")
    (tmp_path / "watch" / "sitecustomize.py").write_text(f"{source}\nwrite_down()\n", "utf-8")
    seen = tmp_path / "seen"
    seen.touch()
    return {**os.environ, "PYTHONPATH": str(tmp_path / "watch"), outside.WRITTEN_TO: str(seen)}


def seen(environment: dict[str, str]) -> str:
    return Path(environment[outside.WRITTEN_TO]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("reach", "event"),
    [
        ("import socket; socket.getaddrinfo('elsewhere.example', 443)", "socket.getaddrinfo"),
        ("import socket; socket.gethostbyname('elsewhere.example')", "socket.gethostbyname"),
        ("import socket; socket.socket().connect(('192.0.2.1', 9))", "socket.connect"),
        (
            "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
            "socket.sendto",
        ),
        ("import streamlit.net_util as n; n.get_external_ip()", "socket.getaddrinfo"),
    ],
)
def test_the_watch_sees_whoever_looks_outside(watched, reach, event):
    subprocess.run([sys.executable, "-c", reach], env=watched, capture_output=True, check=False)
    assert seen(watched).startswith(event)


def test_no_command_reaches_outside(watched, feeling_safe, demo_home, tmp_path):
    home = shutil.copytree(demo_home, tmp_path / "home")
    file = str(sorted((home / "workbooks" / "Z01").glob("*.xlsx"))[-1])
    at = ["--home", str(home)]
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    for command in (
        ["check", file, *at],
        ["submit", file, *at, "--by", "somebody"],
        ["build", *at],
        ["status", *at],
        ["verify", *at],
        ["export", str(tmp_path / "out"), *at, "--for", "trust", "--trust", "Z01"],
        ["backup", str(tmp_path / "backup.zip"), *at],
        ["send-reports", "--outbox", str(tmp_path / "outbox"), *at],
    ):
        run = subprocess.run(
            [feeling_safe, *command], env=watched, capture_output=True, text=True, check=False
        )
        assert run.returncode in (0, 3), (command, run.stderr)
    assert seen(watched) == ""


def test_only_the_mail_server_is_reached_and_only_by_its_command(
    watched, feeling_safe, demo_home, tmp_path
):
    home = shutil.copytree(demo_home, tmp_path / "home")
    with (home / "programme.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[mail]\nhost = "mail.example"\nsender = "reports@mail.example"\n')
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    for command in ("status", "send-reports"):
        run = subprocess.run(
            [feeling_safe, command, "--home", str(home)],
            env=watched,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode in (0, 1), run.stderr
        assert bool(seen(watched)) == (command == "send-reports")
    assert set(seen(watched).splitlines()) == {"socket.getaddrinfo mail.example"}
    assert "1 pack not sent" in run.stdout


def test_no_visitor_makes_the_service_reach_outside(watched, feeling_safe, demo_home, tmp_path):
    home, port = shutil.copytree(demo_home, tmp_path / "home"), free_port()
    at, here = f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"
    command = [feeling_safe, "serve", "--home", str(home), "--port", str(port), "--no-open"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=watched, stdout=log, stderr=log)
    try:
        wait_for(f"{here}/healthz", server)
        for path in ("/", "/ward", "/_stcore/health", "/_stcore/host-config", "/api/v1/returns"):
            for headers in ({}, {"Origin": ELSEWHERE}, {"Host": "elsewhere.example"}):
                _ask(here + path, headers)
        stream = f"ws://{at}/_stcore/stream"
        for origin in (ELSEWHERE, "http://192.0.2.1", "null", "http://localhost:1"):
            with pytest.raises(InvalidStatus, match="403"):
                connect(stream, origin=origin, open_timeout=PATIENCE)
        for origin in (here, None):
            about = {"subprotocols": ["streamlit"], "max_size": None, "open_timeout": PATIENCE}
            with connect(stream, origin=origin, **about) as tab:
                rerun = BackMsg()
                rerun.rerun_script.query_string = ""
                tab.send(rerun.SerializeToString())
                assert len(tab.recv(timeout=PATIENCE)) > 0
                tab.recv(timeout=PATIENCE)
        _half_a_handshake(port)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
    assert seen(watched) == ""


def _ask(address: str, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code


def _half_a_handshake(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw:
        raw.sendall(b"GET /_stcore/stream HTTP/1.1\r\nHost: elsewhere.example\r\n")
