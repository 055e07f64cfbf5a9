"""Every link on every screen leads to a screen that opens."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from dashboard.screens import menu
from tests.dashboard.screens.opening import LEAD1, REGION, ROLES, TEAM, links, shown


def kind(address: str) -> tuple[object, ...]:
    """Links of one kind differ by ward and month only: one of each kind is followed."""
    asked = dict(parse_qsl(urlsplit(address).query))
    return urlsplit(address).path, asked.get("measure"), asked.get("level"), tuple(sorted(asked))


@pytest.mark.slow
@pytest.mark.parametrize("email", [TEAM, LEAD1, REGION])
def test_every_kind_of_link_opens(visit, email):
    addresses: dict[tuple[object, ...], str] = {}
    for _, _, path in menu.SCREENS[ROLES[email]]:
        addresses |= {kind(address): address for address in links(shown(visit(email, path)))}
    if email == TEAM:
        trusts = links(shown(visit(email, "compare", look="Trusts")))
        assert "trust?trust=Z01&measure=SS-O1" in trusts
        addresses |= {kind(address): address for address in trusts}
    assert addresses
    broken = {}
    for address in addresses.values():
        path, query = urlsplit(address).path.strip("/"), dict(parse_qsl(urlsplit(address).query))
        app = visit(email, path, **query)
        known = {*menu.LINKED, *(p for _, _, p in menu.SCREENS[ROLES[email]])}
        if app.exception or app.error or path not in known:
            broken[address] = [str(e.value) for e in (*app.exception, *app.error)]
    assert broken == {}
