"""Tokens: whom each acts for, for what and how long, and that nobody reaches another trust."""

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from dashboard import token_holders
from dashboard.token_holders import NotRecognised, recognise
from pipelines.keeping import tokens as kept_tokens
from pipelines.keeping.decisions import Decided
from pipelines.keeping.tokens import NewToken, TokenError
from pipelines.verify_home import verify
from schemas.london_time import london_day
from tests import worlds
from tests.dashboard import tiny_release
from tests.dashboard.api.conftest import LAST, NEXT
from tests.dashboard.api.problem_details import problem

OTHER, BOTH = "other@trust.example", "both@trust.example"
TEMPLATE = f"/v1/template?trust=Z01&month={NEXT}"
THEIRS = [f"/v1/template?trust=Z02&month={NEXT}", f"/v1/returns/Z02-{LAST}-1"]


def register(api, *people: tuple[str, str, str | None], ends: date | None = None) -> None:
    """Save a register with these people: e-mail, role, trusts; trusts' people have a last day."""
    rows = [worlds._person(email, "Somebody", role, trusts) for email, role, trusts in people]
    last = pl.when(pl.col("role") == "trust").then(pl.lit(ends, pl.Date))
    now = api.home.archive.register()
    access = pl.DataFrame(rows, schema=now.access.schema)
    changed = replace(now, access=access.with_columns(valid_to=last))
    api.home.archive.keep_register(changed, Decided(worlds.TEAM, api.now, "Changed"))


def ident(token: str) -> str:
    return token.split("_")[1]


def test_a_token_is_shown_once_and_only_its_hash_is_kept(api):
    files = [path.read_text(encoding="utf-8") for path in api.home.root.rglob("*.json")]
    assert not [text for text in files if api.token in text]
    assert len([text for text in files if ident(api.token) in text]) == 1
    assert len(api.token) > 50
    assert api.issue() != api.issue()


def test_a_token_is_no_part_of_the_figures(api):
    before = api.home.archive.state()
    kept_tokens.revoke(api.home, ident(api.issue()), Decided(worlds.TEAM, api.now, "Not needed"))
    assert api.home.archive.state() == before


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Basic bGVhZDpzZWNyZXQ=", "Token fs_abc", "bearer"],
)
def test_without_a_bearer_token_nothing_is_given(api, header):
    headers = {"authorization": header} if header is not None else {}
    answer = api.ask("GET", TEMPLATE, token="", extra_headers=headers)
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def forged(token: str) -> list[str]:
    _, name, secret = token.split("_", 2)
    flipped = ("A" if secret[0] != "A" else "B") + secret[1:]
    return [
        f"fs_{name}_{flipped}",
        f"fs_{'0' * 12}_{secret}",
        f"fs_{name}_",
        f"fs_{name}_{secret}x",
        f"FS_{name}_{secret}",
        f"fs_../../../../etc_{secret}",
        secret,
        "x",
        "fs_" + "é" * 12,
    ]


def test_a_forged_token_is_not_taken_and_told_nothing(api):
    said = set()
    for text in forged(api.token):
        with pytest.raises(NotRecognised) as refused:
            recognise(api.home, text, london_day(api.now))
        said.add(str(refused.value))
        if text.isascii():
            answer = api.ask("GET", TEMPLATE, token=text)
            problem(answer, 401, "token-not-taken")
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert len(said) == 1


def test_a_refused_token_is_in_the_audit_log_with_where_it_came_from(api, caplog):
    revoked = api.issue()
    ended = Decided(worlds.TEAM, api.now, "Lost")
    kept_tokens.revoke(api.home, ident(revoked), ended)
    with caplog.at_level("INFO", "feeling_safe.audit"):
        api.ask("GET", TEMPLATE, token=revoked)
        api.ask("GET", TEMPLATE, token=forged(api.token)[0])
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "feeling_safe.audit"]
    assert [line["action"] for line in lines] == ["token_refused"] * 2
    assert [line["target"]["token"] for line in lines] == [ident(revoked), None]
    assert {line["target"]["address"] for line in lines} == {"127.0.0.1"}


def test_a_token_lasts_to_the_end_of_its_last_day_in_london(api):
    last = london_day(api.now) + timedelta(days=5)
    token = api.issue(expires=last)
    api.now = api.now.replace(hour=22) + timedelta(days=5)
    assert api.ask("GET", TEMPLATE, token).status_code == 200  # 23:00 British Summer Time
    api.now += timedelta(hours=1)
    said = problem(api.ask("GET", TEMPLATE, token), 401, "token-not-taken")
    assert "expired" in said["detail"]


def test_a_revoked_token_ends_at_once(api):
    assert api.ask("GET", TEMPLATE).status_code == 200
    kept_tokens.revoke(api.home, ident(api.token), Decided(worlds.TEAM, api.now, "Laptop lost"))
    said = problem(api.ask("GET", TEMPLATE), 401, "token-not-taken")
    assert "revoked" in said["detail"]


@pytest.mark.parametrize(
    "people",
    [
        [(worlds.TEAM, "programme", None)],
        [(worlds.TEAM, "programme", None), (worlds.LEAD, "region", "Z01")],
        [(worlds.TEAM, "programme", None), (worlds.LEAD, "programme", None)],
        [(worlds.TEAM, "programme", None), (worlds.LEAD, "trust", "Z02")],
    ],
)
def test_a_token_ends_when_its_holder_no_longer_sends_for_the_trust(api, people):
    register(api, *people)
    said = problem(api.ask("GET", TEMPLATE), 401, "token-not-taken")
    assert "no longer sends" in said["detail"]


def test_a_token_ends_when_its_holders_access_ends(api):
    register(
        api,
        (worlds.TEAM, "programme", None),
        (worlds.LEAD, "trust", "Z01"),
        ends=london_day(api.now) + timedelta(days=1),
    )
    assert api.ask("GET", TEMPLATE).status_code == 200
    api.now += timedelta(days=2)
    problem(api.ask("GET", TEMPLATE), 401, "token-not-taken")


def test_a_token_shrinks_with_its_holder_and_never_grows(api, good):
    register(api, (worlds.TEAM, "programme", None), (BOTH, "trust", "Z01 Z02"))
    wide, narrow = api.issue(holder=BOTH), api.issue(holder=BOTH, trusts=["Z01"])
    assert [api.ask("GET", path, wide).status_code for path in THEIRS] == [200, 200]
    assert [api.ask("GET", path, narrow).status_code for path in THEIRS] == [403, 404]
    register(api, (worlds.TEAM, "programme", None), (BOTH, "trust", "Z01"))
    assert [api.ask("GET", path, wide).status_code for path in THEIRS] == [403, 404]
    assert api.ask("GET", TEMPLATE, wide).status_code == 200


def test_nothing_of_another_trust_is_given(api):
    template, receipt = (api.ask("GET", path) for path in THEIRS)
    problem(template, 403, "not-your-trust")
    theirs, nobodys = receipt, api.ask("GET", f"/v1/returns/Z01-{LAST}-9")
    assert problem(theirs, 404, "not-found") == problem(nobodys, 404, "not-found")
    sent = api.send(worlds.return_file("Z02", NEXT), answers=json.dumps({"*": "Yes"}))
    problem(sent, 403, "not-your-trust")


def test_a_token_does_only_what_it_was_issued_for(api, good):
    reads, sends = api.issue(may=["read"]), api.issue(may=["send"])
    answer = api.send(good, reads, answers=json.dumps({"*": "Yes"}))
    problem(answer, 403, "token-may-not")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    problem(api.ask("GET", TEMPLATE, sends), 403, "token-may-not")
    kept = api.send(good, sends, answers=json.dumps({"*": "Yes"}))
    assert kept.status_code == 201
    for token in (reads, sends):
        place = kept.headers["location"].removeprefix("/api")
        assert api.ask("GET", place, token).status_code == 200


def test_a_token_for_figures_does_nothing_else_and_no_other_reads_figures(api, good):
    tiny_release.write(api.home.root)
    figures = api.issue(may=["figures"])
    assert api.ask("GET", "/v1/figures", figures).status_code == 200
    sent = api.send(good, figures, answers=json.dumps({"*": "Yes"}))
    problem(sent, 403, "token-may-not")
    for path in (TEMPLATE, f"/v1/returns/Z01-{LAST}-1", f"/v1/returns/Z01-{LAST}-1/file"):
        problem(api.ask("GET", path, figures), 403, "token-may-not")
    assert f"Z01/{NEXT}/1" not in api.versions()
    for may in (["send"], ["read"], ["send", "read"]):
        problem(api.ask("GET", "/v1/figures", api.issue(may=may)), 403, "token-may-not")


def test_a_token_for_figures_covers_what_its_holder_sees_and_no_more(api):
    register(api, (worlds.TEAM, "programme", None), (BOTH, "trust", "Z01 Z02"))
    today = london_day(api.now)
    team, both, narrow = (
        api.issue(may=["figures"], **about)
        for about in (
            {"holder": worlds.TEAM},
            {"holder": BOTH},
            {"holder": BOTH, "trusts": ["z01"]},
        )
    )
    assert recognise(api.home, team, today).scope.sees_everything
    assert recognise(api.home, both, today).scope.trusts == {"Z01", "Z02"}
    assert recognise(api.home, narrow, today).scope.trusts == {"Z01"}
    register(api, (worlds.TEAM, "trust", "Z01"), (BOTH, "programme", None))
    for token in (team, both, narrow):
        with pytest.raises(NotRecognised, match="no longer sees the figures"):
            recognise(api.home, token, today)
    register(api, (worlds.TEAM, "programme", None), (BOTH, "region", "Z01 Z02"))
    with pytest.raises(NotRecognised, match="no longer sees the figures"):
        recognise(api.home, both, today)
    with pytest.raises(TokenError, match="role “programme” or “trust”"):
        api.issue(may=["figures"], holder=BOTH)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"may": ["figures"], "holder": "nobody@trust.example"}, "can’t have a token for figures"),
        ({"may": ["figures"], "holder": worlds.TEAM, "trusts": ["Z01"]}, "sees every trust"),
        ({"may": ["figures"], "trusts": ["Z02"]}, "may see figures of Z01, not of Z02"),
        ({"may": ["figures", "send"]}, "may do nothing else"),
        ({"holder": "nobody@trust.example"}, "may not send returns today"),
        ({"holder": worlds.TEAM}, "may not send returns today"),
        ({"trusts": ["Z01", "Z02"]}, "may send for Z01, not for Z02"),
        ({"name": "  "}, "Give the token a name"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "Laptop of Mrs Smith"}, "seems to include"),
        ({"may": []}, "what the token may do"),
        ({"may": ["everything"]}, "what the token may do"),
        ({"expires": worlds.received(NEXT).date() - timedelta(days=1)}, "is in the past"),
        ({"expires": worlds.received(NEXT).date() + timedelta(days=366)}, "at most 365 days"),
    ],
)
def test_a_token_that_should_not_be_is_not_issued(api, about, sentence):
    before = kept_tokens.tokens(api.home)
    with pytest.raises(TokenError, match=sentence):
        api.issue(**about)
    assert kept_tokens.tokens(api.home) == before


def test_a_token_lasts_90_days_unless_something_else_is_said(api):
    token, _ = token_holders.issue(
        api.home, NewToken("x", worlds.LEAD, (), ["send"]), worlds.TEAM, api.now
    )
    assert token.expires - london_day(api.now) == timedelta(days=90)


def test_the_list_holds_every_token_with_its_state(api):
    revoked = ident(api.issue(name="Second"))
    kept_tokens.revoke(api.home, revoked, Decided(worlds.TEAM, api.now, "Not needed"))
    found = {k.token.id: k.state(london_day(api.now)) for k in kept_tokens.tokens(api.home)}
    assert found == {ident(api.token): "in use", revoked: "revoked"}
    late = london_day(api.now) + timedelta(days=91)
    assert {k.state(late) for k in kept_tokens.tokens(api.home)} == {"expired", "revoked"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nothing", "Why"), ("../../x", "Why"), (None, " "), (None, "Ask Mrs Smith")],
)
def test_a_revocation_names_a_token_and_a_reason(api, name, reason):
    with pytest.raises(TokenError):
        kept_tokens.revoke(
            api.home, name or ident(api.token), Decided(worlds.TEAM, api.now, reason)
        )


def test_a_token_is_revoked_once(api):
    kept_tokens.revoke(api.home, ident(api.token), Decided(worlds.TEAM, api.now, "Lost"))
    with pytest.raises(TokenError, match="already been revoked"):
        kept_tokens.revoke(api.home, ident(api.token), Decided("someone", api.now, "Again"))


@pytest.mark.parametrize("what", [".json", ".revoked.json"])
def test_a_damaged_token_is_not_taken_and_verify_tells(api, what):
    name = ident(api.token)
    kept_tokens.revoke(api.home, name, Decided(worlds.TEAM, api.now, "Lost"))
    (api.home.archive.root / "tokens" / f"{name}{what}").write_text("{}", encoding="utf-8")
    problem(api.ask("GET", TEMPLATE), 401, "token-not-taken")
    assert f"Token {name} cannot be read." in verify(api.home)
