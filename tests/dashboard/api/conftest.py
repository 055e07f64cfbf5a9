"""A tiny programme behind the API, with a fixed clock and a token for Z01."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard import token_holders
from dashboard.api.application import application
from pipelines.keeping.home import Home
from pipelines.keeping.tokens import NewToken
from pipelines.releasing.builder import Build, Builder, Built
from tests import worlds
from tests.dashboard.asgi import run

LAST = worlds.FIRST + 2
NEXT = LAST + 1


@dataclass
class Api:
    """The API for a home, called without a server."""

    home: Home
    now: datetime = field(default_factory=lambda: worlds.received(NEXT))
    token: str = ""
    build: Build = lambda now: Built("a-release")  # figures have tests of their own

    def __post_init__(self) -> None:
        self.builder = Builder(self.build, lambda: self.now)
        self.app = application(self.home.root, lambda: self.now, self.builder)

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """The response to one request, with the token of Z01 unless another one is given."""
        text = self.token if token is None else token
        headers = {"authorization": f"Bearer {text}"} if text else {}
        headers |= more.pop("extra_headers", {})

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, headers=headers, **more)

        return run(asked())

    def send(self, content: bytes, token: str | None = None, **parts: str) -> httpx.Response:
        """The response to sending a file."""
        files = {"file": ("return.zip", content)}
        return self.ask("POST", "/v1/returns", token, files=files, data=parts)

    def issue(self, **about: Any) -> str:
        """The text of a new token."""
        usual = {"name": "Export", "holder": worlds.LEAD, "trusts": (), "may": ("send", "read")}
        return token_holders.issue(self.home, NewToken(**usual | about), worlds.TEAM, self.now)[1]

    def versions(self) -> list[str]:
        """Every return received."""
        return [receipt.return_id for receipt in self.home.archive.receipts()]


@pytest.fixture(scope="session")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three months of returns; only read it."""
    return worlds.small_world(tmp_path_factory.mktemp("api") / "home", worlds.FIRST, LAST)


@pytest.fixture
def api(three_months: Home, tmp_path: Path) -> Api:
    found = Api(Home(Path(shutil.copytree(three_months.root, tmp_path / "home"))))
    found.token = found.issue()
    return found


@pytest.fixture
def good() -> bytes:
    """The next return of Z01, without errors and with every query explained."""
    return worlds.return_file("Z01", NEXT)


@pytest.fixture
def with_rows() -> Callable[..., bytes]:
    """The next return of Z01 with changes in its first ward."""

    def make(**changes: object) -> bytes:
        first, *others = worlds.WARDS["Z01"]
        rows = [worlds.monthly_row(first, NEXT, **changes)]
        rows += [worlds.monthly_row(ward, NEXT) for ward in others]
        return worlds.return_file("Z01", NEXT, monthly=rows)

    return make
