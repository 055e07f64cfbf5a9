"""Opens every screen, file and address of the API as everyone at once, and looks for other trusts.

    python -m tests.campaign.scope

Every trust of the small release has names and numbers of its own. A trust lead of each of two
trusts, a region, somebody whose access has ended and somebody unknown each open every screen in a
tab of their own, all at the same time, by addresses that name other trusts, wards and their own.
Then each orders every file, in every kind and for every audience, about everyone; and reads the
figures of everyone by program. Prints counts; exits with 1 if anything of another trust was found.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import get_args
from urllib.parse import quote, urlencode

import httpx
import polars as pl
import pytest

from dashboard import access, server, token_holders
from dashboard.exports.order import Order
from dashboard.page import session
from dashboard.screens import menu
from pipelines.keeping.home import Home, create_home
from pipelines.keeping.tokens import NewToken, TokenError
from pipelines.releasing import builder
from schemas.disclosure import Audience
from tests import worlds
from tests.campaign.service import PATIENCE, served, shown, tab
from tests.dashboard import tiny_release
from tests.dashboard.exports import drawing
from tests.dashboard.tiny_release import NAMES, TODAY, WARDS, found
from tests.ports import free_port
from tests.promises.ordered import MEASURED, OWN, kinds_of_order, known_to, place, taken

PATHS = ["", *sorted({path for screens in menu.SCREENS.values() for _, _, path in screens})]
UNITS = [*product(NAMES, [None]), *((ward[:3], ward) for ward in WARDS)]
# The id of a tab or a run, drawn by chance: four digits of it are nobody's number.
RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TEAM = "team@example.org"


@dataclass
class Counts:
    """How many screens, files and answers were looked at, and what they told of other trusts."""

    looked_at: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def look(self, what: str, email: str, said: str, about: object) -> None:
        self.looked_at[what] += 1
        words = found(said, OWN[email])
        self.told += [f"{what} {about}, as {email}, tells {words}"] if words else []


def made(root: Path) -> Home:
    """A home with the small release in use, and a register of the same people."""
    people = [
        worlds._person(email, name, role, trusts)
        for email, (name, role, trusts, ends) in tiny_release.PEOPLE.items()
        if ends is None
    ]
    types = {"trusts": pl.String, "valid_to": pl.Date}
    frames = worlds.register_frames(
        trusts=pl.DataFrame([worlds.trust_row(code) for code in NAMES]),
        wards=pl.DataFrame([worlds.ward_row(*ward.split("-")) for ward in WARDS]),
        access=pl.DataFrame(people, schema_overrides=types),
    )
    home = create_home(root, worlds.programme(), frames, _TEAM, worlds.START)
    tiny_release.write(root)
    return home


def screens(home: Home, paths: list[str], counts: Counts, control: bool = False) -> Counts:
    """Everyone opens every screen at once; as a `control`, all are taken for the team."""
    port, people = free_port(), list(OWN)
    with ExitStack() as open_tabs:
        open_tabs.enter_context(served("tests.campaign.scope", home.root, port, control))
        tabs = {
            email: open_tabs.enter_context(tab(port, f"{session.PERSON}={quote(email, safe='')}"))
            for email in people
        }
        threads = open_tabs.enter_context(ThreadPoolExecutor(len(people)))

        def see(email: str, path: str, query: str) -> bytes:
            sent = shown(tabs[email], path, query)  # the address itself comes back as it was typed
            return b"".join(
                m.SerializeToString() for m in sent if not m.HasField("page_info_changed")
            )

        for path, unit in product(paths, UNITS):
            query = _by_hand(*unit)
            seen = {email: threads.submit(see, email, path, query) for email in people}
            for email, sent in seen.items():
                content = RUN.sub("", sent.result(timeout=PATIENCE).decode("utf-8", "replace"))
                counts.look("screen", email, content, f"{path or '/'}?{query}")
    return counts


def files(home: Home, counts: Counts) -> Counts:
    """Everyone orders every file about everyone."""
    with pytest.MonkeyPatch.context() as patch:
        drawn = drawing.watch(patch)
        for email, audience in product([e for e, own in OWN.items() if own], get_args(Audience)):
            known = known_to(home.root, email)
            for what, kind in kinds_of_order():
                units = [(None, None), *(unit for trust in NAMES for unit in place(trust))]
                for unit, measure in product(units, MEASURED.get(what, (None,))):
                    order = Order(what, audience, kind, *unit, measure=measure)
                    said = taken(known, order, drawn)
                    if said is None:
                        counts.looked_at["file refused"] += 1
                    else:
                        counts.look("file", email, said, order)
    return counts


def figures(home: Home, counts: Counts) -> Counts:
    """Everyone who can have a token reads everyone's figures by program."""
    now, port = worlds.received(worlds.LAST), free_port()
    with served("tests.campaign.scope", home.root, port, False):
        for email in OWN:
            new = NewToken("Campaign", email, (), ("figures",))
            try:
                _, token = token_holders.issue(home, new, _TEAM, now)
            except TokenError:
                counts.looked_at["token refused"] += 1
                continue
            for query in _asked():
                answer = httpx.get(
                    f"http://127.0.0.1:{port}/api/v1/figures?{query}",
                    headers={"authorization": f"Bearer {token}"},
                    timeout=PATIENCE,
                )
                counts.look("answer of the API", email, answer.text, query)
    return counts


def serve(home: str, port: str, control: str) -> None:
    """What the process of the service does: nothing is built, and it is always the same day."""
    builder.Builder.ask = lambda self: None  # type: ignore[assignment]
    session.today = lambda: TODAY
    if control:
        _everyone_is_the_team()
    server.serve(Path(home), port=int(port))


def _everyone_is_the_team() -> None:
    real = access.resolve

    def resolve(email, people, today):
        scope = real(email, people, today)
        return replace(real(_TEAM, people, today), email=scope.email) if scope else None

    access.resolve = resolve


def _by_hand(trust: str, ward: str | None) -> str:
    about = {"trust": trust, "ward": ward, "asked": trust, "unit": ward or trust}
    about |= {"level": "ward" if ward else "trust", "measure": "SS-I8", "month": "2026-03"}
    about |= {"version": "1", "traced": "SS-O1", "for": "programme", "what": "sheets", "as": "csv"}
    about |= {"changed-trust": trust, "changed-measure": "SS-I8", "group": "acute-female"}
    return urlencode({name: value for name, value in about.items() if value})


def _asked() -> Iterator[str]:
    units = [{}, *({"trust": code} for code in NAMES), *({"ward": ward} for ward in WARDS)]
    for unit, sharing, form in product(units, ("true", "false"), ("json", "csv")):
        yield urlencode({**unit, "sharing": sharing, "format": form, "measure": "SS-I1"})


def main() -> int:
    """Run the campaign, and print its counts."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        home = made(Path(folder) / "home")  # what came until it is interrupted is printed
        figures(home, counts)
        screens(home, PATHS, counts)
        files(home, counts)
    print(f"Scope: {dict(counts.looked_at)}; {len(counts.told)} told something of another trust.")
    print(*counts.told, sep="\n")
    return 1 if counts.told else 0


if __name__ == "__main__":
    sys.exit(main())
