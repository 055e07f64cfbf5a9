"""The command line: `feeling-safe`, with one file for each command."""

import os
import sys
from typing import Annotated

import typer

from dashboard.cli import errors
from dashboard.cli.answer import answer
from dashboard.cli.backup import backup, restore
from dashboard.cli.build import build
from dashboard.cli.chase import chase
from dashboard.cli.check import check
from dashboard.cli.check_config import check_config
from dashboard.cli.demo import demo
from dashboard.cli.effect import effect
from dashboard.cli.export import export
from dashboard.cli.forums import forums
from dashboard.cli.init import init
from dashboard.cli.invitations import invitations
from dashboard.cli.measures import measures
from dashboard.cli.mirror import mirror
from dashboard.cli.publish_head import publish_head
from dashboard.cli.recheck import recheck
from dashboard.cli.register import register
from dashboard.cli.rehearse import rehearse
from dashboard.cli.reopen import reopen
from dashboard.cli.requests import requests
from dashboard.cli.send_reports import send_reports
from dashboard.cli.serve import serve
from dashboard.cli.spc import spc
from dashboard.cli.status import status
from dashboard.cli.submit import submit
from dashboard.cli.template import template
from dashboard.cli.tests_of_change import tests_of_change
from dashboard.cli.token import token
from dashboard.cli.undo import undo
from dashboard.cli.verify import verify
from dashboard.cli.verify_receipt import verify_receipt
from dashboard.cli.watch import watch
from dashboard.cli.withdraw import withdraw
from dashboard.cli.yardsticks import yardsticks

app = typer.Typer(
    name="feeling-safe",
    cls=errors.Commands,
    help="The measurement system of the Sexual Safety Collaborative. "
    "Exit codes: 0, success; 1, errors to correct; 2, wrong usage or unreadable input; "
    "3, queries that need an explanation, or an effect that the figures can't show; "
    "130, stopped with Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from pipelines.releasing.code_version import code_version

        typer.echo(f"feeling-safe {version('feeling-safe')}, code and measures {code_version()}")
        raise typer.Exit


@app.callback()
def every(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The measurement system of the Sexual Safety Collaborative."""


for command in (
    demo,
    init,
    register,
    template,
    check,
    submit,
    watch,
    answer,
    withdraw,
    requests,
    reopen,
    undo,
    build,
    recheck,
    status,
    chase,
    export,
    send_reports,
    verify,
    publish_head,
    verify_receipt,
    backup,
    restore,
    mirror,
    check_config,
    serve,
):
    app.command(command.__name__.replace("_", "-"))(command)
app.command("spc")(spc)
app.command("effect")(effect)
app.command("rehearse")(rehearse)
app.add_typer(measures, name="measures")
app.add_typer(forums, name="forums")
app.add_typer(invitations, name="invitations")
app.add_typer(yardsticks, name="yardsticks")
app.add_typer(token, name="token")
app.add_typer(tests_of_change, name="tests-of-change")


def main() -> None:
    """Run the command that was typed; only this account can read the files it makes.

    In a watched folder, those who drop files also read the results, so there the system's own
    setting counts; what is in the home is protected by the home's own folder.

    Linear algebra gets one thread, unless the environment says more: its own threads spin while
    they wait for each other, which on a busy machine took up to twelve times as long as one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read where numpy is first imported
    if sys.argv[1:2] != ["watch"]:
        os.umask(0o077)
    app()
