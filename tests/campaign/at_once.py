"""Sends the returns of many trusts at once from several processes, and counts what is kept.

    uv run python -m tests.campaign.at_once --trusts 60 --returns 10

Every trust's month is sent so many times, each time with other figures, by processes and threads
that all begin together. Versions must have no gaps, every receipt must fit its file and its line of
the chain, and the archive must verify. Prints counts; exits with 1 if anything is wrong.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import BrokenBarrierError

import polars as pl

from pipelines.accepting.submission import Arrival
from pipelines.keeping import chain
from pipelines.keeping.chain_checks import missing
from pipelines.keeping.home import Home, create_home
from pipelines.receipt_check import check_receipt, known_line
from pipelines.submit import submit
from pipelines.verify_home import verify
from schemas.receipts import Link
from tests import worlds

PROCESSES, THREADS = 3, 4
LONGEST = 1800  # seconds; a process that died would be waited for without end
BEHIND = "There is no release in use"
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.worlds", "pipelines.receipt_check"])
Sent = tuple[str, int, str]  # the trust, which of its returns, and the receipt as JSON


@dataclass
class Counts:
    """How many returns were sent at once and have a receipt, and a line for all that is wrong."""

    receipts: int = 0
    wrong: list[str] = field(default_factory=list)


def codes(trusts: int) -> list[str]:
    """The fictional trusts, of which there are 99."""
    return [f"Z{number:02}" for number in range(1, trusts + 1)]


def world(root: Path, trusts: int) -> Home:
    """A home with so many trusts of one ward each, and no return."""
    frames = worlds.register_frames(
        trusts=pl.DataFrame([worlds.trust_row(code) for code in codes(trusts)]),
        wards=pl.DataFrame([worlds.ward_row(code, _ward(code)) for code in codes(trusts)]),
    )
    return create_home(root, worlds.programme(), frames, worlds.TEAM, worlds.START)


def campaign(root: Path, trusts: int, returns: int, control: bool = False) -> Counts:
    """Send every return at once; as a `control`, nobody waits for a turn to use the chain."""
    home, counts = world(root / "home", trusts), Counts()
    begin, kept = _PROCESSES.Barrier(PROCESSES), _PROCESSES.Queue()
    first_two = _PROCESSES.Barrier(2) if control else None
    senders = [
        _PROCESSES.Process(
            target=_send_all,
            args=(home.root, trusts, range(number, returns, PROCESSES), begin, kept, first_two),
            daemon=True,
        )
        for number in range(PROCESSES)
    ]
    for sender in senders:
        sender.start()
    sent: list[Sent] = []
    for _ in senders:
        theirs, wrong = kept.get(timeout=LONGEST)
        sent += theirs
        counts.wrong += wrong
    for sender in senders:
        sender.join()
    counts.receipts = len(sent)
    counts.wrong += _wrong(home, trusts, returns, sent)
    return counts


def _wrong(home: Home, trusts: int, returns: int, sent: list[Sent]) -> Iterator[str]:
    numbers: dict[str, list[int]] = {code: [] for code in codes(trusts)}
    for receipt in home.archive.receipts():
        numbers[receipt.trust_code].append(receipt.version)
    for code, versions in numbers.items():
        if versions != list(range(1, returns + 1)):
            yield f"{code} has versions {versions}, and not 1 to {returns}."
    for code, number, given in sent:
        found = check_receipt(given.encode(), _file(code, number))
        yield from (f"{code} {number}: {each.sentence}" for each in found if not each.holds)
        if json.loads(given)["proof"]:
            known = known_line(given.encode(), f"Receipt {code} {number}")
            yield from missing(home.archive.root, [known])
    yield from (said for said in verify(home) if not said.startswith(BEHIND))


def _send_all(root: Path, trusts: int, numbers: range, begin, kept, first_two) -> None:
    """What one of the processes does."""
    home = Home(root)
    if first_two:
        _nobody_waits(first_two)

    def send(what: tuple[str, int]) -> Sent | str:
        code, number = what
        try:
            arrival = Arrival(
                _file(code, number),
                f"{code}.zip",
                worlds.LEAD,
                worlds.received(worlds.FIRST),
                {"*": "Checked with the ward"},
            )
            receipt = submit(home, arrival).receipt
            if receipt is None:
                return f"{code} {number} got no receipt."
            return code, number, json.dumps(home.archive.given(receipt))
        except Exception as error:
            return f"{code} {number}: {type(error).__name__}: {error}"

    with ThreadPoolExecutor(THREADS) as threads:
        begin.wait()
        came = list(threads.map(send, [(c, n) for c in codes(trusts) for n in numbers]))
    kept.put(
        (
            [each for each in came if not isinstance(each, str)],
            [each for each in came if isinstance(each, str)],
        )
    )


def _file(code: str, number: int) -> bytes:
    """The so manyth return of a trust: the same month, and other bed days each time."""
    month, ward = worlds.FIRST, _ward(code)
    return worlds.return_file(
        code,
        month,
        monthly=[worlds.monthly_row(ward, month, occupied_bed_days=400 + number)],
        charter=[worlds.charter_row(ward, month)],
        standards=worlds.standards_rows(ward),
    )


def _ward(code: str) -> str:
    return f"WARD{code}"


def _nobody_waits(first_two) -> None:
    """A control: a process writes to the chain whether it is its turn or not.

    The first two that come to it, in whichever processes, have read the same last line before
    they go on. Every process sends for two trusts at first, so two come, whoever has those locks.
    """

    @contextmanager
    def turn(root: Path) -> Iterator[None]:
        yield

    real = chain._next

    def at_once(*about: object) -> Link:
        with suppress(BrokenBarrierError):
            first_two.wait(LONGEST)
            first_two.abort()
        return real(*about)

    chain.turn, chain._next = turn, at_once  # type: ignore[assignment]


def main() -> int:
    """Run the campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--trusts", type=int, default=60)
    asked.add_argument("--returns", type=int, default=10)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = campaign(Path(folder), options.trusts, options.returns)
    print(
        f"At once: {options.trusts} trusts × {options.returns} returns by {PROCESSES} processes of "
        f"{THREADS} threads; {counts.receipts:,} receipts, {len(counts.wrong)} wrong."
    )
    print(*counts.wrong, sep="\n")
    return 1 if counts.wrong or counts.receipts != options.trusts * options.returns else 0


if __name__ == "__main__":
    sys.exit(main())
