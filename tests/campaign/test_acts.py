"""What the campaigns damage, kill and cut is everything that the code itself says there is."""

import re
from pathlib import Path
from typing import get_args

import pytest

from pipelines.keeping.home import Home
from pipelines.keeping.layout import REGISTER_TABLES
from pipelines.verify_home import verify
from schemas.receipts import DecisionKind, LinkKind
from tests.campaign.acts import made

pytestmark = pytest.mark.slow
TREE = Path(__file__).parents[2]
EDITED = {"register", "measures"}  # copies for people to edit: the archive has what counts


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made(tmp_path_factory.mktemp("made"))


def test_every_kind_of_decision_and_of_entry_is_among_what_is_tried(home):
    entries = home.archive.entries()
    assert {each.kind for each in entries.decisions} == set(get_args(DecisionKind))
    assert {link.kind for link in home.archive.links()} == set(get_args(LinkKind))
    assert {path.name for path in home.root.glob("archive/register/1/*")} >= set(REGISTER_TABLES)
    assert any("-baseline/" in link.entry for link in home.archive.links())
    assert verify(home) == []


def test_every_file_that_documents_and_code_name_is_among_what_is_damaged(home):
    told = (TREE / "docs" / "running-the-service.md").read_text(encoding="utf-8")
    table = told.partition("What is in a home:")[2].partition("\n\nThe home is readable")[0]
    named = set(re.findall(r"^\| `([^`/]+)/?` \|", table, re.MULTILINE))
    code = [path.read_text(encoding="utf-8") for path in TREE.glob("*/**/*.py")]
    named |= {name for text in code for name in re.findall(r'^FILE = "(.+\.sqlite)"', text, re.M)}
    there = {path.name for path in home.root.iterdir()}
    assert named - EDITED <= there
    assert len(named) > 8
