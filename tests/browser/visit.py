"""One person's visit in the browser: sign in, open screens, and record any errors."""

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.page import listen
from tests.patience import PATIENCE

PERSONS = {
    "programme": "national programme team",
    "trust": "trust lead for",
    "region": "region reader for",
    "group": "group reader for",
    "unknown": "not in the register",
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
BROKEN = '[data-testid="stException"], [data-testid="stError"], .stException, vega-error'
MENU = '[data-testid="stTopNavLinkContainer"] a, [data-testid="stTopNavDropdownLink"]'

MAIN = '[data-testid="stMain"]'
# Tables and charts may scroll in their own box; the page may not.
WIDER = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    if (main.scrollWidth <= main.clientWidth + 1) return [];
    return [...main.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > main.clientWidth + 1)
        .slice(0, 5).map(e => `${e.tagName} ${e.className} ${e.dataset.testid || ''}`);
}"""

# What goes on beyond its box without showing that it does: a table without the shadow of one that
# scrolls, the name of a choice without its “…”.
CUT = """() => {
    const beyond = e => e.clientWidth && e.scrollWidth > e.clientWidth + 1;
    const clear = e => getComputedStyle(e).backgroundColor === 'rgba(0, 0, 0, 0)';
    const shadowed = e => getComputedStyle(e).backgroundAttachment.startsWith('local')
        && [...e.children].every(clear);
    const tables = [...document.querySelectorAll('.fs-scroll')]
        .filter(e => beyond(e) && !shadowed(e)).map(e => e.ariaLabel);
    const names = [...document.querySelectorAll('.stSelectbox input')]
        .filter(e => beyond(e) && getComputedStyle(e).textOverflow !== 'ellipsis')
        .map(e => e.value);
    return [...tables, ...names];
}"""

# Axe can't judge the contrast of words on a background that changes, as that of shadows does.
PLAIN = ".fs-scroll { background: #fff !important; }"

# Nothing has changed on the page for a while, every chart in view is drawn, and nothing moves.
STILL = """([moment, quiet]) => {
    const now = performance.now(), watch = window.feelingSafeWatch ??= {};
    if (!watch.observer) {
        watch.observer = new MutationObserver(() => { watch.changed = performance.now(); });
        watch.observer.observe(document, {
            subtree: true, childList: true, attributes: true, characterData: true,
        });
    }
    if (watch.moment !== moment) Object.assign(watch, {moment, changed: now});
    const shown = e => e.getClientRects().length > 0;
    const drawn = [...document.querySelectorAll('.stVegaLiteChart')].filter(shown)
        .every(e => e.querySelector('svg.marks, canvas.marks, vega-error'));
    const moves = document.getAnimations()
        .some(a => a.playState === 'running' && a.effect.getComputedTiming().endTime < Infinity);
    return drawn && !moves && now - watch.changed > quiet;
}"""
QUIET = 200  # milliseconds
# What a screen says before anything is opened; entries of lists have facts of their own.
SAID = """() => [...document.querySelectorAll('[data-testid="stMain"] :is(p, h1, h2, h3, caption)')]
    .filter(e => e.getClientRects().length)
    .filter(e => !e.closest('li, button, .fs-empty, [role="radiogroup"]'))
    .map(e => e.innerText)"""
SENTENCE = re.compile(r"(?<=[.!?]) +")
REPEATED = {"Show as a table, and how to read it", listen.LABEL}  # the names of charts' expanders
WORDY = 25  # characters: “Higher is better.” belongs to each chart
FOLDED = '[data-testid="stExpander"] details:not([open]) > summary'

# At a deep link Streamlit's page first asks whether it is served from a folder of that name.
PROBE = re.compile(r"^http://[^/]+/[\w-]+/_stcore/(health|host-config)$")


@dataclass
class Visit:
    """One person's page, with every error that the browser's console has reported."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    settled: int = 0
    asked: dict[WebSocket, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Whatever is waited for may take long on a machine with much to do."""
        self.page.context.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        """Note from when until when the page waits for a run of the script that it has asked for.

        The page itself shows nothing of that until the run has begun, which may take a while.
        """

        def sent(content: str | bytes) -> None:
            if isinstance(content, bytes) and BackMsg.FromString(content).HasField("rerun_script"):
                self.asked[socket] = "asked"

        def received(content: str | bytes) -> None:
            if socket not in self.asked or not isinstance(content, bytes):
                return
            message = ForwardMsg.FromString(content)
            if message.HasField("new_session"):
                self.asked[socket] = "begun"
            elif message.HasField("script_finished") and self.asked[socket] == "begun":
                self.asked.pop(socket)
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self.asked[socket] = "asked"

        self.asked.clear()  # of a page that has gone
        socket.on("framesent", sent)
        socket.on("framereceived", received)
        socket.on("close", lambda closed: self.asked.pop(closed, None))

    def open(self, path: str) -> None:
        """Open a screen by its address and wait until it has settled."""
        self.page.goto(f"{self.address}/{path.lstrip('/')}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has finished and everything has been drawn."""
        self.page.wait_for_selector(SETTLED)
        until = time.monotonic() + PATIENCE
        while self.asked:
            assert time.monotonic() < until, "The page waited in vain for what it had asked for."
            self.page.wait_for_timeout(20)
        self.page.wait_for_selector(SETTLED)
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
        self.settled += 1
        self.page.wait_for_function(STILL, arg=[self.settled, QUIET], polling=50)

    def unfold(self) -> None:
        """Open every expander: tables and explanations are part of the screen."""
        # All at once: a mouse click would wait for each expander to settle.
        self.page.evaluate(f"document.querySelectorAll('{FOLDED}').forEach(e => e.click())")
        self.settle()

    def screens(self) -> dict[str, str]:
        """The screens in this person's menu: title to path."""
        links = self.page.locator(MENU).all()
        hrefs = {link.inner_text().strip(): link.get_attribute("href") or "" for link in links}
        return {title: urlsplit(href).path for title, href in hrefs.items()}

    def broken(self) -> list[str]:
        """What the screen shows where something failed."""
        return [element.inner_text() for element in self.page.locator(BROKEN).all()]

    def as_wide_as(self, width: int) -> None:
        """Set the width of the window, and wait until the screen has settled."""
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.settle()

    def cut_off(self) -> list[str]:
        """What is wider than the window, or than its box without showing that it goes on."""
        wider, cut = self.page.evaluate(WIDER), self.page.evaluate(CUT)
        return [
            *(f"wider than the window: {element}" for element in wider),
            *(f"cut without a sign: {name}" for name in cut),
        ]

    def said_twice(self) -> list[str]:
        """Each sentence that the screen says more than once."""
        texts = " \n".join(self.page.evaluate(SAID)).splitlines()
        said = [part.strip() for text in texts for part in SENTENCE.split(text)]
        found = {part for part in said if len(part) > WORDY and said.count(part) > 1}
        return [f"said twice: {part}" for part in sorted(found - REPEATED)]

    def picture(self, file: Path) -> None:
        """A picture of the whole screen, however long it is; the window stays that tall."""
        size = self.page.viewport_size or {"width": 1300, "height": 1000}
        tall = self.page.evaluate(f"document.querySelector('{MAIN}').scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": min(tall + 80, 12_000)})
        self.settle()
        self.page.screenshot(path=file)

    def inaccessible(self) -> list[str]:
        """Each violation of WCAG 2.2 AA that axe-core finds: rule, and where."""
        plain = self.page.add_style_tag(content=PLAIN)
        rules = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = Axe().run(self.page, options=rules)
        plain.evaluate("style => style.remove()")
        return [
            f"{violation['id']}: {json.dumps([node['target'] for node in violation['nodes']])}"
            for violation in found.response["violations"]
        ]


def begin(browser: Browser, address: str, person: str, phone: bool = False) -> Visit:
    """Sign in as one of the demo people, at a desk or on a phone that one touches."""
    size = {"width": 390, "height": 844} if phone else {"width": 1600, "height": 1000}
    context = browser.new_context(viewport=size, locale="en-GB", has_touch=phone, is_mobile=phone)
    visit = Visit(context.new_page(), address)

    def note(message: ConsoleMessage) -> None:
        source = str(message.location.get("url"))
        if message.type == "error" and not PROBE.search(source):
            visit.errors.append(f"{message.text} ({source})")

    visit.page.on("console", note)
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.open("/")
    visit.page.locator(".fs-persons a", has_text=PERSONS[person]).first.click()
    visit.settle()
    return visit
