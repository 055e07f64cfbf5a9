"""The command line: `feeling-safe`, with one command to a file in `dashboard/commands/`."""

import typer

from dashboard.commands import boundary
from dashboard.commands.answer import answer
from dashboard.commands.backup import backup, restore
from dashboard.commands.build import build
from dashboard.commands.check import check
from dashboard.commands.demo import demo
from dashboard.commands.export import export
from dashboard.commands.init import init
from dashboard.commands.recheck import recheck
from dashboard.commands.register import register
from dashboard.commands.reopen import reopen
from dashboard.commands.serve import serve
from dashboard.commands.status import status
from dashboard.commands.submit import submit
from dashboard.commands.template import template
from dashboard.commands.token import token
from dashboard.commands.verify import verify
from dashboard.commands.watch import watch
from dashboard.commands.withdraw import withdraw
from pipelines.spc.command import command as spc

app = typer.Typer(
    name="feeling-safe",
    cls=boundary.Commands,
    help="The measurement system of the Sexual Safety Collaborative. "
    "Leaves with 0: done; 1: problems that must be fixed; 2: wrong usage or unreadable input; "
    "3: queries that need an answer.",
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
    backup,
    restore,
    serve,
):
    app.command()(command)
app.command("spc")(spc)
app.add_typer(token, name="token")


def main() -> None:
    """Run the command that was typed."""
    app()
