"""A real OpenID Connect provider on this machine, and a dashboard that signs people in with it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, BrowserContext

from tests.browser.visit import Visit
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.serving import wait_for

SECRET = "for these tests alone, and longer than thirty-two characters"  # noqa: S105 - of a server that lives for a test
SECRETS = """[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{secret}"
client_id = "feeling-safe"
client_secret = "not checked by this provider"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@contextmanager
def provider() -> Iterator[str]:
    """The issuer's address of a provider that signs in any person by name."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with _running(command, f"http://127.0.0.1:{port}/.well-known/openid-configuration"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def dashboard(
    feeling_safe: str, home: Path, issuer: str, folder: Path, public: str = "", **environment: str
) -> Iterator[str]:
    """The address of a dashboard whose sign-in is that provider; people may know a `public` one."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    secrets = folder / "credentials" / "sign-in.toml"
    secrets.parent.mkdir(parents=True)
    text = SECRETS.format(address=public or address, secret=SECRET, issuer=issuer)
    secrets.write_text(text, encoding="utf-8")
    command = [feeling_safe, "serve", "--home", str(home), "--port", str(port), "--no-open"]
    environment["SECRETS"] = str(secrets)
    settings = {f"FEELING_SAFE_{name}": value for name, value in environment.items()}
    with _running(command, f"{address}/healthz", folder, settings):
        yield address


def knows(issuer: str, person: str, **claims: object) -> None:
    """Set the provider's claims about a person."""
    known = Request(
        f"{issuer}/users/{quote(person)}",
        data=json.dumps({"email": person, "email_verified": True, **claims}).encode(),
        headers={"content-type": "application/json"},
        method="PUT",
    )
    with urlopen(known, timeout=PATIENCE) as answer:
        assert answer.status == 204


def arrive(browser: Browser, address: str, path: str = "/") -> Visit:
    """A new browser, on the sign-in screen."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    return open_tab(context, address, path)


def open_tab(context: BrowserContext, address: str, path: str = "/") -> Visit:
    """One more tab of a browser."""
    visit = Visit(context.new_page(), address)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.open(path)
    return visit


def sign_in(visit: Visit, person: str, button: str = "Sign in") -> None:
    """Go to the provider, sign in as a person, and come back."""
    visit.page.get_by_role("button", name=button, exact=True).click()
    visit.page.locator('input[name="sub"]').fill(person)
    visit.page.get_by_role("button", name="Authorize").click()
    visit.page.wait_for_url(f"{visit.address}/**")
    visit.settle()


def text(visit: Visit) -> str:
    """All that a person can read on the screen."""
    return visit.page.locator("body").inner_text()


def figures(visit: Visit) -> int:
    """How many charts and tables the screen shows."""
    return visit.page.locator("canvas, svg.marks, table").count()


@contextmanager
def _running(
    command: list[str],
    ready: str,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[None]:
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(ready, server)
        yield
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)
