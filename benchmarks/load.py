"""Many people at once: reruns a second, and how long each waits, against an empty page.

    uv run python benchmarks/load.py HOME

HOME is a fictional programme (`feeling-safe demo --no-serve --home HOME`). As 1, 20 and 100
sessions it speaks Streamlit's websocket, each session asking for the next screen of its person as
soon as the last one has come; one session in five is the programme team's, the others are trust
leads. The same is done to an empty page of the same tuned server in the same run. Clients and
servers share this machine, so what counts is the ratio.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from screens import SCREENS, person, server, wait_for
from session import Session

SESSIONS = (1, 20, 100)
SECONDS = 20
ONE_IN = 5  # of the sessions belongs to the programme team
Waits = list[float]


def main(home: Path, port: int = 8590) -> None:
    """Measure every number of sessions and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\n", encoding="utf-8")
        for sessions in SESSIONS:
            with _serving(home, port) as address:
                screens = _under_load(home, address, sessions, SCREENS)
            with _serving(home, port + 1, empty) as address:
                nothing = _under_load(home, address, sessions, dict.fromkeys(SCREENS, ("",)))
            print(json.dumps(_row(sessions, screens, nothing)), flush=True)


def _row(sessions: int, screens: Waits, nothing: Waits) -> dict[str, object]:
    return {
        "sessions": sessions,
        "reruns_a_second": round(len(screens) / SECONDS, 1),
        "p50_ms": round(median(screens) * 1000),
        "p95_ms": round(_p95(screens) * 1000),
        "empty_reruns_a_second": round(len(nothing) / SECONDS, 1),
        "empty_p50_ms": round(median(nothing) * 1000),
        "empty_p95_ms": round(_p95(nothing) * 1000),
        "p50_times_empty": round(median(screens) / median(nothing), 1),
        "p95_times_empty": round(_p95(screens) / _p95(nothing), 1),
    }


def _under_load(
    home: Path, address: str, sessions: int, screens: dict[str, tuple[str, ...]]
) -> Waits:
    """Seconds that each rerun took while so many sessions asked for the next without a pause."""
    roles = ["trust" if number % ONE_IN else "programme" for number in range(sessions)]
    cookies = {
        role: f"feeling_safe_demo_person={quote(person(home, role), safe='')}" for role in SCREENS
    }
    for role in set(roles):  # the first visitor of a release fills what all others share
        with Session(address, cookies[role]) as first:
            for page in screens[role]:
                first.rerun(page)
    with ThreadPoolExecutor(sessions) as people:
        until = time.monotonic() + SECONDS
        asked = [
            people.submit(_visit, address, cookies[role], screens[role], number, until)
            for number, role in enumerate(roles)
        ]
        return [wait for visit in asked for wait in visit.result()]


def _visit(address: str, cookie: str, pages: tuple[str, ...], start: int, until: float) -> Waits:
    waits = []
    with Session(address, cookie) as session:
        for page in cycle(pages[start % len(pages) :] + pages[: start % len(pages)]):
            if time.monotonic() > until:
                return waits
            rerun = session.rerun(page)
            if rerun.exceptions:
                raise SystemExit(f"The screen “{page or 'first'}” failed under load.")
            waits.append(rerun.seconds)
    return waits


@contextmanager
def _serving(home: Path, port: int, script: Path | None = None) -> Iterator[str]:
    process = server(home, port, script)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"ws://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _p95(waits: Waits) -> float:
    return quantiles(waits, n=20)[-1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
