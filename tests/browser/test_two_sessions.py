"""Two trusts on one server at once: neither is ever sent anything of the other's."""

from dataclasses import dataclass, field

import duckdb
from playwright.sync_api import Browser, Page, WebSocket

from dashboard import store
from dashboard.screens import menu
from tests.browser.visit import Visit, begin


@dataclass
class Watched:
    """One person's visit, with all that the server has sent to their browser."""

    visit: Visit
    sent: bytearray = field(default_factory=bytearray)


def watch(browser: Browser, address: str, person: int) -> Watched:
    """Sign in as the first or second trust lead, recording every message."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    watched = Watched(Visit(context.new_page(), address))
    watched.visit.open("/")
    leads = watched.visit.page.locator(".fs-persons a", has_text="trust lead for")
    leads.nth(person).click()
    watched.visit.settle()
    listen(watched.visit.page, watched.sent)  # only now: the entry names everyone one may be
    return watched


def listen(page: Page, sent: bytearray) -> None:
    """Record every message from the server from the next page onwards."""

    def keep(payload: str | bytes) -> None:
        sent.extend(payload if isinstance(payload, bytes) else payload.encode())

    def open_ear(socket: WebSocket) -> None:
        socket.on("framereceived", keep)

    page.on("websocket", open_ear)


def test_two_trusts_at_once_are_never_sent_anything_of_each_other(browser, address, demo_home):
    trusts, wards = words_of(demo_home)
    ones = [watch(browser, address, person) for person in (0, 1)]
    codes = ["Z01", "Z02"]
    screens = [path for path in ones[0].visit.screens().values() if path != "/"]
    _, *others = (path for _, _, path in menu.SCREENS["trust"] if path not in menu.LINKED)
    assert {f"/{path}" for path in others} <= set(screens)
    by_hand = [f"/ward?ward={wards[1 - person][0]}" for person in (0, 1)]
    headings = [[], []]
    for path in ["/", *screens, None, "/take-away?trust={other}", "/send?trust={other}"]:
        for person, one in enumerate(ones):
            asked = by_hand[person] if path is None else path.format(other=codes[1 - person])
            one.visit.open(asked)
            assert one.visit.broken() == []
            headings[person].append(one.visit.page.locator("h1").first.inner_text())
    for person, one in enumerate(ones):
        own, other = trusts[person], trusts[1 - person]
        # What was written down is all that was shown: the heading of every screen is in it.
        assert [said for said in headings[person] if said.encode() not in one.sent] == []
        name, *wards_of_theirs = own
        assert name.encode() in one.sent
        assert any(ward.encode() in one.sent for ward in wards_of_theirs)
        assert [word for word in other if word.encode() in one.sent] == []
        one.visit.page.context.close()


def test_someone_who_changes_to_another_person_in_one_browser_sees_only_the_new_ones_figures(
    browser, address, demo_home
):
    trusts, _ = words_of(demo_home)
    one = watch(browser, address, 0)
    one.visit.open("/our-wards")
    one.visit.page.get_by_role("link", name="Change person").click()
    one.visit.settle()
    two = one.visit.page.locator(".fs-persons a", has_text="trust lead for").nth(1)
    two.click()
    one.visit.settle()
    del one.sent[:]
    for path in ("/our-wards", "/peers", "/take-away"):
        one.visit.open(path)
    assert [word for word in trusts[0] if word.encode() in one.sent] == []
    assert any(word.encode() in one.sent for word in trusts[1])
    one.visit.page.context.close()


def words_of(demo_home) -> tuple[list[list[str]], list[list[str]]]:
    """The names and codes that only one of the first two trusts has, and their wards."""
    words, wards = [], []
    with duckdb.connect() as connection:
        release = str(store.current(demo_home / "releases"))
        connection.execute("ATTACH ? AS release (READ_ONLY)", [release])
        for code in ("Z01", "Z02"):
            ids = connection.execute(
                "SELECT DISTINCT ward_id FROM release.wards WHERE current_trust_code = ?", [code]
            ).fetchall()
            name = connection.execute(
                "SELECT trust_name FROM release.trusts WHERE trust_code = ?", [code]
            ).fetchone()
            wards.append(sorted(ward for (ward,) in ids))
            words.append([name[0], *wards[-1]])
    return words, wards


def test_the_same_words_would_be_found_in_what_the_programme_team_is_sent(
    browser, address, demo_home
):
    # Otherwise the tests above could pass because nothing readable is ever sent.
    trusts, _ = words_of(demo_home)
    visit = begin(browser, address, "programme")
    sent = bytearray()
    listen(visit.page, sent)
    visit.open("/returns")
    visit.open("/compare")
    assert all(any(word.encode() in sent for word in words) for words in trusts)
    visit.page.context.close()
