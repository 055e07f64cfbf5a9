"""Many returns sent at once over the API: how long each waits, and everyone else meanwhile.

    feeling-safe demo --no-serve --home HOME
    uv run python benchmarks/many_senders.py HOME [WORKTREE ...]

Serves a copy of HOME, sends SENDERS different versions of the newest returns at the same moment,
and asks /healthz all the time. With worktrees of other versions (each with its own `.venv`), the
same is done to each in turn, and the last lines are ratios. Whoever has no reply after PATIENCE
counts with that many seconds.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx
import polars as pl
from saves import changed

from pipelines.keeping.home import Home

SENDERS, PATIENCE = 60, 180.0
HERE, PORT = Path(__file__).parents[1], 8570


def main(home: Path, *others: str) -> None:
    """Measure this version and the others, one after the other."""
    measured = {}
    for number, code in enumerate([HERE, *map(Path, others)]):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(home, Path(folder) / "home"))
            _run(code, "build", "--home", str(copy))
            senders = _senders(code, copy)
            with _serving(code, copy, PORT + number) as address:
                measured[code] = asyncio.run(_measure(address, senders))
            measured[code]["releases_built"] = _built(copy)
        print(json.dumps({"code": code.name} | measured[code]), flush=True)
    for code in list(measured)[1:]:
        for what in ("reply_p50_s", "reply_p95_s", "healthz_p99_ms", "in_use_s"):
            before, now = measured[code][what], measured[HERE][what]
            print(f"{what}: {before / now:.1f} times less than {code.name}")


def _senders(code: Path, home: Path) -> list[tuple[str, str, bytes]]:
    """A token, a file name and a file for each sender."""
    kept = Home(home)
    access = kept.archive.register().access.sort("email")
    people = access.filter(pl.col("valid_to").is_null(), role="trust")
    found = []
    for email, trusts in people.select("email", "trusts").iter_rows():
        trust = trusts.split()[0]
        about = ("--name", "Benchmark", "--trust", trust, "--json", "--home", str(home))
        token = json.loads(_run(code, "token", "issue", email, *about))["token"]
        active = [r for r in kept.archive.entries().active if r.trust_code == trust]
        newest = max(active, key=lambda receipt: receipt.month)
        found.append((token, newest.filename, kept.archive.original(newest).read_bytes()))
    return [
        (token, name, changed(content, 1 + number))
        for number in range(SENDERS)
        for token, name, content in [found[number % len(found)]]
    ]


async def _measure(address: str, senders: list[tuple[str, str, bytes]]) -> dict[str, object]:
    waits: list[float] = []
    done = asyncio.Event()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:
        watching = asyncio.create_task(_watch(address, waits, done))
        began = time.perf_counter()
        replies = await asyncio.gather(*(_send(client, *each) for each in senders))
        newest = [reply for reply in replies if reply][-1:]
        for _, release in newest:
            await _until_in_use(client, release)
        in_use = time.perf_counter() - began
        done.set()
        await watching
    times = [seconds for seconds, _ in filter(None, replies)] or [PATIENCE]
    times += [PATIENCE] * (len(senders) - len(times))
    return {
        "answered": len([reply for reply in replies if reply]),
        "reply_p50_s": round(median(times), 2),
        "reply_p95_s": round(quantiles(times, n=20)[-1], 2),
        "healthz_p99_ms": round(quantiles(waits, n=100)[-1] * 1000) if len(waits) > 1 else None,
        "healthz_longest_ms": round(max(waits) * 1000),
        "in_use_s": round(in_use, 1),
    }


async def _send(
    client: httpx.AsyncClient, token: str, name: str, content: bytes
) -> tuple[float, tuple[str, str]] | None:
    headers, began = {"authorization": f"Bearer {token}"}, time.perf_counter()
    try:
        reply = await client.post(
            "/api/v1/returns",
            headers=headers,
            files={"file": (name, content)},
            data={"answers": '{"*": "Checked with the ward"}'},
        )
    except httpx.TimeoutException:
        return None
    reply.raise_for_status()
    return time.perf_counter() - began, (token, reply.headers["location"])


async def _until_in_use(client: httpx.AsyncClient, about: tuple[str, str]) -> None:
    """Wait until the figures of a return are in use; earlier versions reply only when they are."""
    token, location = about
    while True:
        reply = await client.get(
            f"{location}/figures", headers={"authorization": f"Bearer {token}"}
        )
        if reply.status_code == 404 or reply.json()["state"] == "in use":
            return
        await asyncio.sleep(0.1)


async def _watch(address: str, waits: list[float], done: asyncio.Event) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        while not done.is_set():
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)


def _built(home: Path) -> int:
    """How many releases there are beside the one before; the oldest are deleted after ten."""
    return len(list((home / "releases").glob("*.duckdb"))) - 1


def _run(code: Path, *arguments: str) -> str:
    command = [str(code / ".venv" / "bin" / "feeling-safe"), *arguments]
    return subprocess.run(  # noqa: S603 - this program
        command, check=True, capture_output=True, text=True, cwd=code
    ).stdout


@contextmanager
def _serving(code: Path, home: Path, port: int) -> Iterator[str]:
    limits = {f"FEELING_SAFE_LIMIT_{kind}": "100000 per minute" for kind in ("API", "API_ADDRESS")}
    program = str(code / ".venv" / "bin" / "feeling-safe")
    command = [program, "serve", "--home", str(home), "--port", str(port), "--no-open"]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603 - this program
        command, cwd=code, env=os.environ | limits
    )
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/healthz").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        time.sleep(5)  # what the start still does must not count
        yield address
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
