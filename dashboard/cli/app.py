"""The command line: `feeling-safe`, with one file for each command."""

import typer

from dashboard.cli import errors
from dashboard.cli.answer import answer
from dashboard.cli.backup import backup, restore
from dashboard.cli.build import build
from dashboard.cli.check import check
from dashboard.cli.demo import demo
from dashboard.cli.export import export
from dashboard.cli.init import init
from dashboard.cli.mirror import mirror
from dashboard.cli.publish_head import publish_head
from dashboard.cli.recheck import recheck
from dashboard.cli.register import register
from dashboard.cli.reopen import reopen
from dashboard.cli.serve import serve
from dashboard.cli.spc import spc
from dashboard.cli.status import status
from dashboard.cli.submit import submit
from dashboard.cli.template import template
from dashboard.cli.token import token
from dashboard.cli.verify import verify
from dashboard.cli.verify_receipt import verify_receipt
from dashboard.cli.watch import watch
from dashboard.cli.withdraw import withdraw

app = typer.Typer(
    name="feeling-safe",
    cls=errors.Commands,
    help="The measurement system of the Sexual Safety Collaborative. "
    "Exit codes: 0, success; 1, errors to correct; 2, wrong usage or unreadable input; "
    "3, queries that need an explanation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
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
    reopen,
    build,
    recheck,
    status,
    export,
    verify,
    publish_head,
    verify_receipt,
    backup,
    restore,
    mirror,
    serve,
):
    app.command()(command)
app.command("spc")(spc)
app.add_typer(token, name="token")


def main() -> None:
    """Run the command that was typed."""
    app()
