"""Opens many sessions, and sends much, as people who haven't signed in; watches the service.

    python -m tests.campaign.strangers --visits 4000 --seed 1

Strangers open the entry, choose addresses and files at random, send large files to the screen and
to the API, forge cookies, tokens and frames, and leave requests half sent. Meanwhile /healthz is
asked all the time, and how much processor time the service used until it had answered is noted too:
about how long it would take on a machine that does nothing else. Each must be refused, or shown
the entry; the memory of the service must stay flat once it has met every kind, and /healthz must
answer. Prints counts; exits with 1 if anything was unexpected or over its bound.
"""

import argparse
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from uuid import UUID

import httpx
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard import server
from dashboard.page import session
from dashboard.screens import menu
from pipelines.releasing.build import build
from tests import worlds
from tests.campaign.service import PATIENCE, api_addresses, log_of, served, shown, tab
from tests.ports import free_port

AT_ONCE = 6
LARGE = 4_900_000  # bytes, just below the largest file
GROWTH = 40  # MB of memory more, after the first visits of every kind
P99 = 100  # milliseconds for /healthz, or of processor time where the machine is busy
XSRF = "_streamlit_xsrf"
ENTRY, FIGURES = b"Feeling safe", (b"ALDER1", b"Z01-", b"Tiny collaborative trust")
REFUSED = {400, 401, 403, 404, 405, 413, 421, 422, 429}
_PROCESSES = multiprocessing.get_context("forkserver")


@dataclass
class Counts:
    """How many visits of each kind came to what, what was unexpected, and memory in MB.

    `waits` are those for /healthz in seconds, and `meanwhile` is how many seconds of processor time
    the service used during each.
    """

    visits: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """By how much memory was larger in the second half of the visits than in the first."""
        half = len(self.memory) // 2
        return max(self.memory[half:]) - max(self.memory[:half])

    @property
    def p99(self) -> float:
        """The wait for /healthz that 99 in 100 stay below, in milliseconds."""
        return _p99(self.waits)

    @property
    def of_its_own(self) -> float:
        """The same in processor time that the service used meanwhile: what it adds itself."""
        return _p99(self.meanwhile)


def _p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[-1] * 1000 if len(waits) > 1 else 0.0


class Stranger:
    """Somebody who has not signed in, at one address."""

    def __init__(self, port: int, chance: random.Random, in_api: Sequence[str]) -> None:
        self._at, self._port, self._chance = f"127.0.0.1:{port}", port, chance
        self._in_api = in_api

    def visit(self, kind: str) -> tuple[str, bool]:
        """What came of a visit, and whether that was to be expected."""
        return VISITS[kind](self)

    def session(self) -> tuple[str, bool]:
        """Open a screen by its address; only the entry is shown."""
        cookie = self._chance.choice(["", "feeling_safe_person=x", "_streamlit_user=e30.e30.e30"])
        with tab(self._port, cookie) as opened:
            sent = b"".join(message.SerializeToString() for message in self._shown(opened))
        told = [word for word in FIGURES if word in sent]
        return f"{told}" if told else "the entry", ENTRY in sent and not told

    def upload(self) -> tuple[str, bool]:
        """Send a large file to the screen, from a tab that is open or from none."""
        with tab(self._port) as opened:
            begun = [message for message in self._shown(opened) if message.HasField("new_session")]
            own = begun[0].new_session.initialize.session_id
            name = self._chance.choice([own, str(UUID(int=self._chance.getrandbits(128)))])
            about = httpx.get(f"http://{self._at}/_stcore/health", timeout=PATIENCE)
            known = about.cookies.get(XSRF, "")  # which anybody is given
            more = {"cookies": {XSRF: known}, "headers": {"X-Xsrftoken": known}}
            files = {"file": ("return.xlsx", bytes(LARGE))}
            return self._refused("PUT", f"/_stcore/upload_file/{name}/1", files=files, **more)

    def api(self) -> tuple[str, bool]:
        """Send a large file to the API with a token that nobody issued."""
        token = f"Bearer fs_{self._chance.getrandbits(48):012x}_{'a' * 43}"
        files = {"file": ("return.xlsx", bytes(LARGE))}
        return self._refused(
            "POST", "/api/v1/returns", files=files, headers={"authorization": token}
        )

    def address(self) -> tuple[str, bool]:
        """Ask for something by an address made by hand, or of another host."""
        path = self._chance.choice(["/_stcore/metrics", "/media/x.csv", "/x/../y", *self._in_api])
        host = self._chance.choice([self._at, "elsewhere.example"])
        return self._refused("GET", path, headers={"host": host})

    def elsewhere(self) -> tuple[str, bool]:
        """A page of another site opens a session."""
        try:
            with connect(f"ws://{self._at}/_stcore/stream", origin="http://elsewhere.example"):
                return "let in", False
        except InvalidStatus as refused:
            return str(refused.response.status_code), refused.response.status_code == 403

    def frames(self) -> tuple[str, bool]:
        """Send what is no message; the session ends."""
        with tab(self._port) as opened:
            opened.send(self._chance.randbytes(2_000) + b"\xff")
            try:
                while True:
                    opened.recv(timeout=PATIENCE)
            except ConnectionClosed:
                return "closed", True

    def half(self) -> tuple[str, bool]:
        """Send half a request and go away without a word."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE) as raw:
            raw.sendall(b"PUT / HTTP/1.1\r\nHost: " + self._at.encode() + b"\r\nContent-Length: 9")
        return "left", True

    def _refused(self, method: str, path: str, **more) -> tuple[str, bool]:
        try:
            answer = httpx.request(method, f"http://{self._at}{path}", timeout=PATIENCE, **more)
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            return "closed", True  # before all of it was sent
        status = answer.status_code
        shell = status == HTTPStatus.OK and "text/html" in answer.headers.get("content-type", "")
        return str(status), status in REFUSED or (method == "GET" and shell)

    def _shown(self, opened: ClientConnection) -> Iterator[ForwardMsg]:
        """What is sent of a screen that is opened by an address made by hand."""
        return shown(opened, self._chance.choice(menu.PATHS), "trust=Z01&ward=Z01-ALDER1")


VISITS: dict[str, Callable[[Stranger], tuple[str, bool]]] = {
    "session": Stranger.session,
    "upload": Stranger.upload,
    "API": Stranger.api,
    "address": Stranger.address,
    "another site": Stranger.elsewhere,
    "frames": Stranger.frames,
    "half a request": Stranger.half,
}


def campaign(folder: Path, visits: int, seed: int, control: bool = False) -> Counts:
    """Let strangers visit so often; as a `control`, files are taken in from anybody."""
    home = worlds.small_world(folder / "home", last=worlds.FIRST)
    build(home, worlds.received(worlds.FIRST))
    counts, port = Counts(), free_port()
    ours, theirs = _PROCESSES.Pipe()
    with served("tests.campaign.strangers", home.root, port, control) as service:
        asking = _PROCESSES.Process(target=_ask, args=(port, service, theirs))
        asking.start()
        ours.recv()  # it has begun
        in_api = api_addresses(port)  # once: who asks too often is told to wait
        chance = random.Random(seed)  # noqa: S311 - chance that repeats is wanted
        kinds = [*VISITS, *chance.choices(list(VISITS), k=visits)]
        with suppress(KeyboardInterrupt):  # what came until then is printed
            for start in range(0, len(kinds), AT_ONCE):
                some = kinds[start : start + AT_ONCE]
                own = [random.Random(chance.random()) for _ in some]  # noqa: S311
                _together([Stranger(port, each, in_api) for each in own], some, counts)
                counts.memory.append(_memory(service))
        ours.send("done")
        counts.waits, counts.meanwhile, refused = ours.recv()
        counts.unexpected += [f"/healthz came to {status}" for status in refused]
        asking.join()
    if "Traceback" in log_of(home.root).read_text():
        counts.unexpected.append("The log holds a traceback.")
    return counts


def _together(strangers: list[Stranger], kinds: list[str], counts: Counts) -> None:
    def visit(stranger: Stranger, kind: str) -> tuple[str, bool]:
        try:
            return stranger.visit(kind)
        except Exception as error:
            return f"{type(error).__name__}: {error}", False

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for kind, (result, expected) in zip(
            kinds, threads.map(visit, strangers, kinds), strict=True
        ):
            counts.visits[f"{kind}: {result}"] += 1
            if not expected:
                counts.unexpected.append(f"{kind} came to {result}")


def _ask(port: int, service: int, done: Connection) -> None:
    """Ask /healthz until all is done; tell what each answer took, and which were refusals."""
    waits: list[float] = []
    meanwhile: list[float] = []
    refused: list[int] = []
    done.send("begun")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        while not done.poll(0.05):
            began, used = time.perf_counter(), _processor(service)
            status = client.get("/healthz").status_code
            waits.append(time.perf_counter() - began)
            meanwhile.append(_processor(service) - used)
            refused += [status] * (status != HTTPStatus.OK)
    done.send((waits, meanwhile, refused))


def _processor(process: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system doesn't say."""
    used = 0
    for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with suppress(OSError):  # it has just ended
            used += int(thread.read_text().split()[0])
    return used / 1e9


def _memory(process: int) -> float:
    """MB of memory that a process uses; 0 where the system doesn't say."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def serve(home: str, port: str, control: str) -> None:
    """What the process of the service does."""
    os.environ.pop("FEELING_SAFE_METRICS_PORT", None)
    if control:
        session.UPLOADS.take = lambda tab: True  # type: ignore[method-assign]
    server.serve(Path(home), port=int(port))


def main() -> int:
    """Run the campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--visits", type=int, default=4000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = campaign(Path(folder), options.visits, options.seed)
    for result, number in sorted(counts.visits.items()):
        print(f"{number:7,}  {result}")
    print(
        f"Memory: at most {max(counts.memory):.0f} MB, and {counts.growth:+.0f} MB in the second "
        f"half. /healthz: {len(counts.waits):,} times, 99 in 100 within {counts.p99:.0f} ms, "
        f"in which the service used at most {counts.of_its_own:.0f} ms of processor time."
    )
    print(*counts.unexpected or ["Nothing was unexpected."], sep="\n")
    over = counts.growth > GROWTH or min(counts.p99, counts.of_its_own) > P99
    return 1 if counts.unexpected or over else 0


if __name__ == "__main__":
    sys.exit(main())
