"""The menu: which screens each role has."""

from collections.abc import Callable

import streamlit as st

from dashboard.access import Scope
from dashboard.page import session
from dashboard.screens import (
    about,
    downloads,
    engagement,
    figure_source,
    group,
    needs_you,
    our_wards,
    overview,
    peers,
    search,
    sign_in,
    trust,
    ward,
    who_feels_safe,
)
from dashboard.screens.charters import charters
from dashboard.screens.compare import compare
from dashboard.screens.did_it_help import did_it_help
from dashboard.screens.incidents import incidents
from dashboard.screens.learning import learning
from dashboard.screens.measure import measure
from dashboard.screens.register import register
from dashboard.screens.returns import returns
from dashboard.screens.send import send
from dashboard.screens.tests_of_change import tests_of_change

LINKED = ("measure", "trust", "figure")  # reached from a table or a figure, never from the menu
SCREENS = {
    "programme": (
        (overview.show, "Overview", "overview"),
        (search.show, "Search", "search"),
        (compare.show, "Compare wards", "compare"),
        (group.show, "Groups", "group"),
        (ward.show, "Ward", "ward"),
        (incidents.show, "Incidents", "incidents"),
        (charters.show, "Charters and foundations", "charters"),
        (tests_of_change.show, "Tests of change", "tests-of-change"),
        (did_it_help.show, "Did it help?", "did-it-help"),
        (learning.show, "Learning", "learning"),
        (engagement.show, "Engagement", "engagement"),
        (returns.show, "Returns", "returns"),
        (register.show, "Register", "register"),
        (downloads.show, "Downloads", "take-away"),
        (about.show, "About these data", "about"),
        (measure.show, "Measure", "measure"),
        (trust.show, "Trust", "trust"),
        (figure_source.show, "Where a figure came from", "figure"),
    ),
    "trust": (
        (needs_you.show, "What needs you now", "needs-you"),
        (search.show, "Search", "search"),
        (our_wards.show, "Our wards", "our-wards"),
        (ward.show, "Ward", "ward"),
        (peers.show, "Us and our peers", "peers"),
        (tests_of_change.show, "Tests of change", "tests-of-change"),
        (learning.show, "Learning", "learning"),
        (send.show, "Send a return", "send"),
        (downloads.show, "Downloads", "take-away"),
        (about.show, "About these data", "about"),
        (measure.show, "Measure", "measure"),
        (trust.show, "Trust", "trust"),
        (figure_source.show, "Where a figure came from", "figure"),
    ),
    "region": (
        (our_wards.show, "Wards", "our-wards"),
        (search.show, "Search", "search"),
        (ward.show, "Ward", "ward"),
        (peers.show, "Wards and their peers", "peers"),
        (downloads.show, "Downloads", "take-away"),
        (about.show, "About these data", "about"),
        (measure.show, "Measure", "measure"),
        (trust.show, "Trust", "trust"),
        (figure_source.show, "Where a figure came from", "figure"),
    ),
}

SCREENS["group"] = ((group.show, "Groups", "group"), *SCREENS["region"])


# Only where the programme asks for breakdowns.
IF_ASKED = {
    role: ((who_feels_safe.show, "Who feels safe", "who-feels-safe"),)
    for role in ("programme", "trust")
}
_AFTER = "ward"
PATHS = sorted(  # the address of every screen that anybody may have
    {path for menus in (SCREENS, IF_ASKED) for role in menus.values() for _, _, path in role}
)


def screens_of(role: str) -> tuple[tuple[Callable[[], None], str, str], ...]:
    """The screens of a role in this programme, in the order of the menu."""
    asked = IF_ASKED.get(role, ()) if session.programme().breakdowns else ()
    place = [path for _, _, path in SCREENS[role]].index(_AFTER) + 1
    return (*SCREENS[role][:place], *asked, *SCREENS[role][place:])


def pages(scope: Scope | None) -> list[st.Page]:
    """The screens of a person's role; without access, every address leads to the sign-in."""
    if scope is None:
        return _closed()
    (show, title, path), *others = screens_of(scope.role)
    return [
        st.Page(show, title=title, url_path="first", default=True),
        *(
            st.Page(
                show,
                title=title,
                url_path=path,
                visibility="hidden" if path in LINKED else "visible",
            )
            for show, title, path in others
        ),
        # Streamlit serves the default page only at `/`, but a link may use its own address.
        st.Page(show, title=title, url_path=path, visibility="hidden"),
    ]


def _closed() -> list[st.Page]:
    """A link to any screen leads to the sign-in, then on to that screen."""
    hidden = [
        st.Page(sign_in.show, title="Sign in", url_path=path, visibility="hidden") for path in PATHS
    ]
    return [st.Page(sign_in.show, title="Sign in", url_path="sign-in", default=True), *hidden]
