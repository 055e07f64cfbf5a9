"""Signing in with a real provider: who gets in, as whom, for how long, and what is logged."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard.access import Scope
from dashboard.audit import fingerprint
from dashboard.identity import LONGEST
from pipelines.keeping.edited_register import write_register
from pipelines.keeping.home import Home
from tests.browser.provider import (
    SECRET,
    arrive,
    dashboard,
    figures,
    knows,
    open_tab,
    provider,
    sign_in,
    text,
)
from tests.browser.visit import Visit

TWO_TRUSTS, MOVER, LEAVER = "both@demo.example", "mover@demo.example", "leaver@demo.example"
BEGAN = date(2025, 1, 1)


@dataclass(frozen=True)
class Service:
    """A dashboard, its provider, and the files of both."""

    address: str
    issuer: str
    home: Home
    audit: Path
    feeling_safe: str

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.audit.read_text(encoding="utf-8").splitlines()]

    def change_register(self, folder: Path, access: pl.DataFrame) -> None:
        """Save the register with these people, and build, as the programme team does."""
        write_register(folder, self.home.archive.register())
        access.write_csv(folder / "access.csv")
        command = [self.feeling_safe, "register", str(folder), "--home", str(self.home.root)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


@pytest.fixture(scope="module")
def service(demo_home, tmp_path_factory, feeling_safe, issuer) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("sign-in")
    home = Home(Path(shutil.copytree(demo_home, folder / "home")))
    audit = folder / "log" / "audit.jsonl"
    with dashboard(
        feeling_safe, home.root, issuer, folder / "cwd", AUDIT_LOG=str(audit)
    ) as address:
        made = Service(address, issuer, home, audit, feeling_safe)
        access = home.archive.register().access
        more = [(TWO_TRUSTS, "Bo Both", "trust", "Z01 Z02"), (MOVER, "Mo Mover", "trust", "Z01")]
        more += [(LEAVER, "Lee Leaver", "programme", None)]
        rows = [
            {"email": e, "name": n, "role": r, "trusts": t, "valid_from": BEGAN}
            for e, n, r, t in more
        ]
        added = pl.DataFrame(rows, schema_overrides={"trusts": pl.String})
        made.change_register(folder / "more", pl.concat([access, added], how="diagonal"))
        yield made


def enter(browser, service: Service, person: str, path: str = "/", **claims: object) -> Visit:
    knows(service.issuer, person, **claims)
    visit = arrive(browser, service.address, path)
    sign_in(visit, person)
    return visit


def closed(visit: Visit) -> bool:
    """Whether the visitor is on the sign-in screen, with no figures and no link to another."""
    return figures(visit) == 0 and visit.screens() == {}


@pytest.mark.parametrize(
    ("person", "is_called", "screen"),
    [
        ("programme@demo.example", "national programme team", "Compare wards"),
        ("lead.one@demo.example", "trust lead for Z01", "Send a return"),
        ("region@demo.example", "region reader for Z0", "Wards and their peers"),
        (TWO_TRUSTS, "trust lead for Z01, Z02", "Send a return"),
        ("LEAD.one@Demo.Example", "trust lead for Z01", "Send a return"),
    ],
)
def test_somebody_of_the_register_gets_in_as_what_it_says(
    browser, service, person, is_called, screen
):
    visit = enter(browser, service, person)
    assert is_called in visit.page.locator(".fs-person").inner_text()
    assert screen in visit.screens()
    assert [*visit.broken(), *visit.errors, *visit.inaccessible()] == []
    visit.page.context.close()


@pytest.mark.parametrize(
    ("person", "claims", "told"),
    [
        ("stranger@demo.example", {}, "stranger@demo.example, but this address has no access"),
        ("left@demo.example", {}, "this address has no access to this programme today"),
        ("lead.one@demo.example", {"email_verified": False}, "has not confirmed"),
        ("lead.one@demo.example", {"email_verified": None}, "has not confirmed"),
        ("lead.one@demo.example", {"email_verified": "true"}, "has not confirmed"),
        ("programme@demo.example", {"email": "*@demo.example"}, "has no access"),
        (
            "programme@demo.example",
            {"iat": int(time.time() - LONGEST.total_seconds() - 60)},
            "more than 12 hours ago",
        ),
    ],
)
def test_anyone_else_sees_why_not_at_every_address(browser, service, person, claims, told):
    visit = enter(browser, service, person, **claims)
    assert told in text(visit)
    assert visit.inaccessible() == []
    for path in ("/", "/overview", "/ward?ward=Z01-ALDER1", "/take-away"):
        visit.open(path)
        assert told in text(visit)
        assert closed(visit)
    visit.page.get_by_role("button", name="Sign out", exact=True).click()
    visit.page.wait_for_url(f"{service.issuer}/**")
    visit.page.context.close()


def test_a_directory_that_the_operator_names_need_not_say_that_addresses_are_confirmed(
    browser, service, tmp_path
):
    with dashboard(
        service.feeling_safe,
        service.home.root,
        service.issuer,
        tmp_path,
        EMAIL_CONFIRMED_BY=f"https://elsewhere.example {service.issuer}",
    ) as address:
        knows(service.issuer, "lead.two@demo.example", email_verified=None)
        visit = arrive(browser, address)
        sign_in(visit, "lead.two@demo.example")
        assert "trust lead for Z02" in text(visit)
        knows(service.issuer, "lead.two@demo.example", email_verified=False)
        other = arrive(browser, address)
        sign_in(other, "lead.two@demo.example")
        assert "has not confirmed" in text(other)
        assert closed(other)
        for opened in (visit, other):
            opened.page.context.close()


def forged(secret: str, origin: str) -> str:
    """The cookie of a sign-in that never happened, signed with this secret."""
    said = {
        "email": "programme@demo.example",
        "email_verified": True,
        "iat": int(time.time()),
        "is_logged_in": True,
        "origin": origin,
        "provider": "default",
    }
    return create_signed_value(secret, "_streamlit_user", json.dumps(said)).decode()


@pytest.mark.parametrize("kind", ["garbled", "guessed secret", "another site", "demo person"])
def test_a_forged_cookie_is_nobody(browser, service, kind):
    cookie = {
        "garbled": ("_streamlit_user", "2|1:0|10:1|15:_streamlit_user|4:e30=|0000"),
        "guessed secret": ("_streamlit_user", forged("a guessed secret" * 3, service.address)),
        "another site": ("_streamlit_user", forged(SECRET, "https://elsewhere.example")),
        "demo person": ("feeling_safe_demo_person", "programme%40demo.example"),
    }[kind]
    context = browser.new_context(locale="en-GB")
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": service.address}])
    for path in ("/", "/overview", "/returns"):
        visit = open_tab(context, service.address, path)
        assert visit.page.get_by_role("button", name="Sign in", exact=True).is_visible()
        assert closed(visit)
    answer = context.request.get(f"{service.address}/be?person=programme@demo.example")
    assert answer.status == 404
    context.close()


def test_the_forger_would_get_in_with_the_real_secret(browser, service):
    # Otherwise the test above could pass because nothing it makes is a cookie at all.
    context = browser.new_context(locale="en-GB")
    value = forged(SECRET, service.address)
    context.add_cookies([{"name": "_streamlit_user", "value": value, "url": service.address}])
    assert "national programme team" in text(open_tab(context, service.address))
    context.close()


def test_a_link_to_a_screen_leads_there_after_the_sign_in(browser, service):
    inside = enter(browser, service, "lead.one@demo.example", "/our-wards")
    path = inside.page.locator('a[href*="ward?ward="]').last.get_attribute("href")
    inside.open(path)
    heading = inside.page.locator("h1").first.inner_text()
    asked, inside_at = urlsplit(inside.page.url).query, inside.page.url
    inside.page.context.close()
    visit = enter(browser, service, "lead.one@demo.example", path)
    assert visit.page.url == inside_at
    assert "ward=" in asked
    assert visit.page.locator("h1").first.inner_text() == heading
    assert figures(visit) > 0
    visit.page.context.close()


def test_a_changed_register_is_obeyed_at_the_next_click(browser, service, tmp_path):
    mover = enter(browser, service, MOVER, "/take-away")
    leaver = enter(browser, service, LEAVER, "/about")
    assert "trust lead for Z01" in text(mover)
    assert "national programme team" in text(leaver)

    access = service.home.archive.register().access
    moved = pl.when(pl.col("email") == MOVER).then(pl.lit("Z02")).otherwise("trusts")
    left = pl.when(pl.col("email") == LEAVER).then(pl.lit(BEGAN)).otherwise("valid_to")
    service.change_register(tmp_path / "changed", access.with_columns(trusts=moved, valid_to=left))
    for visit, path in ((mover, "Our wards"), (leaver, "Overview")):
        visit.page.get_by_role("link", name=path, exact=True).first.click()
        visit.settle()
    assert "trust lead for Z02" in text(mover)
    assert not [w for w in _wards(service) if w.startswith("Z01-") and w in text(mover)]
    assert "has no access to this programme today" in text(leaver)
    assert closed(leaver)
    for visit in (mover, leaver):
        visit.page.context.close()


def test_a_sign_out_holds_in_every_tab_and_for_every_copy_of_the_cookie(browser, service):
    first = enter(browser, service, "lead.two@demo.example")
    second = open_tab(first.page.context, service.address, "/take-away")
    copied = first.page.context.cookies(service.address)
    assert "trust lead for Z02" in text(second)
    first.page.get_by_role("button", name="Sign out", exact=True).click()
    first.page.wait_for_url(f"{service.issuer}/**")  # and out of the provider, too
    assert "_streamlit_user" not in {c["name"] for c in first.page.context.cookies()}

    second.page.get_by_role("link", name="Our wards", exact=True).first.click()
    second.settle()
    assert "You have signed out" in text(second)
    assert closed(second)
    thief = browser.new_context(locale="en-GB")
    thief.add_cookies(copied)
    stolen = open_tab(thief, service.address, "/our-wards")
    assert "You have signed out" in text(stolen)
    assert closed(stolen)
    sign_in(second, "lead.two@demo.example", "Sign in again")
    assert "trust lead for Z02" in text(second)
    for context in (first.page.context, thief):
        context.close()


def test_the_audit_log_tells_who_came_without_naming_anyone(browser, service):
    before = len(service.lines()) if service.audit.exists() else 0
    visit = enter(browser, service, "lead.one@demo.example")
    visit.open("/take-away")  # a new page of the same sign-in is not a new sign-in
    visit.page.get_by_role("button", name="Create the file").click()
    visit.page.get_by_role("button", name="Download").wait_for()
    visit.page.get_by_role("button", name="Sign out", exact=True).click()
    visit.page.wait_for_url(f"{service.issuer}/**")
    stranger = enter(browser, service, "somebody.else@demo.example")
    lines = service.lines()[before:]
    lead = fingerprint(Scope("trust", frozenset(), "lead.one@demo.example", ""))
    nobody = fingerprint(Scope("nobody", frozenset(), "somebody.else@demo.example", ""))
    assert [(line["action"], line["actor"]) for line in lines] == [
        ("sign_in", lead),
        ("export", lead),
        ("sign_out", lead),
        ("sign_in_refused", nobody),
    ]
    assert lines[-1]["target"] == {"reason": "no_access_in_the_register"}
    assert all(line["at"].endswith("+00:00") for line in lines)

    written = service.audit.read_text(encoding="utf-8").casefold()
    people = service.home.archive.register().access
    assert "@" not in written
    for name in [*people["name"], *people["email"], "stranger", "somebody"]:
        assert name.casefold() not in written
    assert oct(service.audit.stat().st_mode & 0o777) == "0o600"
    for opened in (visit, stranger):
        opened.page.context.close()


def _wards(service: Service) -> list[str]:
    wards = service.home.archive.register().wards
    return [f"{trust}-{ward}" for trust, ward in wards.select("trust_code", "ward_code").rows()]
