"""feeling-safe token: the tokens that programs send returns or read figures with."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli import audit_lines, options, output
from dashboard.cli.errors import sentence_of
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.tokens import Kept

token = typer.Typer(
    help="Issue, list and revoke the tokens that programs send returns or read figures with.",
    no_args_is_help=True,
)


@token.command()
def issue(
    email: Annotated[str, typer.Argument(metavar="E-MAIL", help="Who it is for.")],
    name: Annotated[str, typer.Option(help='What uses it, such as "Incident system export".')],
    trust: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="Only this trust; can be repeated.", show_default="all theirs"
        ),
    ] = None,
    may: Annotated[
        list[str] | None,
        typer.Option(
            help="send or read, can be repeated; or figures, for reading figures.",
            show_default="send and read",
        ),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Its last day.", show_default="90 days from today"),
    ] = None,
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Issue a token; it is shown only once."""
    from dashboard.token_holders import issue as issue_to
    from pipelines.keeping.tokens import NewToken
    from schemas.tokens import SENDING

    programme, sender, now = options.opened(home, by)
    last, wanted = options.day_of(expires), may or list(SENDING)
    new = NewToken(name, email, trust or [], wanted, last)
    made, text = sentence_of(lambda: issue_to(programme, new, sender, now))
    audit_lines.note("token_issued", sender, None, token=made.id)
    if as_json:
        output.as_json({"token": text, **_public(made)})
        return
    output.line(text)
    output.aside(
        f"This token will not be shown again: put it where “{made.name}” keeps its secrets. It may "
        f"{made.may_in_words} for {', '.join(made.covers)} until "
        f"{wording.day_of(made.expires)}, on behalf of {made.holder}. To end it: "
        f"feeling-safe token revoke {made.id}"
    )


@token.command("list")
def list_all(home: options.Home = None, as_json: options.Json = False) -> None:
    """List every token ever issued, newest first."""
    from pipelines.keeping.home import open_home
    from pipelines.keeping.tokens import tokens
    from schemas.london_time import london_day

    today = london_day(datetime.now(UTC))
    found = tokens(open_home(options.home_of(home)))
    if as_json:
        output.as_json([_listed(kept, today) for kept in found])
        return
    if not found:
        output.line("No token has been issued.")
    for kept in found:
        made, state = kept.token, kept.state(today)
        until = f"until {wording.day_of(made.expires)}" if state == "in use" else state
        what = f"{made.may_in_words} for {', '.join(made.covers)}"
        output.line(f"{made.id}  {until}  {what}  {made.holder}  “{made.name}”")


@token.command()
def revoke(
    ident: Annotated[str, typer.Argument(metavar="ID", help="As “token list” shows it.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.", prompt="Why")],
    by: options.By = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Revoke a token at once and for good."""
    from pipelines.keeping.decisions import Decided
    from pipelines.keeping.home import open_home
    from pipelines.keeping.tokens import revoke as end

    programme = open_home(options.home_of(home))
    sender = options.sender_of(by)
    ended = end(programme, ident, Decided(sender, datetime.now(UTC), reason))
    audit_lines.note("token_revoked", sender, None, token=ended.token.id)
    if as_json:
        output.as_json({"id": ended.token.id, "state": "revoked"})
        return
    output.line(f"Token {ended.token.id} (“{ended.token.name}”) has been revoked.")


def _public(made: Any) -> dict[str, Any]:
    return made.model_dump(mode="json", exclude={"sha256"})


def _listed(kept: "Kept", today: date) -> dict[str, Any]:
    ended = kept.revocation
    return _public(kept.token) | {
        "state": kept.state(today),
        "revocation": ended.model_dump(mode="json", exclude={"id"}) if ended else None,
    }
