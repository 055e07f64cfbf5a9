"""How long each screen takes to run again, against an empty page of the same tuned server.

    uv run python benchmarks/screens.py HOME

HOME is a fictional programme (`feeling-safe demo --no-serve --home HOME`). Both servers run side
by side, each run of a screen is followed by one of the empty page, and what counts is the ratio of
a screen's median to that of all runs of the empty page: the machine may be as slow or as busy as it
likes. Each screen is timed twice: run again, as a browser does that has kept the charts and tables
of its last runs, and anew, as for a browser that has kept nothing. The limit for both is ten times.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote
from urllib.request import urlopen

import duckdb
from session import Session

LIMIT = 10
RUNS = 15
SERVE = """
import sys
from pathlib import Path
from dashboard import server
if sys.argv[3:]:
    server.SCRIPT = Path(sys.argv[3])
server.serve(Path(sys.argv[1]), port=int(sys.argv[2]))
"""
SCREENS = {
    "programme": (
        "",
        "compare",
        "ward",
        "incidents",
        "charters",
        "returns",
        "register",
        "take-away",
        "about",
    ),
    "trust": ("", "our-wards", "ward", "peers", "send", "take-away", "about"),
}


def main(home: Path, port: int = 8590) -> int:
    """Measure every screen and print a line for each; 1 if one is over the limit."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\n", encoding="utf-8")
        servers = [server(home, port), server(home, port + 1, empty)]
        try:
            for number in range(len(servers)):
                wait_for(f"http://127.0.0.1:{port + number}/healthz")
            rows = [
                _row(home, role, page, f"ws://127.0.0.1:{port}", f"ws://127.0.0.1:{port + 1}")
                for role, pages in SCREENS.items()
                for page in pages
            ]
        finally:
            for process in servers:
                process.terminate()
                process.wait()
    empty_ms = median(run for row in rows for run in row.pop("empty_runs"))
    for row in rows:
        for kind in ("again", "anew"):
            row[f"{kind}_times_empty"] = round(row[f"{kind}_ms"] / empty_ms, 1)
        print(json.dumps(row))
    print(f"an empty page: {empty_ms:.1f} ms")
    worst = {kind: max(row[f"{kind}_times_empty"] for row in rows) for kind in ("again", "anew")}
    print(f"slowest screen, in times an empty page (limit {LIMIT}): {json.dumps(worst)}")
    return int(max(worst.values()) > LIMIT)


def _row(home: Path, role: str, page: str, full: str, empty: str) -> dict[str, object]:
    cookie = f"feeling_safe_demo_person={quote(person(home, role), safe='')}"
    with Session(full, cookie) as screen, Session(empty, cookie) as nothing:
        first = screen.rerun(page)
        nothing.rerun()
        runs = [
            (screen.rerun(page), screen.rerun(page, anew=True), nothing.rerun())
            for _ in range(RUNS)
        ]
    if any(run.exceptions for kept, anew, _ in runs for run in (kept, anew)) or first.messages < 5:
        raise SystemExit(f"The screen “{page or 'first'}” of the {role} did not come up.")
    again, anew, empty_runs = (
        [run.seconds * 1000 for run in kind] for kind in zip(*runs, strict=True)
    )
    return {
        "role": role,
        "screen": page or "(first)",
        "first_ms": round(first.seconds * 1000),
        "again_ms": round(median(again), 1),
        "again_p95_ms": round(quantiles(again, n=20)[-1], 1),
        "again_kb": round(runs[-1][0].size / 1024),
        "anew_ms": round(median(anew), 1),
        "anew_kb": round(runs[-1][1].size / 1024),
        "empty_runs": empty_runs,
    }


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


def wait_for(address: str, seconds: float = 60) -> None:
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
    sys.exit(main(Path(sys.argv[1])))
