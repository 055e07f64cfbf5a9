"""feeling-safe check-config: whether everything the service needs is as it should be."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import options, output
from dashboard.cli.checked_places import Wrong, backups, copy_elsewhere, folders, logs, private
from dashboard.cli.errors import Exit, in_words
from schemas import wording

if TYPE_CHECKING:
    from pipelines.keeping.entries import Entries
    from pipelines.keeping.home import Home

_SECRETS = Path(".streamlit") / "secrets.toml"
_WHOSE = "type every command as the account that runs the service, or give the home to it."
_NOT_YET = "not checked yet, for the same reason."
_PATIENCE = 5  # seconds for the identity provider


@dataclass(frozen=True)
class Found:
    """What was found out about one thing the service needs."""

    about: str
    good: bool
    words: str


def check_config(
    offline: Annotated[
        bool, typer.Option("--offline", help="Don't ask whether the identity provider answers.")
    ] = False,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Check the settings, register, measures, sign-in, folders and clock before you serve.

    Run it as the account that runs the service, in the folder it starts in, with its environment
    variables. Nothing is changed. Exits with 1 if anything needs attention.
    """
    with output.working("Checking"):
        found = list(_checked(options.home_of(home), offline, datetime.now(UTC)))
    if as_json:
        output.as_json([{"about": f.about, "good": f.good, "words": f.words} for f in found])
    else:
        for each in found:
            output.line(f"{'good' if each.good else 'CHECK':5}  {each.about}: {each.words}")
    raise typer.Exit(Exit.DONE if all(each.good for each in found) else Exit.PROBLEMS)


def _checked(root: Path, offline: bool, now: datetime) -> Iterator[Found]:
    from pipelines.keeping.home import Home

    home = Home(root)
    entries = cache(home.archive.entries)
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("programme.toml", lambda: _programme(home)),
        ("register", lambda: _register(home, now)),
        ("measures", lambda: _measures(home)),
        ("environment", _environment),
        ("sign-in", lambda: _sign_in(home)),
        ("identity provider", lambda: _provider(offline)),
        ("folders", lambda: folders(home)),
        ("logs", logs),
        ("backups", lambda: backups(home)),
        ("copy elsewhere", lambda: copy_elsewhere(home)),
        ("mail", lambda: _mail(home)),
        ("metrics", _metrics),
        ("archive", lambda: _archive(entries())),
        ("release", lambda: _release(home)),
        ("clock", lambda: _clock(home, entries(), now)),
    )
    said = set()
    for about, check in checks:
        try:
            yield Found(about, True, check())
        except PermissionError as closed:
            yield Found(about, False, f"this account may not open {closed.filename}: {_WHOSE}")
        except (Wrong, ValueError, OSError) as wrong:
            words = in_words(wrong) or str(wrong)
            known = words in said
            said.add(words)
            yield Found(about, False, _NOT_YET if known else words)


def _programme(home: "Home") -> str:
    programme = home.programme
    kind = "fictional" if programme.fictional else "real"
    if not programme.contact and not programme.fictional:
        raise Wrong("contact is empty: people without access see nobody to ask.")
    return f"“{programme.name}”, {kind}, from {programme.first.label}."


def _register(home: "Home", now: datetime) -> str:
    from dashboard import access
    from pipelines.registers.checks import unfit
    from schemas.london_time import london_day

    register, today = home.archive.newest_register(), london_day(now)
    if wrong := unfit(register, home.programme):
        raise Wrong(" ".join(wrong))
    emails = register.access["email"].drop_nulls().unique()
    scopes = [scope for email in emails if (scope := access.resolve(email, register.access, today))]
    team = sum(scope.sees_everything for scope in scopes)
    if not team:
        raise Wrong("nobody is on the programme team today: add someone to access.csv.")
    trusts = register.trusts["trust_code"].n_unique()
    return (
        f"version {register.version}, {wording.counted(trusts, 'trust')}, "
        f"{wording.counted(len(scopes), 'person', 'people')} with access today, {team} of them on "
        "the programme team."
    )


def _measures(home: "Home") -> str:
    from pipelines.edited_measures import own_differences

    kept, found = home.archive.measures_kept(), home.archive.newest_measures()
    own = own_differences(home, kept[-1].version) if kept else []
    changed = sum(each.before is not None for each in own)
    whose = f", {changed} changed and {len(own) - changed} added by the programme" if own else ""
    return f"{wording.counted(len(found), 'measure')} can be used{whose}."


def _environment() -> str:
    from dashboard.rate_limits import RateLimits, limits_in
    from dashboard.shared import Shared
    from pipelines.settings import Settings

    settings = Settings()
    RateLimits(limits_in(settings), lambda: datetime.now(UTC), Shared())
    named = sorted(name for name in os.environ if name.startswith("FEELING_SAFE_"))
    unknown = [n for n in named if n.removeprefix("FEELING_SAFE_").lower() not in _known(settings)]
    if unknown:
        raise Wrong(f"{', '.join(unknown)} is not a setting: correct its name, or remove it.")
    return f"{wording.counted(len(named), 'setting')} from the environment."


def _known(settings: object) -> set[str]:
    return set(type(settings).model_fields)  # type: ignore[attr-defined]


def _sign_in(home: "Home") -> str:
    from dashboard import identity
    from dashboard.page import session
    from pipelines.settings import Settings

    described, secrets = session.provider(), Settings().secrets_file or _SECRETS
    if not described:
        if home.programme.fictional:
            return "none, and a fictional programme needs none."
        raise Wrong(f"a real programme needs the [auth] section of {secrets.resolve()}.")
    if faults := identity.provider_faults(described):
        raise Wrong(" ".join(faults))
    private(secrets)
    if not identity.behind_https(described):
        raise Wrong("redirect_uri does not begin with https, so cookies may be read on the way.")
    return f"the [auth] section of {secrets.resolve()} is complete."


def _provider(offline: bool) -> str:
    from dashboard.page import session

    described = session.provider()
    if not described:
        return "none to ask."
    address = str(described.get("server_metadata_url", ""))
    if offline:
        return "not asked."
    if not address.startswith("https://"):
        raise Wrong("server_metadata_url does not begin with https.")
    import json
    from ssl import SSLCertVerificationError
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=_PATIENCE) as response:  # noqa: S310 - https, see above
            about = json.load(response)
    except (OSError, ValueError) as error:
        if isinstance(refused := getattr(error, "reason", error), SSLCertVerificationError):
            raise Wrong(
                f"the certificate of {address} can't be trusted ({refused.verify_message}): have "
                "it renewed, or add its issuer to those this machine trusts. Until then nobody "
                "can sign in."
            ) from error
        said = getattr(refused, "strerror", None) or error  # the system's words, without its number
        raise Wrong(f"{address} does not answer as it should ({said}).") from error
    if lacks := [n for n in ("issuer", "authorization_endpoint", "jwks_uri") if n not in about]:
        raise Wrong(f"{address} lacks {', '.join(lacks)}: is it the provider's metadata?")
    return f"{about['issuer']} answers."


def _mail(home: "Home") -> str:
    from pipelines.settings import Settings

    server, settings = home.programme.mail, Settings()
    if server is None:
        return "no server is named in programme.toml, so packs are sent to files only."
    if settings.mail_password_file:
        private(settings.mail_password_file)
    if server.user and not settings.mail_secret:
        raise Wrong(
            f"{server.host} asks for a password: set FEELING_SAFE_MAIL_PASSWORD, or name its file "
            "in FEELING_SAFE_MAIL_PASSWORD_FILE."
        )
    return f"packs are sent by {server.host}; whether it answers is not tried."


def _metrics() -> str:
    from pipelines.settings import Settings

    settings = Settings()
    port = settings.metrics_port
    if port is None:
        return "none are given (FEELING_SAFE_METRICS_PORT is not set)."
    if port == settings.port:
        raise Wrong(f"FEELING_SAFE_METRICS_PORT is {port}, the dashboard's own: use another one.")
    return f"given at port {port} of this machine alone."


def _archive(entries: "Entries") -> str:
    from pipelines.keeping.damaged import sentence

    if entries.damaged:
        raise Wrong(sentence(entries.damaged))
    return f"{wording.counted(len(entries.receipts), 'return')}, and every receipt can be read."


def _release(home: "Home") -> str:
    from pipelines.releasing import release_file

    path = release_file.current(home.releases)
    if path is None:
        return "none yet; “serve” builds one."
    if not release_file.is_whole(path):
        raise Wrong(
            f"{path.name} is damaged, or an earlier version built it: “feeling-safe build” makes "
            "it again."
        )
    return f"{path.stem} is in use and whole."


def _clock(home: "Home", entries: "Entries", now: datetime) -> str:
    from schemas.london_time import in_london, london_day

    versions = (*entries.registers, *entries.measures)
    moments = [
        *(receipt.received_at for receipt in (*entries.receipts, *versions)),
        *(decision.decided_at for decision in entries.decisions),
    ]
    there = in_london(now)
    if moments and max(moments) > now:
        raise Wrong(
            f"it says {wording.moment(now)}, but the newest entry of the archive is from "
            f"{wording.moment(max(moments))}: set the clock, or find out which entry is wrong."
        )
    says, first = f"{wording.moment(now)} in London ({there.tzname()})", home.programme.first
    if london_day(now) < first.first_day:
        return f"{says}. The programme begins later, in {first.label}: is that right?"
    return f"{says}."
