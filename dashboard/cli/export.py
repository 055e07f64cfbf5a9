"""feeling-safe export: tables, charts, ward sheets and the monthly pack, for a named audience."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, options, output
from dashboard.cli.errors import Refused

if TYPE_CHECKING:
    from dashboard.access import Scope
    from dashboard.exports.make import Source
    from dashboard.exports.order import File, Order
    from pipelines.keeping.home import Home


class Reader(StrEnum):
    """Who the files are for."""

    public = "public"
    programme = "programme"
    trust = "trust"
    group = "group"


# The formats of what is made in one format for each of many measures or trusts.
_ONLY = {"chart": ("png",), "easy-read": ("pdf",), "large-print": ("pdf",)}


class Part(StrEnum):
    """What can be exported."""

    tables = "tables"
    tidy = "tidy"
    tests_of_change = "tests-of-change"
    charters = "charters"
    ratings = "ratings"
    confidence = "confidence"
    pairs = "pairs"
    charts = "charts"
    sheets = "sheets"
    easy_read = "easy-read"
    pack = "pack"
    learning = "learning"


def export(
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder for the files.")],
    reader: Annotated[
        Reader,
        typer.Option(
            "--for",
            help="public: small numbers hidden, for sharing. programme: exact figures, for the "
            "programme team. trust: exact figures of the trust named by --trust, for that trust. "
            "group: what the readers of the group named by --group see, for them.",
        ),
    ],
    trust: Annotated[
        str | None,
        typer.Option(metavar="TRUST", help="Only this trust, such as Z01.", show_default=False),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="GROUP", help="The group that it is for, such as Y56.", show_default=False
        ),
    ] = None,
    part: Annotated[
        list[Part] | None,
        typer.Option(help="Only this; can be repeated.", show_default=False),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files of the same names.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Put tables, charts, ward sheets, the monthly pack and learning forums into a folder."""
    from dashboard.exports.make import make
    from dashboard.exports.order import CannotMake
    from pipelines.keeping.home import open_home

    whose = _whose(reader, trust, group)
    source = _source(open_home(options.home_of(home)), whose)
    orders = _orders(source, whose, set(part or Part))
    files, left_out = [], []
    with output.progress() as progress:
        for number, order in enumerate(orders, start=1):
            try:
                files.append(make(source, order))
            except CannotMake as reason:
                left_out.append(str(reason))
            progress("Making files", number, len(orders))
    if not files:
        raise Refused(left_out[0])
    _write(out, files, force)
    named_units = {"trust": whose.trust, "group": whose.group}
    about = {"audience": reader.value, **named_units, "files": str(len(files))}
    audit_lines.note("export", options.sender_of(None), str(source.facts["release_id"]), **about)
    if as_json:
        named = [{"file": str(out / file.name), "bytes": len(file.content)} for file in files]
        release = source.facts["release_id"]
        made = {"for": reader.value, **named_units, "release": release, "files": named}
        output.as_json(made | {"left_out": left_out})
        return
    use = "for sharing" if reader is Reader.public else "exact figures, do not share"
    for sentence in [*(f"Left out: {each}" for each in left_out), *_not_shared_yet(source, whose)]:
        output.aside(sentence)
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    output.line(f"{count} in {out}: {use}.")


@dataclass(frozen=True)
class _Whose:
    """Who the files are for, and the trust or group that they are about."""

    reader: Reader
    trust: str | None
    group: str | None

    @property
    def role(self) -> str:
        """The role of those who read them, as the programme team makes files for the public."""
        return "programme" if self.reader is Reader.public else self.reader.value

    def scope(self) -> "Scope":
        """The scope of someone on the command line, limited to what they asked to see."""
        from dashboard.access import Scope, reading

        only = {self.trust} if self.trust and self.reader is Reader.trust else set()
        role = "trust" if self.reader is Reader.trust else "programme"
        scope = Scope(role, frozenset(only), "command.line@localhost", "Command line")
        return reading(scope, self.group)


def _whose(reader: Reader, trust: str | None, group: str | None) -> _Whose:
    found = _Whose(reader, *(code.strip().upper() if code else None for code in (trust, group)))
    if reader is Reader.trust and found.trust is None:
        raise Refused("Files for a trust need its code: add --trust Z01, for example.")
    if reader is Reader.group and found.group is None:
        raise Refused("Files for a group need its code: add --group Y56, for example.")
    if reader is not Reader.group and found.group is not None:
        raise Refused(
            "Files about a group are for its readers, and hold what they may see: write "
            f"--for group --group {found.group}. Nothing about a group is for the public."
        )
    return found


def _source(home: "Home", whose: _Whose) -> "Source":
    """The figures the reader may have: those of a trust, a group or the whole programme."""
    from dashboard import store
    from dashboard.exports.make import source
    from dashboard.queries.groups import groups
    from dashboard.queries.organisations import wards

    release = store.current(home.releases)
    connection = store.open(release, whose.scope())

    @lru_cache(maxsize=200)  # the sheets, charts and packs of a trust ask much the same
    def ask(question, **about):
        return question(connection, **about)

    if whose.group and ask(groups).is_empty():
        raise Refused(
            f"There is no group {whose.group} in this programme: check its code in the register."
        )
    if whose.trust and whose.trust not in set(ask(wards)["trust_code"]):
        of = f"group {whose.group}" if whose.group else "this programme"
        raise Refused(f"{whose.trust} has no wards in {of}: check its code in the register.")
    return source(ask, store.facts(release), store.measures(release), home.programme)


def _not_shared_yet(source: "Source", whose: _Whose) -> list[str]:
    """When the programme's totals that are not in these files yet will be."""
    from dashboard.queries.returns import not_shared_yet
    from dashboard.words.not_shared_yet import sentences
    from schemas.london_time import london_day

    if whose.reader is not Reader.public or whose.trust:
        return []
    today = london_day(datetime.now(UTC))
    return sentences(source.ask(not_shared_yet, today=today).to_dicts())


def _orders(source: "Source", whose: _Whose, parts: set[Part]) -> list["Order"]:
    """One order for each file; raises Refused if nothing fits."""
    from dashboard.exports.order import EASY_READ, EXACT, KINDS, OF_GROUPS, Order, offered
    from dashboard.queries.learning import answers, attendance
    from dashboard.queries.organisations import wards
    from schemas.disclosure import may_be_shared

    shared, trust = whose.reader is Reader.public, whose.trust
    audience = "public" if shared else EXACT[whose.role]
    trusts = [trust] if trust else source.ask(wards)["trust_code"].unique().sort().to_list()
    core = [m for m in source.measures if m.core and (may_be_shared(m) or not shared)]
    every = {
        Part.tables: [("figures", trust, None)],
        Part.tidy: [("tidy", trust, None)],
        Part.charters: [("charters", trust, None)],
        Part.ratings: [("ratings", trust, None)],
        Part.confidence: [("confidence", trust, None)],
        Part.pairs: [("pairs", trust, None)],
        Part.tests_of_change: [("tests-of-change", trust, None)],
        Part.charts: [("chart", trust, m.id) for m in core],
        Part.sheets: [("sheets", code, None) for code in trusts],
        Part.easy_read: [(what, code, None) for code in trusts for what in EASY_READ],
        Part.pack: [("pack", trust, None)],
        Part.learning: [("attendance", trust, None)] if source.ask(attendance).height else [],
    }
    if trust is None and source.ask(answers).height:
        every[Part.learning].append(("evaluation", None, None))
    may = offered(whose.role, audience)
    orders = [
        Order(what, audience, kind, code, measure=measure, group=group)
        for part in Part
        if part in parts
        for what, code, measure in every[part]
        for group in [whose.group if code is None and what in OF_GROUPS else None]
        if what in may
        for kind in _ONLY.get(what, KINDS[what])
    ]
    if not orders:
        raise Refused(
            "There is no such file: one-page ward sheets have exact figures, as files about "
            "learning forums and about who was affected, by whom, do, and tests of change, ratings "
            "and answers to single items are what wards said of themselves, so none of these is "
            "for the public. Easy-read sheets can be."
        )
    return orders


def _write(out: Path, files: list["File"], force: bool) -> None:
    """Write all files, or none if one of them already exists or can't be written."""
    from pipelines.output_files import write

    there = [file.name for file in files if (out / file.name).exists()]
    if there and not force:
        raise Refused(
            f"{out / there[0]} already exists: add --force to overwrite it, or name another folder."
        )
    with _made(out):
        write({out / file.name: file.content for file in files})


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; if it can't be filled, those made go again."""
    above = itertools.takewhile(lambda each: not each.exists(), (folder, *folder.parents))
    new = list(above)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in new:
            with suppress(OSError):
                each.rmdir()
        raise
