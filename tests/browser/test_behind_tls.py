"""An upgrade in the middle of the work, and everybody reaches the service through TLS.

The home is one whose archive an earlier version made (`tests/golden`), with a token, a draft and
what processes count as versions before seals kept them. It is built and served by this version,
behind a proxy that ends TLS and with a provider that signs people in.
"""

import json
import shutil
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import httpx
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pipelines.keeping.tokens import fingerprint
from pipelines.workbooks.template import TEMPLATE_VERSION
from schemas.periods import Month
from schemas.tokens import Token
from tests import tls_proxy
from tests.browser.provider import dashboard, knows, open_tab, provider, sign_in, text
from tests.patience import PATIENCE
from tests.ports import free_port

EARLIER = Path(__file__).parents[1] / "golden" / "archive_5d94492"
TEAM, LEAD, WARD = "programme@demo.example", "lead.one@demo.example", "ALDER1"
TOKEN = f"fs_{'a' * 12}_{'a' * 43}"
FEW = "4 per hour"
NOW = datetime.now(UTC)
DRAFTED = Month(NOW.year, NOW.month) + -1
# As the versions before wrote them: without a column for seals.
TABLES = {
    "drafts.sqlite": """
CREATE TABLE drafts (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    trust TEXT NOT NULL, month TEXT NOT NULL, ward TEXT NOT NULL,
    typed TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, template TEXT NOT NULL,
    UNIQUE (trust, month, ward)
);
""",
    "shared.sqlite": """
CREATE TABLE requests (caller TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE sign_ins (
    what TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (what, key)
);
CREATE TABLE used (account TEXT PRIMARY KEY, day TEXT NOT NULL);
""",
}


@dataclass(frozen=True)
class Journey:
    """Where the service is reached, who signs people in, and what the operator has."""

    address: str
    issuer: str
    certificate: Path
    home: Path
    program: str

    def types(self, *words: str) -> str:
        """What a command says, if it ends well."""
        run = subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
        assert run.returncode == 0, (words, run.stdout, run.stderr)
        return run.stdout

    def asks(self, path: str, source: str = "127.0.0.1", **more: object) -> httpx.Response:
        """An answer through the proxy, to somebody at an address."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        way = httpx.HTTPTransport(verify=trusted, local_address=source, trust_env=False)
        method = str(more.pop("method", "GET"))
        with httpx.Client(transport=way, timeout=PATIENCE) as client:
            return client.request(method, f"{self.address}{path}", **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=tls_proxy.KINDS)
def journey(request, feeling_safe, tmp_path_factory) -> Iterator[Journey]:
    if request.param == "nginx" and not shutil.which("nginx"):
        pytest.skip("no nginx: install Debian's package of that name to try the documented file")
    folder = tmp_path_factory.mktemp("journey")
    home, port = _earlier_home(folder / "home"), free_port()
    with provider() as issuer:
        upgraded = Journey(
            f"https://{tls_proxy.NAME}:{port}",
            issuer,
            folder / "certificate.pem",
            home,
            feeling_safe,
        )
        # As “Upgrade” says. The backup before it is the one that the earlier version made.
        upgraded.types("build", "--home", str(home))
        upgraded.types("verify", "--home", str(home))
        about = {"LIMIT_API_ADDRESS": FEW, "AUDIT_LOG": str(folder / "audit.jsonl")}
        with dashboard(
            feeling_safe, home, issuer, folder / "cwd", upgraded.address, **about
        ) as behind:
            command = tls_proxy.KINDS[request.param](folder, port, int(behind.rpartition(":")[2]))
            with tls_proxy.running(command, port):
                yield upgraded


def _earlier_home(home: Path) -> Path:
    """A home as an earlier version left it, in the middle of the work."""
    with ZipFile(EARLIER / "archive.zip") as kept:
        kept.extractall(home)
    token = Token(
        id="a" * 12,
        sha256=fingerprint(TOKEN),
        name="Reporting tool",
        holder=TEAM,
        trusts=(),
        may=("figures",),
        issued_at=NOW - timedelta(days=1),
        issued_by=TEAM,
        expires=date(NOW.year + 1, 1, 1),
    )
    (home / "archive" / "tokens").mkdir()
    kept_as = home / "archive" / "tokens" / f"{token.id}.json"
    kept_as.write_text(f"{token.model_dump_json(indent=2)}\n", encoding="utf-8")
    for name, tables in TABLES.items():
        with closing(sqlite3.connect(home / name)) as file:
            file.executescript(tables)
    typed = json.dumps({"return_status": "data", "pt_answered": 47})
    about = ("Z01", str(DRAFTED), WARD, typed, LEAD, NOW.isoformat(), TEMPLATE_VERSION)
    with closing(sqlite3.connect(home / "drafts.sqlite")) as file, file:
        file.execute("INSERT INTO drafts VALUES (1, ?, ?, ?, ?, ?, ?, ?)", about)
    return home


def test_the_token_from_before_reads_the_figures_from_before(journey):
    headers = {"authorization": f"Bearer {TOKEN}"}
    answer = journey.asks("/api/v1/figures?measure=SS-O1&size=20000&format=csv", headers=headers)
    assert answer.status_code == 200, answer.text
    shown = ["unit_id", "month", "numerator", "denominator"]
    now = pl.read_csv(answer.content, try_parse_dates=True).filter(level="ward", months=1)
    then = pl.read_parquet(EARLIER / "observations.parquet")
    then = then.filter(level="ward", measure="SS-O1", state="value").select(shown).sort(shown)
    now = now.filter(state="value").select(shown).sort(shown)
    assert then.height > 10
    assert_frame_equal(now, then, check_dtypes=False)


def test_somebody_signs_in_and_finds_their_draft(journey, browser):
    knows(journey.issuer, LEAD)
    context = browser.new_context(
        viewport={"width": 1300, "height": 900}, locale="en-GB", ignore_https_errors=True
    )
    visit = open_tab(context, journey.address)
    sign_in(visit, LEAD)
    visit.open(f"/send?how=screen&trust=Z01&month={DRAFTED}&ward={WARD}")
    assert "by you" in text(visit)
    assert visit.page.locator('input[value="47"]').count() == 1
    cookies = {cookie["name"]: cookie for cookie in context.cookies(journey.address)}
    about_sign_in = [cookies[name] for name in cookies if name.startswith("_streamlit_")]
    assert about_sign_in
    assert all(cookie["secure"] for cookie in about_sign_in)
    assert visit.errors == []
    context.close()


def test_browsers_are_told_to_use_nothing_but_tls(journey):
    entry = journey.asks("/")
    assert "max-age" in entry.headers["strict-transport-security"]
    assert entry.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "elsewhere.example"}, 421),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_only_its_own_name_and_pages_are_answered(journey, headers, status):
    assert journey.asks("/healthz", headers=headers).status_code == status


@pytest.mark.parametrize("origin", ["own", "https://elsewhere.example"])
def test_only_its_own_pages_open_a_websocket(journey, origin):
    trusted = ssl.create_default_context(cafile=str(journey.certificate))
    address = f"{journey.address.replace('https', 'wss')}/_stcore/stream"
    from_here = journey.address if origin == "own" else origin
    about = {"ssl": trusted, "origin": from_here, "subprotocols": ["streamlit"], "proxy": None}
    if origin == "own":
        with connect(address, open_timeout=PATIENCE, **about) as opened:
            assert opened.subprotocol == "streamlit"
        return
    with pytest.raises(InvalidStatus) as refused:
        connect(address, open_timeout=PATIENCE, **about)
    assert refused.value.response.status_code == 403


@pytest.mark.skipif(sys.platform != "linux", reason="it takes several addresses on one machine")
def test_limits_count_the_visitor_and_not_the_proxy(journey):
    guess = {"authorization": f"Bearer fs_{'b' * 12}_{'b' * 43}"}
    asked = "/api/v1/figures"
    first = [journey.asks(asked, "127.0.0.2", headers=guess).status_code for _ in range(5)]
    assert first == [401] * 4 + [429]
    lies = {**guess, "x-forwarded-for": "127.0.0.9"}
    assert journey.asks(asked, "127.0.0.2", headers=lies).status_code == 429
    assert journey.asks(asked, "127.0.0.3", headers=guess).status_code == 401
    lines = (journey.certificate.parent / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    refused = [each for each in map(json.loads, lines) if each["action"] == "token_refused"]
    assert {each["target"]["address"] for each in refused} == {"127.0.0.2", "127.0.0.3"}


def test_what_is_larger_than_any_return_stops_at_the_proxy(journey):
    sent = journey.asks("/api/v1/returns", method="POST", content=bytes(7 * 2**20))
    assert sent.status_code == 413


def test_afterwards_everything_is_whole_and_as_it_was_before(journey):
    folder = journey.certificate.parent
    journey.types("backup", str(folder / "after.zip"), "--home", str(journey.home))
    journey.types("verify", "--against", str(folder / "after.zip"), "--home", str(journey.home))
    with ZipFile(EARLIER / "archive.zip") as then, ZipFile(folder / "after.zip") as now:
        for name in then.namelist():
            if not name.startswith("archive/attempts"):  # which go on
                assert now.read(name) == then.read(name), name
    restored = str(folder / "restored")
    journey.types("restore", str(folder / "after.zip"), "--home", restored)
    journey.types("verify", "--home", restored)
