"""The service: what it refuses, how it reports its health, and the choice of demo people."""

import gc
import json
import logging

import pytest
from starlette.requests import Request
from streamlit.web.bootstrap import load_config_options

from dashboard import audit, server
from dashboard.page import session
from dashboard.rate_limits import LimitError
from dashboard.server import CannotServe
from dashboard.shared import Shared
from pipelines.settings import SettingsError
from tests.dashboard import tiny_release
from tests.dashboard.asgi import run


def request(path: str = "/be", query: str = "", referer: str = "") -> Request:
    headers = [(b"host", b"ward.example")]
    headers += [(b"referer", referer.encode())] if referer else []
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "server": ("ward.example", 80),
            "scheme": "http",
        }
    )


@pytest.fixture
def home(tmp_path, monkeypatch):
    tiny_release.write(tmp_path)
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    return tmp_path


def make_real(home) -> None:
    path = home / "programme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("fictional = true", "fictional = false"), encoding="utf-8")


def test_a_real_programme_is_not_served_without_an_identity_provider(home):
    make_real(home)
    with pytest.raises(CannotServe, match="no sign-in is set up, so the dashboard will not open"):
        server.application(home)


def test_secrets_that_are_not_there_are_said_before_anybody_comes(home, monkeypatch):
    make_real(home)
    session.provider.cache_clear()  # it is read once
    monkeypatch.setenv("FEELING_SAFE_SECRETS", str(home / "gone.toml"))
    with pytest.raises(SettingsError, match=r"gone\.toml”, and this account can read no such file"):
        server.application(home)


def test_a_sign_in_that_could_be_forged_is_not_served(home, monkeypatch):
    make_real(home)
    described = {"redirect_uri": "https://x.example/oauth2callback", "cookie_secret": "changeme"}
    described |= dict.fromkeys(("client_id", "client_secret", "server_metadata_url"), "x")
    monkeypatch.setattr(session, "provider", lambda: described)
    with pytest.raises(CannotServe, match="cookie_secret is shorter than 32 characters"):
        server.application(home)


def test_an_audit_log_that_cannot_be_written_is_said_before_anybody_comes(home, monkeypatch):
    (home / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("FEELING_SAFE_AUDIT_LOG", str(home / "file" / "audit.jsonl"))
    monkeypatch.setattr(audit, "_LOG", logging.getLogger("feeling_safe.audit.unwritable"))
    with pytest.raises(CannotServe, match=r"can't be written .* FEELING_SAFE_AUDIT_LOG"):
        server.application(home)


def test_the_service_is_set_up_for_the_address_it_listens_at(home, monkeypatch):
    hosts, runs = [], []
    monkeypatch.setattr(server, "application", lambda home, host: hosts.append(host))
    monkeypatch.setattr(server, "_log_with_time", lambda: None)
    monkeypatch.setattr(server.uvicorn, "run", lambda *_, **about: runs.append(about["host"]))
    server.serve(home, "0.0.0.0")  # noqa: S104 - nothing listens
    assert hosts == runs == ["0.0.0.0"]  # noqa: S104


def test_nobody_who_starts_the_service_is_told_to_restart_another_program(home):
    said = []
    streamlit = logging.getLogger("streamlit.config")
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    load_config_options({"server_runOnSave": True})
    streamlit.addHandler(handler)
    try:
        server.application(home)
        assert said == []
        streamlit.filters.clear()  # the control
        load_config_options({"server_runOnSave": True})
        assert "restart streamlit" in said[0]
    finally:
        streamlit.removeHandler(handler)
        server.application(home)


def test_a_damaged_count_of_all_processes_is_said_with_what_it_costs_to_go_on(home, monkeypatch):
    monkeypatch.setattr(session, "shared", lambda: Shared(home))
    (home / "shared.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(2000))
    with pytest.raises(CannotServe, match=r"is damaged\. Stop the service, move shared"):
        server.application(home)


def test_a_limit_that_is_none_is_said_before_anybody_comes(home, monkeypatch):
    monkeypatch.setenv("FEELING_SAFE_LIMIT_API", "as many as you like")
    with pytest.raises(LimitError, match="FEELING_SAFE_LIMIT_API is “as many as you like”"):
        server.application(home)


def test_nobody_is_believed_for_what_a_header_says_of_them():
    assert server.SETTINGS["server.trustedUserHeaders"] == {}
    assert server.SETTINGS["server.enableAgentApi"] is False


def health(home):
    return run(server._health(home)(request("/healthz")))


def test_health_names_the_release(home):
    answer = health(home)
    assert (answer.status_code, json.loads(answer.body)) == (200, {"ok": True, "release": "tiny-1"})


def test_health_before_the_first_release_is_well(tmp_path):
    answer = health(tmp_path)
    assert (answer.status_code, json.loads(answer.body)) == (200, {"ok": True, "release": None})


def test_health_with_a_broken_release_is_not_well(home):
    (home / "releases" / "broken.duckdb").write_bytes(b"this is no database")
    (home / "releases" / "CURRENT").write_text("broken", encoding="utf-8")
    answer = health(home)
    assert (answer.status_code, json.loads(answer.body)) == (503, {"ok": False, "release": None})


def test_health_with_a_release_that_was_cut_short_is_not_well(home):
    path = home / "releases" / "tiny-1.duckdb"
    path.write_bytes(path.read_bytes()[:-4096])
    answer = health(home)
    assert (answer.status_code, json.loads(answer.body)) == (503, {"ok": False, "release": None})


def test_choosing_a_person_goes_back_to_the_screen_that_was_asked_for(home):
    answer = server._be(
        request(query="person=lead1@example.org", referer="http://ward.example/ward?ward=Z01-OAK1")
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/ward?ward=Z01-OAK1"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{session.PERSON}=lead1%40example.org;")
    assert "HttpOnly" in cookie


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/x", "http://ward.example.evil/x", "//evil.example"]
)
def test_choosing_a_person_never_leads_elsewhere(home, referer):
    answer = server._be(request(query="person=lead1@example.org", referer=referer))
    assert answer.headers["location"] == "/"


def test_choosing_nobody_leaves(home):
    answer = server._be(request(referer="http://ward.example/returns"))
    assert answer.headers["location"] == "/"
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_real_programme_has_no_choice_of_persons(home):
    make_real(home)
    answer = server._be(request(query="person=team@example.org"))
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_real_programme_reads_no_demo_person(home, monkeypatch):
    make_real(home)
    monkeypatch.setattr(session, "demo_person", lambda: "team@example.org")
    assert session.signed_in_email() is None
    assert session.visitor() is None


def test_settings_of_the_server_are_known_to_streamlit():
    from streamlit import config

    unknown = [name for name in server.SETTINGS if name not in config._config_options_template]
    assert unknown == []


def test_an_error_is_told_kindly_and_logged_without_its_words(monkeypatch, caplog):
    said = []
    monkeypatch.setattr(server.st, "error", said.append)
    with pytest.raises(ValueError, match="row 7") as raised:
        raise ValueError("row 7 of Z01 says something about a person")
    assert server._say_and_log(raised.value) is True
    assert "can't be shown" in said[0]
    assert "ValueError at test_server.py" in caplog.text
    assert "row 7" not in caplog.text + said[0]


def test_a_line_of_the_log_has_its_time_in_utc_and_its_level():
    root = logging.getLogger()
    before = list(root.handlers)
    server._log_with_time()
    (lines,) = [handler for handler in root.handlers if handler not in before]
    root.removeHandler(lines)
    record = logging.makeLogRecord(
        {"name": "uvicorn.error", "msg": "Something", "levelname": "WARNING"}
    )
    record.created, record.msecs = 1776677400.25, 250.0
    assert lines.format(record) == "2026-04-20T09:30:00.250Z WARNING uvicorn.error: Something"
    assert lines.filter(record)
    assert not lines.filter(logging.makeLogRecord({"name": audit.LOG}))  # it has its own time


def test_a_server_that_ends_lets_go_of_what_it_held_or_libraries_complain_of_it():
    asked = []

    class Noted:
        def ask(self) -> None:
            asked.append("ask")

        def stop(self) -> None:
            asked.append("stop")

    async def lives() -> int:
        async with server._lifespan(Noted())(None):
            return gc.get_freeze_count()

    assert run(lives()) > 0
    assert (asked, gc.get_freeze_count()) == (["ask", "stop"], 0)
