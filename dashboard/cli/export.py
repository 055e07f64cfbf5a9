"""feeling-safe export: tables, charts, ward sheets and the monthly pack, for a named audience."""

from enum import StrEnum
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
            "programme team. trust: exact figures of the trust named by --trust, for that trust.",
        ),
    ],
    trust: Annotated[
        str | None,
        typer.Option(metavar="TRUST", help="Only this trust, such as Z01.", show_default=False),
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

    code = trust.strip().upper() if trust else None
    if reader is Reader.trust and code is None:
        raise Refused("Files for a trust need its code: add --trust Z01, for example.")
    source = _source(open_home(options.home_of(home)), reader, code)
    orders = _orders(source, reader, code, set(part or Part))
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
    about = {"audience": reader.value, "trust": code, "files": str(len(files))}
    audit_lines.note("export", options.sender_of(None), str(source.facts["release_id"]), **about)
    if as_json:
        named = [{"file": str(out / file.name), "bytes": len(file.content)} for file in files]
        release = source.facts["release_id"]
        made = {"for": reader.value, "trust": code, "release": release, "files": named}
        output.as_json(made | {"left_out": left_out})
        return
    use = "for sharing" if reader is Reader.public else "exact figures, do not share"
    for sentence in left_out:
        output.aside(f"Left out: {sentence}")
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    output.line(f"{count} in {out}: {use}.")


def _by(reader: Reader, trust: str | None) -> "Scope":
    """The scope of someone on the command line, limited to what they asked to see."""
    from dashboard.access import Scope

    role = "trust" if reader is Reader.trust else "programme"
    own = frozenset({trust}) if role == "trust" and trust else frozenset()
    return Scope(role, own, "command.line@localhost", "Command line")


def _source(home: "Home", reader: Reader, trust: str | None) -> "Source":
    """The figures the reader may have: a trust's own, or the whole programme's."""
    from dashboard import store
    from dashboard.exports.make import source
    from dashboard.queries.organisations import wards

    release = store.current(home.releases)
    connection = store.open(release, _by(reader, trust))

    def ask(question, **about):
        return question(connection, **about)

    codes = set(ask(wards)["trust_code"])
    if trust and trust not in codes:
        raise Refused(f"{trust} has no wards in this programme: check its code in the register.")
    return source(ask, store.facts(release), store.measures(release), home.programme)


def _orders(source: "Source", reader: Reader, trust: str | None, parts: set[Part]) -> list["Order"]:
    """One order for each file; raises Refused if nothing fits."""
    from dashboard.exports.order import EASY_READ, KINDS, Order, offered
    from dashboard.queries.learning import answers, attendance
    from dashboard.queries.organisations import wards
    from schemas.disclosure import may_be_shared

    shared = reader is Reader.public
    audience = "own" if reader is Reader.trust else reader.value
    trusts = [trust] if trust else source.ask(wards)["trust_code"].unique().sort().to_list()
    core = [m for m in source.measures if m.core and (may_be_shared(m) or not shared)]
    every = {
        Part.tables: [("figures", trust, None)],
        Part.tidy: [("tidy", trust, None)],
        Part.charters: [("charters", trust, None)],
        Part.ratings: [("ratings", trust, None)],
        Part.confidence: [("confidence", trust, None)],
        Part.tests_of_change: [("tests-of-change", trust, None)],
        Part.charts: [("chart", trust, m.id) for m in core],
        Part.sheets: [("sheets", code, None) for code in trusts],
        Part.easy_read: [(what, code, None) for code in trusts for what in EASY_READ],
        Part.pack: [("pack", trust, None)],
        Part.learning: [("attendance", trust, None)] if source.ask(attendance).height else [],
    }
    if trust is None and source.ask(answers).height:
        every[Part.learning].append(("evaluation", None, None))
    may = offered("trust" if reader is Reader.trust else "programme", audience)
    orders = [
        Order(what, audience, kind, code, measure=measure)
        for part in Part
        if part in parts
        for what, code, measure in every[part]
        if what in may
        for kind in _ONLY.get(what, KINDS[what])
    ]
    if not orders:
        raise Refused(
            "There is no such file: one-page ward sheets have exact figures, as files about "
            "learning forums do, and tests of change, ratings and answers to single items are "
            "what wards said of themselves, so none of these is for the public. Easy-read sheets "
            "can be."
        )
    return orders


def _write(out: Path, files: list["File"], force: bool) -> None:
    """Write all files, or none if one of them already exists."""
    there = [file.name for file in files if (out / file.name).exists()]
    if there and not force:
        raise Refused(
            f"{out / there[0]} already exists: add --force to overwrite it, or name another folder."
        )
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        staged = out / f".{file.name}.part"
        staged.write_bytes(file.content)
        staged.replace(out / file.name)
