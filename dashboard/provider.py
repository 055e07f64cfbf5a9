"""Whether the description of an identity provider can be used: said before anybody signs in."""

from collections.abc import Mapping
from urllib.parse import urlsplit

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32


def faults(auth: Mapping[str, object]) -> list[str]:
    """What is wrong with the [auth] section, each as a sentence; empty if nothing is."""
    missing = [name for name in NEEDED if not auth.get(name)]
    if missing:
        return [f"The [auth] section lacks {', '.join(missing)}."]
    found = []
    if not str(auth["redirect_uri"]).endswith(CALLBACK):
        found.append(f"redirect_uri must end in {CALLBACK}.")
    if len(str(auth["cookie_secret"])) < SHORTEST_SECRET:
        found.append(
            f"cookie_secret is shorter than {SHORTEST_SECRET} characters, so somebody could guess "
            "it and sign in as anyone: make a long random one."
        )
    return found


def behind_https(auth: Mapping[str, object]) -> bool:
    """Whether people reach the service by https, so that cookies must never travel without it."""
    return urlsplit(str(auth.get("redirect_uri", ""))).scheme == "https"
