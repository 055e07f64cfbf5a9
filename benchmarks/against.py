"""This version against another one: a trust's scope, many senders, and sessions without pause.

    feeling-safe demo --no-serve --home HOME
    uv run python benchmarks/against.py HOME WORKTREE

WORKTREE is a checkout of the other version, with its own `.venv`. Each has a copy of HOME, built by
itself, and its own benchmarks measure it: first the one, then the other, on the same machine.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[1]
_OPENED = re.compile(r"^(?:open|open the scope of [^:]*): (\d+) ms", re.MULTILINE)
_COPIED = re.compile(r"^copy the whole release: (\d+) ms", re.MULTILINE)


def main(home: Path, other: Path) -> None:
    """Print a line for each thing that is measured, in both versions."""
    print("| what | there | here | ratio |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for what, measure in (("a trust's scope, of copying the release", _scope),):
            there, here = (measure(code, home, Path(folder)) for code in (other, HERE))
            print(f"| {what} | {there:.2f} | {here:.2f} | {there / here:.1f} |", flush=True)
        there, here = (_sessions(code, home, Path(folder)) for code in (other, HERE))
        for sessions in there:
            row = f"| reruns of {sessions} sessions, of an empty page's"
            print(
                f"{row} | {there[sessions]:.2f} | {here[sessions]:.2f} "
                f"| {here[sessions] / there[sessions]:.1f} |",
                flush=True,
            )
    _run(HERE, "many_senders.py", home, other)


def _scope(code: Path, home: Path, folder: Path) -> float:
    said = _run(code, "open_scope.py", _built(code, home, folder))
    return int(_OPENED.search(said)[1]) / int(_COPIED.search(said)[1])


def _sessions(code: Path, home: Path, folder: Path) -> dict[int, float]:
    said = _run(code, "load.py", _built(code, home, folder))
    rows = [json.loads(line) for line in said.splitlines()]
    return {row["sessions"]: row["reruns_a_second"] / row["empty_reruns_a_second"] for row in rows}


def _built(code: Path, home: Path, folder: Path) -> Path:
    """A copy of a home whose release this version built."""
    copy = folder / code.resolve().name
    if not copy.exists():
        shutil.copytree(home, copy)
        program = str(code / ".venv" / "bin" / "feeling-safe")
        subprocess.run([program, "build", "--home", str(copy)], check=True, capture_output=True)  # noqa: S603
    return copy


def _run(code: Path, script: str, *arguments: Path) -> str:
    """What a version's own benchmark prints, which is shown as well."""
    command = [str(code / ".venv" / "bin" / "python"), f"benchmarks/{script}", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=code) as process:  # noqa: S603
        lines = []
        for line in process.stdout:
            print(f"  {code.name}, {script}: {line}", end="", file=sys.stderr, flush=True)
            lines.append(line)
    return "".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
