"""A sign-in counts only if confirmed and fresh; a description of a provider must be whole."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.identity import (
    LONGEST,
    TOO_LONG_AGO,
    UNCONFIRMED,
    SignIns,
    behind_https,
    key_of,
    provider_faults,
    refusal,
)
from dashboard.shared import Shared

NOW = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
SECONDS = NOW.timestamp()
ISSUER = "https://directory.example/v2.0"
GOOD = {"iss": ISSUER, "sub": "1", "email": "lead@x.example", "email_verified": True}
GOOD |= {"iat": int(SECONDS) - 60, "nonce": "n"}
SILENT = {name: value for name, value in GOOD.items() if name != "email_verified"}
NOBODY, NAMED = frozenset(), frozenset({ISSUER})


def test_a_fresh_and_confirmed_sign_in_is_taken():
    assert refusal(GOOD, NOBODY, NOW) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"email_verified": False}, UNCONFIRMED),
        ({"email_verified": None}, UNCONFIRMED),
        ({"email_verified": "true"}, UNCONFIRMED),
        ({"email_verified": 1}, UNCONFIRMED),
        ({"email": None}, UNCONFIRMED),
        ({"email": ["lead@x.example"]}, UNCONFIRMED),
        ({"iat": SECONDS - LONGEST.total_seconds() - 1}, TOO_LONG_AGO),
        ({"iat": SECONDS + 3600}, TOO_LONG_AGO),
        ({"iat": None}, TOO_LONG_AGO),
        ({"iat": "yesterday"}, TOO_LONG_AGO),
        ({"iat": True}, TOO_LONG_AGO),
        ({"iat": float("nan")}, TOO_LONG_AGO),
    ],
)
@pytest.mark.parametrize("named", [NOBODY, frozenset({"https://another.example"})])
def test_any_other_sign_in_is_refused(change, why, named):
    assert refusal(GOOD | change, named, NOW) is why


def test_a_named_directory_need_not_say_that_its_addresses_are_confirmed():
    assert refusal(SILENT, NOBODY, NOW) is UNCONFIRMED
    assert refusal(SILENT, NAMED, NOW) is None
    assert refusal(SILENT | {"xms_edov": True}, NAMED, NOW) is None
    assert refusal(SILENT | {"xms_edov": "1"}, NAMED, NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        {"email_verified": False},
        {"xms_edov": False},
        {"xms_edov": "0"},
        {"xms_edov": None},
        {"iss": f"{ISSUER}/"},
        {"iss": "https://directory.example"},
        {"iss": None},
        {"email": None},
    ],
)
def test_its_silence_counts_only_for_the_named_issuer_and_only_as_silence(change):
    assert refusal(SILENT | change, NAMED, NOW) is UNCONFIRMED


def test_a_named_directory_does_not_make_a_sign_in_last_longer():
    old = SILENT | {"iat": SECONDS - LONGEST.total_seconds() - 1}
    assert refusal(old, NAMED, NOW) is TOO_LONG_AGO


@pytest.mark.parametrize("name", ["iss", "sub", "iat", "nonce"])
def test_two_sign_ins_never_share_a_key(name):
    assert key_of(GOOD) == key_of(dict(GOOD))
    assert key_of(GOOD) != key_of(GOOD | {name: "other"})
    assert "lead" not in key_of(GOOD)


DESCRIPTION = {
    "redirect_uri": "https://feeling-safe.example/oauth2callback",
    "cookie_secret": "0123456789abcdef" * 4,
    "client_id": "feeling-safe",
    "client_secret": "a secret",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}


def test_a_whole_description_has_no_fault():
    assert provider_faults(DESCRIPTION) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"client_id": ""}, "lacks client_id"),
        ({"cookie_secret": None, "client_secret": ""}, "lacks cookie_secret, client_secret"),
        ({"redirect_uri": "https://feeling-safe.example/"}, "must end in /oauth2callback"),
        ({"cookie_secret": "changeme"}, "shorter than 32 characters"),
    ],
)
def test_a_fault_is_a_sentence_without_a_secret(change, says):
    (sentence,) = provider_faults(DESCRIPTION | change)
    assert says in sentence
    assert "changeme" not in sentence


def test_cookies_must_be_secure_where_people_come_by_https():
    assert behind_https(DESCRIPTION)
    assert not behind_https(DESCRIPTION | {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"})
    assert not behind_https({})


def test_only_the_first_time_is_the_first():
    known = SignIns(Shared())
    assert known.first("a", NOW)
    assert not known.first("a", NOW)
    assert known.first("b", NOW)


def test_an_end_is_for_one_sign_in_and_lasts_until_it_could_not_be_taken_anyway():
    known = SignIns(Shared())
    assert known.end("a", NOW)
    assert not known.end("a", NOW)
    assert known.ended("a")
    assert not known.ended("b")
    known.end("b", NOW + LONGEST)
    assert known.ended("a")
    known.end("c", NOW + LONGEST + timedelta(hours=1))
    assert not known.ended("a")
    assert known.ended("b")


def test_the_memory_does_not_grow_without_end():
    known = SignIns(Shared(), most=2)
    for key in "abc":
        known.first(key, NOW)
    assert known.first("a", NOW)
    assert not known.first("c", NOW)
