"""Packs are sent to those who asked, with their access at that moment, and once."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from typer.testing import CliRunner

from dashboard import audit, store, subscriptions
from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from dashboard.exports import make
from dashboard.exports.order import CannotMake, File
from pipelines.keeping.decisions import Decided
from pipelines.keeping.edited_register import keep_edited
from pipelines.keeping.home import open_home
from pipelines.registers.people_acts import end_access
from tests.dashboard.exports.inside import texts
from tests.patience import PATIENCE
from tests.ports import free_port

TEAM, LEAD = "programme@demo.example", "lead.one@demo.example"

pytestmark = pytest.mark.usefixtures("log")


@pytest.fixture
def orders(monkeypatch) -> list[tuple[frozenset[str], object]]:
    """What packs were made of: the trusts that could be asked about, and the order."""
    made = []

    def quickly(source, order) -> File:
        from dashboard.queries.organisations import wards

        made.append((frozenset(source.ask(wards)["trust_code"]), order))
        return File("pack.pdf", "application/pdf", b"%PDF-")

    monkeypatch.setattr(make, "make", quickly)
    return made


class Server:
    """A mail server on this machine: what it took, and what it answers."""

    def __init__(self) -> None:
        self.took: list[tuple[list[str], EmailMessage]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.took.append((envelope.rcpt_tos, mail))
        return self.answer


@pytest.fixture
def server(home) -> Iterator[Server]:
    handler, port = Server(), free_port()
    with (home / "programme.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[mail]\nhost = "127.0.0.1"\nport = {port}\n')
        settings.write('sender = "reports@programme.example"\nsecurity = "none"\n')
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def send(home) -> Callable[..., dict[str, int]]:
    def run(*arguments: str, code: Exit = Exit.DONE) -> dict[str, int]:
        result = CliRunner().invoke(
            app, ["send-reports", "--home", str(home), "--json", *arguments]
        )
        assert result.exit_code == code, result.output
        return {kind: n for kind, n in json.loads(result.stdout).items() if n}

    return run


def test_a_lead_gets_their_own_pack_once_and_it_names_no_other_trust(home, server, send):
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    assert send() == {"sent": 1}
    assert send() == {}
    ((to, mail),) = server.took
    assert to == [mail["To"]] == [LEAD]
    assert mail["From"] == "reports@programme.example"
    assert mail["Message-ID"].endswith("@programme.example>")
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename().endswith("exact-do-not-share.pdf")
    said = texts(attached.get_content())
    names = (
        store.open(
            store.current(home / "releases"), audit.Scope("programme", frozenset(), TEAM, "")
        )
        .sql("SELECT trust_code, trust_name FROM latest_trusts")
        .fetchall()
    )
    assert [name for code, name in names if name in said] == [dict(names)["Z01"]]
    body = mail.get_body().get_content()
    assert "don’t forward it" in body
    assert not any(letter.isdigit() for letter in body.split("is attached")[1])


def test_each_is_made_with_the_access_of_that_moment(home, server, send, orders):
    subscriptions.choose(home, TEAM, "", "monthly")
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    subscriptions.choose(home, LEAD, "Z02", "monthly")
    subscriptions.choose(home, LEAD, "", "monthly")
    subscriptions.choose(home, "somebody@else.example", "Z01", "monthly")
    assert send() == {"sent": 2, "stopped": 3}
    (lead, his), (team, whole) = orders
    assert (lead, his.audience, his.trust) == ({"Z01"}, "own", "Z01")
    assert (len(team) > 1, whole.audience, whole.trust) == (True, "programme", None)
    assert sorted(to for to, _ in server.took) == [[LEAD], [TEAM]]


def test_a_pack_of_a_group_is_what_its_readers_see_whoever_asked(home, server, send, orders):
    reader, about = "group@demo.example", subscriptions.about(None, "NORTHVALE")
    for person in (TEAM, reader, LEAD):
        subscriptions.choose(home, person, about, "monthly")
    subscriptions.choose(home, reader, subscriptions.about(None, "SOUTHMERE"), "changes")
    subscriptions.choose(home, reader, "", "monthly")
    assert send() == {"sent": 2, "stopped": 3}
    (one, mine), (other, theirs) = orders
    assert one == other
    assert mine.unit == theirs.unit == ("group", "NORTHVALE")
    assert {mail["Subject"].count("Northvale") for _, mail in server.took} == {1}
    subscriptions.choose(home, TEAM, about, "changes")
    assert send() == {"stopped": 3}
    changed = subscriptions.of_person(home, TEAM)[0].changes
    assert changed, "what stands out was looked at, to send what changes from it"
    subscriptions.choose(home, TEAM, subscriptions.about(None, "GONE"), "monthly")
    assert send() == {"stopped": 3}


def test_it_stops_when_access_stops(home, server, send, orders):
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    programme, now = open_home(home), datetime.now(UTC)
    today = now.date()
    register = end_access(programme.archive.newest_register(), LEAD, today - timedelta(1), today)
    keep_edited(programme, register, Decided(TEAM, now, "They have left"), None)
    assert send() == {"stopped": 1}
    assert orders == server.took == []


def test_what_the_server_refuses_is_tried_again_and_then_sent_once(home, server, send, orders):
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    server.answer = "451 later"
    assert send(code=Exit.PROBLEMS) == {"failed": 1}
    server.answer = "250 OK"
    assert send() == {"sent": 1}
    assert send() == {}
    assert len(server.took) == 1


def test_a_server_that_is_not_there_is_tried_again(home, send, orders):
    with (home / "programme.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[mail]\nhost = "localhost"\nport = {free_port()}\n')
        settings.write('sender = "reports@programme.example"\n')
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    assert send(code=Exit.PROBLEMS) == send(code=Exit.PROBLEMS) == {"failed": 1}


def test_what_was_cut_off_is_named_and_not_sent_again(home, server, send, orders, monkeypatch):
    async def gone(self, argument: str) -> None:
        """Take the message, and hang up before saying so."""
        server.took.append(([], EmailMessage()))
        self.transport.abort()

    monkeypatch.setattr(SMTP, "smtp_DATA", gone)
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    assert send() == {"unsure": 1}
    assert send() == {"unsure": 1}
    assert len(server.took) == 1


def test_only_changes_are_sent_to_who_wants_only_changes(home, server, send, orders, monkeypatch):
    from dashboard.exports import monthly_pack

    subscriptions.choose(home, LEAD, "Z01", "changes")
    assert send() == {}, "the first time only what there is now is remembered"
    assert send() == {}
    now = [("Z01", "SS-O1", "concern_low")]
    monkeypatch.setattr(monthly_pack, "standing_out", lambda *about: now)
    assert send() == {"sent": 1}
    assert send() == {}
    assert "what stands out is no longer the same" in server.took[0][1].get_body().get_content()


def test_a_folder_gets_each_as_a_draft_that_only_this_account_reads(home, send, orders, tmp_path):
    outbox = tmp_path / "outbox"
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    assert send("--outbox", str(outbox)) == {"sent": 1}
    assert send("--outbox", str(outbox)) == {}
    (file,) = outbox.iterdir()
    assert file.suffix == ".eml"
    assert LEAD not in file.name
    assert file.stat().st_mode & 0o777 == 0o600
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["X-Unsent"]) == (LEAD, "1")


def test_each_is_a_line_of_the_audit_log_without_an_address(home, server, send, orders, log):
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    server.answer = "554 no"
    send(code=Exit.PROBLEMS)
    server.answer = "250 OK"
    send()
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["target"]["result"] for line in lines] == ["failed", "sent"]
    person = audit.fingerprint(audit.Scope("trust", frozenset({"Z01"}), LEAD, ""))
    assert {line["target"]["person"] for line in lines} == {person}
    assert "@" not in json.dumps(lines)


def test_a_pack_that_cannot_be_made_is_not_sent_and_keeps_nobody_back(
    home, server, send, monkeypatch
):
    def refuse(source, order) -> File:
        raise CannotMake("There are no figures.")

    monkeypatch.setattr(make, "make", refuse)
    subscriptions.choose(home, LEAD, "Z01", "monthly")
    assert send() == {}
    assert subscriptions.every(home)[0].trying is None


def test_without_a_server_or_a_folder_it_says_how_to_name_one(home):
    result = CliRunner().invoke(app, ["send-reports", "--home", str(home)])
    assert result.exit_code == Exit.WRONG_USE
    assert "[mail] in programme.toml" in result.stderr


def test_a_server_elsewhere_is_only_used_with_encryption(home):
    with (home / "programme.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[mail]\nhost = "mail.example"\nsender = "a@b.example"\n')
        settings.write('security = "none"\n')
    result = CliRunner().invoke(app, ["send-reports", "--home", str(home)])
    assert result.exit_code == Exit.WRONG_USE
    assert "would not be encrypted" in result.stderr


def test_a_damaged_file_of_wishes_is_named_and_nothing_is_sent(home, tmp_path):
    (home / subscriptions.FILE).write_bytes(b"no database at all" * 9)
    result = CliRunner().invoke(
        app, ["send-reports", "--home", str(home), "--outbox", str(tmp_path)]
    )
    assert result.exit_code == Exit.WRONG_USE
    assert f"({subscriptions.FILE} in the home)" in result.stderr
