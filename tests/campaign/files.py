"""Sends mutated and built files through the real command, the screen's check and the API.

    python -m tests.campaign.files --files 10000 --seed 1

Every file must get a result with a sentence for each finding: the command exits with 0 to 3 and
prints it, the API answers with a status it documents, and nothing falls over. Prints what came of
how many, and the most memory and processor time that one file took in the process that checked it;
exits with 1 if anything was unexpected.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

import httpx

from dashboard import token_holders
from dashboard.api.application import application
from pipelines.accepting.preview import preview
from pipelines.keeping.home import Home
from pipelines.keeping.tokens import NewToken
from pipelines.keeping.uploads import Upload
from pipelines.releasing.builder import Builder, Built
from pipelines.workbooks.template import filled
from tests import worlds
from tests.campaign.built_files import BUILT
from tests.campaign.costs import Costs
from tests.campaign.interrupted import until_interrupted
from tests.campaign.mutated_files import mutated
from tests.dashboard.asgi import run

LAST = worlds.FIRST + 2
NEXT = LAST + 1
AT = worlds.received(NEXT)
AT_A_TIME = 100  # files that one command is given
EXITS = (0, 1, 2, 3)
STATUSES = (200, 400, 403, 413, 422)
MOST_MEMORY, MOST_SECONDS = 150, 3.0  # of one file: MB, and seconds of processor

Named = tuple[str, bytes]


@dataclass
class Came:
    """What came of the files: how many of each result, and a line for each unexpected one."""

    counts: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    costs: Costs = field(default_factory=Costs)

    def note(self, way: str, result: object, name: str, expected: bool) -> None:
        self.counts[f"{way}: {result}"] += 1
        if not expected:
            self.unexpected.append(f"{way}: {name} came to {result}")


def built(each: int = 1) -> Iterator[Named]:
    """Every built file, or one of each so many."""
    for name in list(BUILT)[::each]:
        yield f"built, {name}", BUILT[name]()


def drawn(home: Home, number: int, seed: int) -> Iterator[Named]:
    """So many mutated files, the same for the same seed."""
    chance, good = random.Random(seed), _good(home)  # noqa: S311 - chance that repeats is wanted
    for place in range(number):
        yield f"mutated, number {place}", mutated(chance.choice(good), chance)


def campaign(home: Home, sent: Iterator[Named], came: Came) -> Came:
    """Send each file one of three ways, and every built file all three."""
    ways = (_screen, _Api(home).send)
    waiting: list[Named] = []
    for place, (name, content) in enumerate(sent):
        is_built = name.startswith("built")
        for number, way in enumerate(ways):
            if is_built or place % 3 == number:
                way(home, name, content, came)
        if is_built or place % 3 == len(ways):
            waiting.append((name, content))
        if len(waiting) == AT_A_TIME:
            _command(home, waiting, came)
            waiting.clear()
    _command(home, waiting, came)
    return came


def _screen(home: Home, name: str, content: bytes, came: Came) -> None:
    try:
        upload = Upload("return.xlsx", content, AT)
        work = partial(preview, home, upload, AT, frozenset({"Z01"}))
        look = came.costs.lowest(name, work, MOST_MEMORY)
    except Exception as error:
        came.note("screen", type(error).__name__, name, expected=False)
        return
    told = all(problem.message and problem.fix for problem in look.checked.problems)
    came.note("screen", look.checked.outcome, name, expected=told)


class _Api:
    """Sends files to be checked by the API, as a program does."""

    def __init__(self, home: Home) -> None:
        about = NewToken(name="Campaign", holder=worlds.LEAD, trusts=(), may=("send", "read"))
        self._token = token_holders.issue(home, about, worlds.TEAM, AT)[1]
        builder = Builder(lambda now: Built("a-release"), lambda: AT)
        self._app = application(home.root, lambda: AT, builder)

    def send(self, home: Home, name: str, content: bytes, came: Came) -> None:
        answer = run(self._sent(content))
        says = answer.json() if answer.headers["content-type"].endswith("json") else {}
        told = bool(says.get("detail") or "problems" in says)
        came.note("API", answer.status_code, name, answer.status_code in STATUSES and told)

    async def _sent(self, content: bytes) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(
                "/v1/returns",
                headers={"authorization": f"Bearer {self._token}"},
                files={"file": ("return.xlsx", content)},
                data={"check_only": "true"},
            )


def _command(home: Home, waiting: list[Named], came: Came) -> None:
    if not waiting:
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{place}.bin" for place in range(len(waiting))]
        for path, (_, content) in zip(paths, waiting, strict=True):
            path.write_bytes(content)
        program = Path(sys.executable).with_name("feeling-safe")
        ended = subprocess.run(
            [program, "check", *paths, "--home", home.root, "--json"],
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # Ctrl-C is for the campaign
        )
    if ended.returncode not in EXITS or not ended.stdout or ended.stderr:
        came.note("command", f"exit {ended.returncode}", f"{waiting[0][0]} and others", False)
        return
    results = json.loads(ended.stdout)
    for (name, _), found in zip(
        waiting, results if isinstance(results, list) else [results], strict=True
    ):
        told = all(problem["message"] and problem["fix"] for problem in found["problems"])
        came.note("command", found["outcome"], name, expected=told)


def _good(home: Home) -> list[bytes]:
    """The next return of Z01 as a workbook, as CSV files, and as one CSV file."""
    wards = worlds.WARDS["Z01"]
    rows = {"monthly": [worlds.monthly_row(ward, NEXT) for ward in wards]}
    rows["cover"] = [worlds.cover_row("Z01", NEXT)]
    workbook = filled(home.programme, home.archive.register(), "Z01", NEXT, rows)
    names = ["trust_code", *rows["monthly"][0]]
    lines = [["Z01", *map(str, row.values())] for row in rows["monthly"]]
    alone = "\n".join(",".join(line) for line in [names, *lines]).replace("None", "")
    return [workbook, worlds.return_file("Z01", NEXT), alone.encode()]


def main() -> int:
    """Run a campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--files", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--built", action=argparse.BooleanOptionalAction, default=True)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = worlds.small_world(Path(folder) / "home", worlds.FIRST, LAST)
        came = Came()
        sent = chain(built() if options.built else (), drawn(home, options.files, options.seed))
        campaign(home, until_interrupted(sent), came)
    for result, number in sorted(came.counts.items()):
        print(f"{number:7,}  {result}")
    print(f"Most memory: {came.costs.memory}; most processor time: {came.costs.processor}.")
    print(*came.unexpected or ["Nothing was unexpected."], sep="\n")
    over = came.costs.over(MOST_MEMORY, MOST_SECONDS)
    print(*over or [f"No file took more than {MOST_MEMORY} MB or {MOST_SECONDS:g} s."], sep="\n")
    return 1 if came.unexpected or over else 0


if __name__ == "__main__":
    sys.exit(main())
