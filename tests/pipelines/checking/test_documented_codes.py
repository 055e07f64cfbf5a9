"""docs/sending-a-return.md explains every code that a sender can meet, and no others."""

import re
import tomllib
from pathlib import Path

from tests.returns.make_files import FOLDER

PAGE = Path(__file__).parents[3] / "docs" / "sending-a-return.md"


def test_every_code_is_documented() -> None:
    headings = set(re.findall(r"^#### ([FEWN]\d\d)$", PAGE.read_text(encoding="utf-8"), re.M))
    messages = tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8"))
    assert headings == {problem["code"] for said in messages.values() for problem in said}


def test_every_code_in_the_sources_is_documented() -> None:
    headings = set(re.findall(r"^#### ([FEWN]\d\d)$", PAGE.read_text(encoding="utf-8"), re.M))
    sources = (Path(__file__).parents[3] / "pipelines").rglob("*.py")
    used = {
        code
        for path in sources
        for code in re.findall(r'"([FEWN]\d\d)"', path.read_text(encoding="utf-8"))
    }
    assert used == headings
