"""feeling-safe chase: who has not sent what is due, and whom to ask."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.errors import Refused
from schemas import wording

if TYPE_CHECKING:
    from datetime import date

    from dashboard.exports.chase_list import Chased
    from pipelines.keeping.home import Home


def chase(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it to a new file: .csv, or .zip for e-mails."),
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """List the returns that are overdue and whom to ask, or write the e-mails to send."""
    from dashboard.exports import chase_list
    from pipelines.keeping.home import open_home
    from pipelines.output_files import check_name, write
    from schemas.london_time import london_day

    check_name("--out", out, (".csv", ".zip"))
    if out is not None and out.exists():
        raise Refused(f"{out} already exists: choose another name.")
    programme, today = open_home(options.home_of(home)), london_day(datetime.now(UTC))
    found = _chased(programme, today)
    if out is not None:
        about = {"programme": programme.programme.name, "contact": programme.programme.contact}
        if out.suffix.lower() == ".zip":
            write({out: chase_list.as_zip(found, today, **about)})
        else:
            write({out: chase_list.as_csv(found, today)})
    if as_json:
        output.as_json([_for_machines(one) for one in found])
    else:
        output.line("\n".join(_for_people(found, today)))


def _chased(home: "Home", today: "date") -> "list[Chased]":
    import polars as pl

    from dashboard import store
    from dashboard.access import Scope
    from dashboard.exports.chase_list import chased
    from dashboard.queries.organisations import people
    from dashboard.queries.returns import receipts, returns_grid
    from pipelines.keeping.month_locks import closed_months

    team = Scope("programme", frozenset(), "command.line@localhost", "Command line")
    release = store.open(store.current(home.releases), team)
    grid = returns_grid(release, today)
    codes = grid["trust_code"].unique()
    closed = closed_months(codes, home.archive.decisions(), home.programme, today)
    sent = receipts(release).group_by("trust_code", maintain_order=True)
    senders = dict(sent.agg(pl.col("received_by").first()).iter_rows())
    return chased(grid, people(release), today, closed, senders)


def _for_people(found: "list[Chased]", today: "date") -> list[str]:
    from dashboard.words import chase as words

    lines = [words.summary(len(found), sum(len(one.due) for one in found))]
    for one in found:
        months = wording.listed([wording.month_of(month) for month, _ in one.due])
        emails = [email for email, _ in one.people]
        shut = [wording.month_of(month) for month, _ in one.closed]
        lines += [
            "",
            f"{one.trust_code} {one.trust_name}: {months}",
            f"  Was due by {words.due_since(min(day for _, day in one.due), today)}",
            f"  Ask {wording.listed(emails, nothing='nobody: add someone to the register')}",
            f"  Can it still be sent? {words.still(shut, len(one.due))}",
        ]
    return lines


def _for_machines(one: "Chased") -> dict[str, object]:
    return {
        "trust": one.trust_code,
        "name": one.trust_name,
        "open": [{"month": f"{month:%Y-%m}", "due": str(due)} for month, due in one.open],
        "closed": [{"month": f"{month:%Y-%m}", "due": str(due)} for month, due in one.closed],
        "people": [email for email, _ in one.people],
    }
