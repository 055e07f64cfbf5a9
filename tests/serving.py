"""The dashboard in a process of its own, for tests that are its users."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.patience import PATIENCE
from tests.ports import free_port


@contextmanager
def served(feeling_safe: str, home: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The dashboard of a programme on its own port, until the test is done with it."""
    port = free_port()
    service = subprocess.Popen(
        [feeling_safe, "serve", "--home", str(home), "--port", str(port), "--no-open"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", service)
        yield f"http://127.0.0.1:{port}"
    finally:
        service.terminate()
        service.communicate(timeout=PATIENCE)


def wait_for(address: str, service: subprocess.Popen) -> None:
    """Wait until the service answers, for as long as it runs."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and service.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(address, timeout=PATIENCE).is_success:
                return
        time.sleep(0.2)
    ended = service.poll()
    said = service.stderr.read() if ended is not None and service.stderr else ""
    raise RuntimeError(f"{address} did not answer; the service ended with {ended}. {said}")
