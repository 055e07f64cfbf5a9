"""feeling-safe check-config: each thing that is wrong is named, and nothing else."""

import json
import os
import shutil
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from ssl import SSLCertVerificationError
from threading import Thread
from urllib.error import URLError

import pytest

from dashboard.cli import check_config
from dashboard.cli.errors import Exit
from dashboard.cli.status import _for_people
from dashboard.page import session
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import open_home
from pipelines.measures import load
from pipelines.releasing.build import build
from pipelines.status import status
from tests import worlds
from tests.dashboard.cli.typed import run

DESCRIBED = {
    "redirect_uri": "https://ward.example/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "x",
    "client_secret": "x",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = worlds.small_world(
        tmp_path_factory.mktemp("config") / "home", worlds.FIRST, worlds.FIRST, contact="The team"
    )
    build(home, worlds.received(worlds.FIRST))
    return home.root


@pytest.fixture
def home(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "provider", dict)
    monkeypatch.setenv("FEELING_SAFE_ERROR_LOG", str(tmp_path / "errors.log"))
    for name in [n for n in os.environ if n.startswith("FEELING_SAFE_")]:
        if name != "FEELING_SAFE_ERROR_LOG":
            monkeypatch.delenv(name)
    return Path(shutil.copytree(made, tmp_path / "home"))


def wrong(home, *options):
    result = run("check-config", "--json", "--home", home, *options)
    found = {each["about"]: each["words"] for each in json.loads(result.stdout) if not each["good"]}
    assert result.exit_code == (Exit.PROBLEMS if found else Exit.DONE)
    return found


def test_the_measures_of_the_programme_are_counted_and_checked(home):
    files = worlds.measure_file("SS-P4", target="80")
    decided = Decided(worlds.TEAM, worlds.received(worlds.FIRST), "Lower")
    open_home(home).archive.keep_measures(files, decided)
    words = run("check-config", "--home", home).stdout
    assert (
        f"measures: {len(load())} measures can be used, 1 changed and 0 added by the programme."
        in words
    )
    (home / "archive" / "measures" / "1" / "SS-P4_own.toml").write_text("id =")
    assert "Version 1 of the programme’s own measures is damaged" in wrong(home)["measures"]


def test_where_all_is_well_nothing_is_wrong_and_nothing_is_changed(home):
    before = sorted(path.stat().st_mtime_ns for path in home.rglob("*"))
    assert wrong(home) == {}
    assert sorted(path.stat().st_mtime_ns for path in home.rglob("*")) == before
    text = run("check-config", "--home", home).stdout
    assert "good   register: version 1, 2 trusts, 2 people with access today, 1 of them" in text
    assert "CHECK" not in text


def spoil_settings(home, monkeypatch):
    (home / "programme.toml").write_text("name = ")


def set_what_is_none(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_LIMIT_API", "many")


def misspell_a_setting(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_AUDITLOG", "x")


def open_the_home(home, monkeypatch):
    home.chmod(0o755)


def lose_the_log_folder(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_AUDIT_LOG", str(home / "nowhere" / "audit.jsonl"))


def damage_a_return(home, monkeypatch):
    next((home / "archive" / "returns").rglob("receipt.json")).write_text("{")


def damage_the_release(home, monkeypatch):
    path = next((home / "releases").glob("*.duckdb"))
    path.write_bytes(path.read_bytes()[:-1])


def set_the_clock_back(home, monkeypatch):
    early = worlds.START

    class Then(check_config.datetime):
        @classmethod
        def now(cls, tz=None):
            return early

    monkeypatch.setattr(check_config, "datetime", Then)


def describe_half_a_provider(home, monkeypatch):
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED | {"cookie_secret": "short"})


def come_without_https(home, monkeypatch):
    uri = DESCRIBED["redirect_uri"].replace("https", "http")
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED | {"redirect_uri": uri})


def show_the_secrets(home, monkeypatch):
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED)
    secrets = home.parent / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text("")
    secrets.chmod(0o644)


def name_no_backup_folder(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(home.parent / "nowhere"))


def back_up_into_the_home(home, monkeypatch):
    (home / "backups").mkdir()
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(home / "backups"))


def cut_off_a_backup(home, monkeypatch):
    folder = home.parent / "backups"
    folder.mkdir(mode=0o700)
    (folder / "feeling-safe-00001-2026-01-01T000000Z.zip").write_text("half")
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(folder))


def name_no_folder_for_the_copy(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_MIRROR", str(home.parent / "nowhere"))


def begin_no_copy(home, monkeypatch):
    (home.parent / "copy").mkdir(mode=0o700)
    monkeypatch.setenv("FEELING_SAFE_MIRROR", str(home.parent / "copy"))


def open_the_copy(home, monkeypatch):
    begin_no_copy(home, monkeypatch)
    (home.parent / "copy").chmod(0o755)


def name_a_mail_server(home, monkeypatch):
    with (home / "programme.toml").open("a") as settings:
        settings.write(
            '[mail]\nhost = "smtp.ward.example"\nsender = "a@ward.example"\nuser = "a"\n'
        )


def lose_the_password(home, monkeypatch):
    name_a_mail_server(home, monkeypatch)
    monkeypatch.setenv("FEELING_SAFE_MAIL_PASSWORD_FILE", str(home.parent / "nowhere"))


def show_the_password(home, monkeypatch):
    name_a_mail_server(home, monkeypatch)
    path = home.parent / "password"
    path.write_text("secret")
    path.chmod(0o644)
    monkeypatch.setenv("FEELING_SAFE_MAIL_PASSWORD_FILE", str(path))


def give_metrics_at_the_port_of_the_dashboard(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_METRICS_PORT", "8501")


@pytest.mark.parametrize(
    ("spoil", "about", "words"),
    [
        (set_what_is_none, "environment", "FEELING_SAFE_LIMIT_API is “many”"),
        (misspell_a_setting, "environment", "FEELING_SAFE_AUDITLOG is not a setting"),
        (open_the_home, "folders", "others may open"),
        (lose_the_log_folder, "logs", "audit.jsonl can't be written"),
        (name_no_backup_folder, "backups", "nowhere: create it, or mount its disk."),
        (back_up_into_the_home, "backups", "is inside the programme's own folder"),
        (cut_off_a_backup, "backups", "-00001-2026-01-01T000000Z.zip can't be read: delete it"),
        (name_no_folder_for_the_copy, "copy elsewhere", "nowhere: create it, or mount its disk."),
        (begin_no_copy, "copy elsewhere", "holds no copy yet: begin it with “feeling-safe mirror"),
        (open_the_copy, "copy elsewhere", "others may open"),
        (name_a_mail_server, "mail", "set FEELING_SAFE_MAIL_PASSWORD, or name its file"),
        (lose_the_password, "mail", "and no password can be read there"),
        (show_the_password, "mail", "chmod 600"),
        (give_metrics_at_the_port_of_the_dashboard, "metrics", "8501, the dashboard's own"),
        (damage_a_return, "archive", "One entry of the archive can't be read"),
        (damage_the_release, "release", "is damaged, or an earlier version built it"),
        (set_the_clock_back, "clock", "but the newest entry of the archive is from"),
        (describe_half_a_provider, "sign-in", "cookie_secret is shorter than 32"),
        (come_without_https, "sign-in", "redirect_uri does not begin with https"),
        (show_the_secrets, "sign-in", "chmod 600"),
    ],
)
def test_what_is_wrong_is_named(home, monkeypatch, spoil, about, words):
    spoil(home, monkeypatch)
    found = wrong(home, "--offline")
    assert set(found) - {"register"} == {about}
    assert words in found[about]


def test_a_clock_before_the_first_month_is_named(tmp_path, monkeypatch):
    early = worlds.empty_world(tmp_path / "home", first_month="2999-01").root
    text = run("check-config", "--offline", "--home", early).stdout
    assert "The programme begins later, in January 2999: is that right?" in text
    said = run("status", "--home", early).stdout
    assert "Nothing can be sent before the programme begins, in January 2999. It is" in said
    begun = _for_people(status(early, date(2999, 1, 31)), 6)
    assert begun[-1].startswith("It is 31 January 2999, and the first month has not ended yet: ")
    assert "returns for January 2999 are due by 14 February 2999." in begun[-1]


def test_backups_and_metrics_are_named_where_all_is_well(home, monkeypatch):
    folder = home.parent / "backups"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(folder))
    monkeypatch.setenv("FEELING_SAFE_METRICS_PORT", "9555")
    text = run("check-config", "--home", home).stdout
    assert f"good   backups: none in {folder}." in text
    assert "good   metrics: given at port 9555 of this machine alone." in text
    copy = home.parent / "copy"
    copy.mkdir(mode=0o700)
    assert run("mirror", copy, "--home", home).exit_code == 0
    monkeypatch.setenv("FEELING_SAFE_MIRROR", str(copy))
    assert f"{copy} lacks 0 entries." in run("check-config", "--home", home).stdout
    made = json.loads(run("backup", "--keep", "1", folder, "--home", home, "--json").stdout)["file"]
    assert (
        f"the last whole one in {folder} is {Path(made).name}."
        in run("check-config", "--home", home).stdout
    )


def test_settings_that_cannot_be_read_are_named(home):
    spoil_settings(home, None)
    found = wrong(home)
    assert "can't be read as TOML" in found["programme.toml"]
    assert found["register"] == found["mail"] == "not checked yet, for the same reason."


def test_a_folder_in_place_of_the_settings_is_named_in_words(home):
    (home / "programme.toml").unlink()
    (home / "programme.toml").mkdir()
    assert wrong(home)["programme.toml"] == f"{home / 'programme.toml'} is a folder: name a file."


def test_a_provider_that_does_not_answer_is_named(home, monkeypatch):
    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Nothing)
    Thread(target=server.handle_request, daemon=True).start()
    address = f"https://127.0.0.1:{server.server_port}/x"
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED | {"server_metadata_url": address})
    assert f"{address} does not answer as it should" in wrong(home)["identity provider"]
    server.server_close()


def test_what_the_system_says_of_a_provider_is_said_in_its_words(home, monkeypatch):
    def refused(*_, **__):
        raise URLError(ConnectionRefusedError(111, "Connection refused"))

    monkeypatch.setattr("urllib.request.urlopen", refused)
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED)
    assert wrong(home)["identity provider"].endswith("as it should (Connection refused).")


def test_a_certificate_that_has_expired_is_named(home, monkeypatch):
    def refused(*_, **__):
        error = SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "certificate has expired"
        raise URLError(error)

    address = "https://provider.example/x"
    monkeypatch.setattr(session, "provider", lambda: DESCRIBED | {"server_metadata_url": address})
    monkeypatch.setattr("urllib.request.urlopen", refused)
    said = wrong(home)["identity provider"]
    assert said.startswith(
        f"the certificate of {address} can't be trusted (certificate has expired)"
    )
    assert "nobody can sign in" in said
