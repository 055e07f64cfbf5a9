"""A sign-in counts only with a confirmed address, and only for some hours."""

from datetime import UTC, datetime

import pytest

from dashboard.identity import LONGEST, TOO_LONG_AGO, UNCONFIRMED, key_of, refusal

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
