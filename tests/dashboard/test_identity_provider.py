"""Provider settings that can't work, or that anyone could forge, are refused at once."""

import pytest

from dashboard.identity import behind_https, provider_faults

GOOD = {
    "redirect_uri": "https://feeling-safe.example/oauth2callback",
    "cookie_secret": "0123456789abcdef" * 4,
    "client_id": "feeling-safe",
    "client_secret": "a secret",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}


def test_a_whole_description_has_no_fault():
    assert provider_faults(GOOD) == []


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
    (sentence,) = provider_faults(GOOD | change)
    assert says in sentence
    assert "changeme" not in sentence


def test_cookies_must_be_secure_where_people_come_by_https():
    assert behind_https(GOOD)
    assert not behind_https(GOOD | {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"})
    assert not behind_https({})
