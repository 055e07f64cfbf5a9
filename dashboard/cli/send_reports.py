"""feeling-safe send-reports: the packs that people asked for, to each with their own rights."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import audit_lines, options, output
from dashboard.cli.errors import Exit, Refused

if TYPE_CHECKING:
    from email.message import EmailMessage

    from pydantic import SecretStr

    from dashboard.access import Scope
    from dashboard.exports.make import Source
    from dashboard.exports.order import Order
    from dashboard.subscriptions import Subscription
    from pipelines.keeping.home import Home


def send_reports(
    outbox: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write each as an .eml file into this folder, instead of sending it.",
        ),
    ] = None,
    home: options.Home = None,
    as_json: options.Json = False,
) -> None:
    """Send the monthly pack to everyone who asked for it and is due one.

    Each is made with the person's own access at this moment, and sent once. With 1 as the exit
    code, some could not be sent: the next run tries again.
    """
    from dashboard import subscriptions
    from dashboard.words.reports import summary
    from pipelines.keeping.home import open_home

    programme = open_home(options.home_of(home))
    if outbox is None and programme.programme.mail is None:
        raise Refused(
            "There is no mail server: set [mail] in programme.toml, or name a folder with --outbox."
        )
    run = _Run(programme, outbox, datetime.now(UTC), _password())
    try:
        done = run.all()
    except subscriptions.SubscriptionsUnreadable as unreadable:
        raise Refused(str(unreadable)) from None
    if as_json:
        kinds = ("sent", "failed", "unsure", "stopped")
        output.as_json({kind: done[kind] for kind in kinds})
    else:
        counts = (done["sent"], done["failed"], done["unsure"], done["stopped"])
        output.line("\n".join(summary(*counts)))
    raise typer.Exit(Exit.PROBLEMS if done["failed"] else Exit.DONE)


def _password() -> "SecretStr | None":
    from pipelines.settings import Settings

    return Settings().mail_secret


@dataclass(frozen=True)
class _Run:
    """One run of the command: for whom, into which folder if any, and when."""

    home: "Home"
    outbox: Path | None
    at: datetime
    password: "SecretStr | None"

    def all(self) -> Counter[str]:
        """What became of each subscription: sent, failed, unsure, stopped, or nothing was due."""
        from dashboard import subscriptions

        return Counter(self._one(one) for one in subscriptions.every(self.home.root))

    def _one(self, one: "Subscription") -> str:
        from dashboard import subscriptions, token_holders
        from dashboard.access import reading
        from dashboard.exports.order import EXACT, CannotMake, Order
        from schemas.london_time import london_day

        root, today = self.home.root, london_day(self.at)
        scope = token_holders.registered(self.home, one.person, today)
        if scope is None or not _may(scope, one):
            return "stopped"
        source = self._source(reading(scope, one.group))
        order = Order("pack", EXACT[scope.role], "pdf", one.trust, group=one.group)
        what = self._due(source, one, order, today)
        if what is None or what == one.last:
            return "nothing"
        if one.often == "changes" and one.last is None:
            subscriptions.done(root, one, what)  # from now on, changes from this are sent
            return "nothing"
        try:
            mail = self._message(one, scope, source, order)
        except CannotMake:
            return "nothing"
        if not subscriptions.begin(root, one, what):
            return "unsure"
        result = self._send(one, mail, what)
        return self._noted(one, scope, source, result)

    def _source(self, scope: "Scope") -> "Source":
        from dashboard import store
        from dashboard.exports.make import source

        release = store.current(self.home.releases)
        connection = store.open(release, scope)

        def ask(question, **about):
            return question(connection, **about)

        return source(ask, store.facts(release), store.measures(release), self.home.programme)

    def _due(
        self, source: "Source", one: "Subscription", order: "Order", today: date
    ) -> str | None:
        """What is to be sent: the last month that was due, or a digest of what stands out."""
        if source.facts["data_to"] is None:
            return None
        if one.often == "changes":
            return _standing_out(source, order)
        from schemas.deadlines import dates_for
        from schemas.periods import Month

        last, deadlines = Month.of(source.facts["data_to"]), self.home.programme.deadlines
        months = [
            month
            for month in self.home.programme.expected_months(today)
            if month <= last and dates_for(month, deadlines).due < today
        ]
        return str(months[-1]) if months else None

    def _send(self, one: "Subscription", mail: "EmailMessage", what: str) -> str:
        from dashboard import subscriptions
        from dashboard.cli import mail_server

        try:
            self._deliver(mail, what)
        except mail_server.NotSent as reason:
            subscriptions.failed(self.home.root, one)
            output.aside(f"Not sent: {reason}.")
            return "failed"
        except mail_server.Unsure as reason:
            output.aside(f"Cut off while sending: {reason}.")
            return "unsure"
        subscriptions.done(self.home.root, one, what)
        return "sent"

    def _message(
        self, one: "Subscription", scope: "Scope", source: "Source", order: "Order"
    ) -> "EmailMessage":
        from dashboard.exports.make import make
        from dashboard.exports.report_mail import message

        file = make(source, order)
        whose, month = _whose(source, one), source.facts["data_to"]
        return message(scope, whose, month, one.often, self.home.programme.contact, file)

    def _deliver(self, mail: "EmailMessage", what: str) -> None:
        from dashboard.cli import mail_server
        from dashboard.exports.report_mail import posted

        if self.outbox is not None:
            mail["X-Unsent"] = "1"  # mail programs then open it as a draft
            try:
                _write(self.outbox, mail, what)
            except OSError as error:
                raise mail_server.NotSent(error.strerror) from None
            return
        server = self.home.programme.mail
        mail_server.send(server, self.password, posted(mail, server.sender, what, self.at))

    def _noted(self, one: "Subscription", scope: "Scope", source: "Source", result: str) -> str:
        from dashboard import audit

        release, by = str(source.facts["release_id"]), options.sender_of(None)
        how, unit = "folder" if self.outbox else "server", one.group or one.trust or "programme"
        person = audit.fingerprint(scope)
        audit_lines.note("report", by, release, result=result, person=person, unit=unit, how=how)
        return result


def _may(scope: "Scope", one: "Subscription") -> bool:
    """Whether a person may see the pack they once asked for."""
    return scope.sees_everything or one.trust in scope.trusts or one.group in scope.groups


def _whose(source: "Source", one: "Subscription") -> str:
    from dashboard.exports.figures import group_name
    from dashboard.queries.organisations import wards

    if one.group:
        return group_name(source.ask, one.group)
    if not one.trust:
        return str(source.facts["programme"])
    return str(source.ask(wards, trust=one.trust)["trust_name"][0])


def _standing_out(source: "Source", order: "Order") -> str:
    """A digest of which measures and wards stand out in somebody's pack."""
    from dashboard.exports.monthly_pack import standing_out

    found = standing_out(source.ask, source.measures, order)
    return hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:16]


def _write(outbox: Path, mail: "EmailMessage", what: str) -> None:
    """Write one message under a name that only it has, whole or not at all."""
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.sha256(f"{mail['To']} {mail['Subject']} {what}".encode()).hexdigest()[:16]
    staged = outbox / f".{name}.part"
    staged.touch(mode=0o600)
    staged.write_bytes(bytes(mail))
    staged.replace(outbox / f"{name}.eml")
