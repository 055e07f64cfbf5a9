"""This version against another one, in processor time: what a save costs, and everything beside it.

    feeling-safe demo --no-serve --home HOME
    uv run python benchmarks/against.py HOME WORKTREE [PART ...]

WORKTREE is a checkout of the other version, with its own `.venv`. Prints one table, with the goal
for each line. Each version has a copy of HOME, built by itself. Saves and commands of the two
alternate, so that whatever else the machine does falls on both; what counts is the ratio of their
medians. PART is any of `saves`, `large`, `commands`, `scope`, `sessions`, `senders` and `demo`; all
of them if there is none. `sessions` and `senders` need a machine that does nothing else; `large` is
a programme of 1,500 wards and 60 months, made up by each version's own script.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

from saves import KINDS, RUNS

HERE = Path(__file__).parents[1]
_OPENED = re.compile(r"^(?:open|open the scope of [^:]*): (\d+) ms", re.MULTILINE)
_COPIED = re.compile(r"^copy the whole release: (\d+) ms", re.MULTILINE)
_STEP = re.compile(r"^(tables|checks|file) +([\d.]+) s$", re.MULTILINE)
GOALS = {
    "another day, first look": "8 times",
    "a day beside it": "8 times",
    "everything built again": "6 times, at 1,500 × 60",
}
A_SAVE = "20 times"


class Row(NamedTuple):
    """One line of the table; `better` is how many times better this version is."""

    what: str
    there: float
    here: float
    goal: str
    unit: str = " s"

    @property
    def better(self) -> float:
        """A time that is shorter is better, a share of something (no unit) that is larger."""
        return self.there / self.here if self.unit else self.here / self.there


def main(home: Path, other: Path, *parts: str) -> None:
    """Print a line for each thing that is measured, in both versions."""
    print("| what | there | here | times better | goal |\n|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for part in parts or PARTS:
            for row in PARTS[part](home, other, Path(folder)):
                print(_line(row), flush=True)


def _line(row: Row) -> str:
    there, here = (f"{value:.2f}{row.unit}" for value in (row.there, row.here))
    return f"| {row.what} | {there} | {here} | {row.better:.1f} | {row.goal} |"


def _saves(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    """Each kind of save in the one version, then in the other, and so on."""
    with ExitStack() as both:
        asked = [both.enter_context(_asked(code, home)) for code in (other, HERE)]
        for kind in KINDS:
            took = [[_save(version, kind) for version in asked] for _ in range(RUNS)]
            there, here = (median(times) for times in zip(*took, strict=True))
            yield Row(kind, there, here, GOALS.get(kind, A_SAVE))


def _asked(code: Path, home: Path) -> subprocess.Popen[str]:
    """A process of a version that saves what it is asked to, with the script of this one."""
    script = str(HERE / "benchmarks" / "saves.py")
    process = subprocess.Popen(  # noqa: S603
        [_program(code, "python"), script, str(home), "--asked"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=code,
        env=os.environ | {"PYTHONPATH": str(code)},
    )
    if process.stdout.readline().strip() != "ready":
        raise SystemExit(f"{code} could not be prepared.")
    return process


def _save(version: subprocess.Popen[str], kind: str) -> float:
    version.stdin.write(f"{kind}\n")
    version.stdin.flush()
    return float(version.stdout.readline())


def _large(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    """A release of a large programme, and one upon it, where a version takes anything over."""
    there, here = _releases(other), _releases(HERE)
    yield Row("everything built, 1,500 × 60", there[0], here[0], "6 times")
    yield Row("a return sent again, 1,500 × 60", there[-1], here[-1], "20 times; 1 s")


def _releases(code: Path) -> list[float]:
    """Processor seconds of each release that a version's script for large programmes makes."""
    script = str(code / "benchmarks" / "large_programme.py")
    timed = "time.perf_counter = time.process_time"  # the script prints seconds on the clock
    run = f"import runpy, sys, time; {timed}; sys.argv = [{script!r}]"
    said = _said(
        [_program(code, "python"), "-c", f"{run}; runpy.run_path({script!r}, None, '__main__')"],
        code,
    )
    took = [dict(_STEP.findall(part)) for part in said.split("correct")]
    return [sum(float(steps[name]) for name in ("tables", "checks", "file")) for steps in took]


def _commands(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    """What commands cost that only say something."""
    for words, goal in ((("--help",), "0.3 s"), (("status", "--home"), "0.5 s")):
        took: dict[Path, list[float]] = {other: [], HERE: []}
        for _ in range(RUNS):
            for code, times in took.items():
                said = (*words, str(_built(code, home, folder))) if "--home" in words else words
                times.append(_cost([_program(code, "feeling-safe"), *said]))
        yield Row(f"`{words[0]}`", *(median(times) for times in took.values()), goal)


def _scope(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    def share(code: Path) -> float:
        said = _run(code, "open_scope.py", _built(code, home, folder))
        return int(_OPENED.search(said)[1]) / int(_COPIED.search(said)[1])

    what = "a trust's scope, of copying the release"
    yield Row(what, share(other), share(HERE), "5 times; 0.15", " of it")


def _sessions(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    def shares(code: Path) -> dict[int, float]:
        said = _run(code, "load.py", _built(code, home, folder))
        rows = [json.loads(line) for line in said.splitlines()]
        return {
            row["sessions"]: row["reruns_a_second"] / row["empty_reruns_a_second"] for row in rows
        }

    there, here = shares(other), shares(HERE)
    for sessions in there:
        goal = "0.40" if sessions == 100 else ""
        what = f"reruns of {sessions} sessions, of an empty page's"
        yield Row(what, there[sessions], here[sessions], goal, "")


def _senders(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    said = _run(HERE, "many_senders.py", home, other)
    here, there = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    for what, name, goal, each in (
        ("60 senders at once, reply, p95", "reply_p95_s", "5 s", 1),
        ("`/healthz` meanwhile, p99", "healthz_p99_ms", "0.1 s", 1000),
        ("all of it in use", "in_use_s", "", 1),
    ):
        yield Row(what, there[name] / each, here[name] / each, goal)


def _demo(home: Path, other: Path, folder: Path) -> Iterator[Row]:
    def cost(code: Path) -> float:
        made = folder / f"demo of {code.name}"
        return _cost([_program(code, "feeling-safe"), "demo", "--no-serve", "--home", str(made)])

    yield Row("the demo made", cost(other), cost(HERE), "3 times")


def _built(code: Path, home: Path, folder: Path) -> Path:
    """A copy of a home whose release this version built."""
    copy = folder / code.resolve().name
    if not copy.exists():
        shutil.copytree(home, copy)
        subprocess.run(  # noqa: S603
            [_program(code, "feeling-safe"), "build", "--home", str(copy)],
            check=True,
            capture_output=True,
        )
    return copy


def _cost(command: list[str]) -> float:
    """Processor seconds of a command and of whatever it starts."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def _run(code: Path, script: str, *arguments: Path) -> str:
    """What a version's own benchmark prints, which is shown as well."""
    return _said([_program(code, "python"), f"benchmarks/{script}", *map(str, arguments)], code)


def _said(command: list[str], code: Path) -> str:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=code) as process:  # noqa: S603
        lines = []
        for line in process.stdout:
            print(f"  {code.name}: {line}", end="", file=sys.stderr, flush=True)
            lines.append(line)
    return "".join(lines)


def _program(code: Path, name: str) -> str:
    return str(code / ".venv" / "bin" / name)


PARTS: dict[str, Callable[[Path, Path, Path], Iterator[Row]]] = {
    "saves": _saves,
    "large": _large,
    "commands": _commands,
    "scope": _scope,
    "demo": _demo,
    "sessions": _sessions,
    "senders": _senders,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), *sys.argv[3:])
