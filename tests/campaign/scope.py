"""Opens every screen, file and address of the API as everyone at once, and looks for other trusts.

    python -m tests.campaign.scope

Every trust of the small release has names and numbers of its own. A trust lead of each of two
trusts, a region, a reader of a group, somebody whose access has ended and somebody unknown each
open every screen in a tab of their own, all at the same time, by addresses that name other trusts,
wards, groups and their own. Then each orders every file, in every kind and for every audience,
about everyone; asks for everyone's pack to be sent; and reads the figures of everyone by program.
Prints counts; exits with 1 if anything of another trust was found.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from itertools import product
from pathlib import Path
from typing import get_args
from urllib.parse import quote, urlencode

import httpx
import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard import access, server, subscriptions, token_holders
from dashboard.cli.app import app
from dashboard.exports.order import OF_GROUPS, Order
from dashboard.page import session
from dashboard.screens import menu
from pipelines.keeping.home import Home, create_home
from pipelines.keeping.tokens import NewToken, TokenError
from pipelines.releasing import builder
from schemas.disclosure import Audience
from schemas.tokens import SENDING
from tests import worlds
from tests.campaign.service import PATIENCE, api_addresses, served, shown, tab
from tests.dashboard import tiny_release
from tests.dashboard.exports import drawing
from tests.dashboard.exports.inside import texts
from tests.dashboard.tiny_release import NAMES, TODAY, WARDS, found
from tests.ports import free_port
from tests.promises.ordered import EVERYONE, MEASURED, kinds_of_order, known_to, place, taken

PATHS = ["", *menu.PATHS]
UNITS = [*product(NAMES, [None]), *((ward[:3], ward) for ward in WARDS)]
GROUPS = ("SOUTH", "Y56")  # the second has wards of every trust
# The id of a tab or a run, the digest of a page's name, and how many events a chart could show,
# which is worked out: four digits of them are nobody's number.
NOBODYS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b"
    r"|(?<=bed days \()[\d,]+(?= in [\d,]+\))"
)
_TEAM = "team@example.org"


@dataclass
class Counts:
    """How many screens, files and answers were looked at, and what they told of other trusts."""

    looked_at: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def look(self, what: str, email: str, said: str, about: object) -> None:
        self.looked_at[what] += 1
        words = found(said, EVERYONE[email])
        self.told += [f"{what} {about}, as {email}, tells {words}"] if words else []


def made(root: Path) -> Home:
    """A home with the small release in use, and a register of the same people."""
    people = [
        worlds._person(email, name, role, trusts)
        for email, (name, role, trusts, ends) in tiny_release.PEOPLE.items()
        if ends is None
    ]
    reader = worlds._person("group@example.org", "Gina Group", "group", None)
    people.append({**reader, "groups": "SOUTH"})
    types = {"trusts": pl.String, "groups": pl.String, "valid_to": pl.Date}
    frames = worlds.register_frames(
        trusts=pl.DataFrame([worlds.trust_row(code) for code in NAMES]),
        wards=pl.DataFrame([worlds.ward_row(*ward.split("-")) for ward in WARDS]),
        access=pl.DataFrame(people, schema_overrides=types),
        groups=pl.DataFrame([worlds.group_row("SOUTH", "Z02")], schema_overrides=types),
    )
    home = create_home(root, worlds.programme(), frames, _TEAM, worlds.START)
    tiny_release.write_everything(root)
    return home


def screens(home: Home, paths: list[str], counts: Counts, control: bool = False) -> Counts:
    """Everyone opens every screen at once; as a `control`, all are taken for the team."""
    port, people = free_port(), list(EVERYONE)
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
                content = NOBODYS.sub("", sent.result(timeout=PATIENCE).decode("utf-8", "replace"))
                counts.look("screen", email, content, f"{path or '/'}?{query}")
    return counts


def files(home: Home, counts: Counts) -> Counts:
    """Everyone orders every file about everyone."""
    with pytest.MonkeyPatch.context() as patch:
        drawn = drawing.watch(patch)
        admitted = [email for email, own in EVERYONE.items() if own]
        for email, audience in product(admitted, get_args(Audience)):
            known = known_to(home.root, email)
            for what, kind in kinds_of_order():
                units = [{}, *(_unit(*unit) for trust in NAMES for unit in place(trust))]
                units += [{"group": group} for group in GROUPS if what in OF_GROUPS]
                for unit, measure in product(units, MEASURED.get(what, (None,))):
                    order = Order(what, audience, kind, measure=measure, **unit)
                    said = taken(known, order, drawn)
                    if said is None:
                        counts.looked_at["file refused"] += 1
                    else:
                        counts.look("file", email, said, order)
    return counts


def reports(home: Home, counts: Counts, control: bool = False) -> Counts:
    """Everyone has asked for everyone's pack to be sent; as a `control`, one counts as the team."""
    packs = [subscriptions.about(trust, None) for trust in ("", *NAMES)]
    packs += [subscriptions.about(None, group) for group in GROUPS]
    people = ["lead1@example.org"] if control else list(EVERYONE)
    (home.root / subscriptions.FILE).unlink(missing_ok=True)
    for person, about in product(people, packs[:2] if control else packs):
        subscriptions.choose(home.root, person, about, "monthly")
    with tempfile.TemporaryDirectory() as outbox, pytest.MonkeyPatch.context() as patch:
        if control:
            patch.setattr(access, "resolve", _the_team)
        asked = ["send-reports", "--outbox", outbox, "--home", str(home.root), "--json"]
        result = json.loads(CliRunner().invoke(app, asked).stdout)
        counts.looked_at["report refused"] += result["stopped"]
        for file in Path(outbox).glob("*.eml"):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            (attached,) = mail.iter_attachments()
            body = mail.get_body(("plain",))
            said = (
                f"{mail['Subject']} {body and body.get_content()} {texts(attached.get_content())}"
            )
            counts.look("report", str(mail["To"]), said, mail["Subject"])
    return counts


def figures(home: Home, counts: Counts) -> Counts:
    """Everyone who can have a token asks by program, at every address that the API describes."""
    now, port = worlds.received(worlds.LAST), free_port()
    with served("tests.campaign.scope", home.root, port, False):
        asked = [*_of_everyone(api_addresses(port)), *_asked()]
        for email, may in product(EVERYONE, (("figures",), SENDING)):
            trusts = () if "figures" in may else tuple(EVERYONE[email])
            try:
                new = NewToken("Campaign", email, trusts, may)
                _, token = token_holders.issue(home, new, _TEAM, now)
            except TokenError:
                counts.looked_at["token refused"] += 1
                continue
            for query in asked:
                answer = httpx.get(
                    f"http://127.0.0.1:{port}{query}",
                    headers={"authorization": f"Bearer {token}"},
                    timeout=PATIENCE,
                )
                counts.look("answer of the API", email, answer.text, query)
    return counts


def _of_everyone(addresses: list[str]) -> Iterator[str]:
    """Each address of the API about a return, and a month, of each trust."""
    for address, trust in product(addresses, NAMES):
        named = address.replace("{receipt}", f"{trust}-2026-03-1")
        yield f"{named}?{urlencode({'trust': trust, 'month': '2026-03'})}"


def serve(home: str, port: str, control: str) -> None:
    """What the process of the service does: nothing is built, and it is always the same day."""
    builder.Builder.ask = lambda self: None  # type: ignore[assignment]
    session.today = lambda: TODAY
    if control:
        _everyone_is_the_team()
    server.serve(Path(home), port=int(port))


_resolve = access.resolve


def _the_team(email, people, today):
    scope = _resolve(email, people, today)
    return replace(_resolve(_TEAM, people, today), email=scope.email) if scope else None


def _everyone_is_the_team() -> None:
    access.resolve = _the_team


def _unit(trust: str, ward: str | None) -> dict[str, str | None]:
    return {"trust": trust, "ward": ward}


def _by_hand(trust: str, ward: str | None) -> str:
    about = {"trust": trust, "ward": ward, "asked": trust, "unit": ward or trust}
    about |= {"level": "ward" if ward else "trust", "measure": "SS-I8", "month": "2026-03"}
    about |= {"version": "1", "traced": "SS-O1", "for": "programme", "what": "sheets", "as": "csv"}
    about |= {"changed-trust": trust, "changed-measure": "SS-I8"}
    about["group"] = "acute-female" if ward else GROUPS[trust == "Z01"]  # of wards, or of trusts
    return urlencode({name: value for name, value in about.items() if value})


def _asked() -> Iterator[str]:
    units = [{}, *({"trust": code} for code in NAMES), *({"ward": ward} for ward in WARDS)]
    units += [{"group": group} for group in GROUPS]
    for unit, sharing, form in product(units, ("true", "false"), ("json", "csv")):
        asked = {**unit, "sharing": sharing, "format": form, "measure": "SS-I1"}
        yield f"/api/v1/figures?{urlencode(asked)}"


def main() -> int:
    """Run the campaign, and print its counts."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        home = made(Path(folder) / "home")  # what came until it is interrupted is printed
        figures(home, counts)
        screens(home, PATHS, counts)
        files(home, counts)
        reports(home, counts)
    print(f"Scope: {dict(counts.looked_at)}; {len(counts.told)} told something of another trust.")
    print(*counts.told, sep="\n")
    return 1 if counts.told else 0


if __name__ == "__main__":
    sys.exit(main())
