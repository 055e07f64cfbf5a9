"""What each screen costs to run again, against an empty page of the same tuned server.

    uv run python benchmarks/screens.py HOME [SCREEN ...]

HOME is a fictional programme (`feeling-safe demo --no-serve --home HOME`). Both servers run side
by side, each run of a screen is followed by one of the empty page, and what counts is the ratio of
a screen's median to that of the empty page beside it, in processor time of the server: the machine
may be as slow or as busy as it likes. Each screen is run twice: again, as for a browser
that has kept the charts and tables of its last runs, and fresh, for one that has kept nothing.
The limit for both is ten times. Waits are in `load.py`. Needs an operating system that gives the
processor time of another process (Linux).
"""

import ctypes
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import quote
from urllib.request import urlopen

import duckdb
from session import Rerun, Session

from dashboard.screens import menu

LIMIT = 10
KINDS = ("again", "fresh")
RUNS = 15
SETTLES = 0.02  # seconds for what a server does after it has sent everything
SERVE = """
import sys
from pathlib import Path
from dashboard import server
if sys.argv[3:]:
    server.SCRIPT = Path(sys.argv[3])
server.serve(Path(sys.argv[1]), port=int(sys.argv[2]))
"""
# Every screen of the menu, and those that tables lead to without naming a figure.
SCREENS = {
    role: ("", *(path for _, _, path in menu.SCREENS[role][1:] if path != "figure"))
    for role in ("programme", "trust", "group")
}


def main(home: Path, wanted: Collection[str] = (), port: int = 8590) -> int:
    """Measure every screen, or those wanted, and print a line for each; 1 if one is too slow."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\n", encoding="utf-8")
        servers = [server(home, port), server(home, port + 1, empty)]
        try:
            for number in range(len(servers)):
                wait_for(f"http://127.0.0.1:{port + number}/healthz")
            rows = [
                _row(person(home, role), role, page, servers, port)
                for role, pages in SCREENS.items()
                for page in pages
                if not wanted or (page or "first") in wanted
            ]
        finally:
            for process in servers:
                process.terminate()
                process.wait()
    for row in rows:
        for kind in KINDS:
            row[f"{kind}_times_empty"] = round(float(row[f"{kind}_ms"]) / float(row["empty_ms"]), 1)
        print(json.dumps(row))
    over = [row for row in rows if max(float(row[f"{kind}_times_empty"]) for kind in KINDS) > LIMIT]
    named = ", ".join(f"{row['screen']} ({row['role']})" for row in over) or "none"
    print(f"screens over {LIMIT} times an empty page: {named}")
    return int(bool(over))


def _row(
    email: str, role: str, page: str, servers: Sequence[subprocess.Popen[bytes]], port: int
) -> dict[str, object]:
    cookie = f"feeling_safe_demo_person={quote(email, safe='')}"
    full, empty = (f"ws://127.0.0.1:{port + number}" for number in range(2))
    spent, spent_empty = (processor_time(process.pid) for process in servers)
    with Session(full, cookie) as screen, Session(empty, cookie) as nothing:
        first = screen.rerun(page)
        nothing.rerun()
        runs = [
            (
                _run(spent, screen, page),
                _run(spent, screen, page, fresh=True),
                _run(spent_empty, nothing),
            )
            for _ in range(RUNS)
        ]
    if (
        any(run.exceptions for kept, fresh, _ in runs for run in (kept, fresh))
        or first.messages < 5
    ):
        raise SystemExit(f"The screen “{page or 'first'}” of the {role} did not come up.")
    again, fresh, empty_runs = (
        [run.seconds * 1000 for run in kind] for kind in zip(*runs, strict=True)
    )
    return {
        "role": role,
        "screen": page or "(first)",
        "again_ms": round(median(again), 1),
        "again_kb": round(runs[-1][0].size / 1024),
        "fresh_ms": round(median(fresh), 1),
        "fresh_kb": round(runs[-1][1].size / 1024),
        "empty_ms": round(median(empty_runs), 2),
    }


def _run(
    spent: Callable[[], float], session: Session, page: str = "", fresh: bool = False
) -> Rerun:
    """One run of a page, with the processor time that its server needed in place of the wait."""
    before = spent()
    run = session.rerun(page, fresh=fresh)
    time.sleep(SETTLES)
    return replace(run, seconds=spent() - before)


def processor_time(pid: int) -> Callable[[], float]:
    """The seconds of processor time that a process and its threads have used, whenever asked."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise SystemExit("This operating system doesn't give the processor time of a process.")
    return lambda: time.clock_gettime(clock.value)


def person(home: Path, role: str) -> str:
    """The address of one person of a programme who has this role."""
    release = home / "releases" / f"{(home / 'releases' / 'CURRENT').read_text().strip()}.duckdb"
    with duckdb.connect() as connection:
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
        found = connection.execute(
            "SELECT email FROM release.people WHERE role = ? AND valid_to IS NULL ORDER BY email",
            [role],
        ).fetchall()
    return str(found[0][0])


def server(home: Path, port: int, script: Path | None = None) -> subprocess.Popen[bytes]:
    """The dashboard of a programme, or another script on the same tuned server."""
    arguments = [str(home), str(port), *([str(script)] if script else [])]
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVE, *arguments])  # noqa: S603


def wait_for(address: str, seconds: float = 300) -> None:
    """Wait until an address answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
