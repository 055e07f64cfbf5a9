"""Learning forums as files: exact, in scope, the same for the same release, never for sharing."""

from io import BytesIO

import openpyxl
import pytest

from dashboard.access import Scope
from dashboard.exports.make import make
from dashboard.exports.order import KINDS, CannotMake, Order, offered
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports.sources import source_of

PROGRAMME = Programme(name="Tiny programme", fictional=True, first_month="2025-01")
TEAM = Scope("programme", frozenset(), "team@example.org", "Nomvula Team")
LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lena Lead")
FILES = [(what, kind) for what in ("attendance", "evaluation") for kind in KINDS[what]]


@pytest.fixture
def sources(tmp_path):
    release = tiny_release.write(tmp_path)
    return {scope: source_of(release, scope, PROGRAMME) for scope in (TEAM, LEAD)}


def words(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode()
    sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
    cells = (cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


@pytest.mark.parametrize(("what", "kind"), FILES)
def test_the_programme_has_every_count_and_the_same_file_each_time(sources, what, kind):
    made = make(sources[TEAM], Order(what, "programme", kind))
    assert made.content == make(sources[TEAM], Order(what, "programme", kind)).content
    assert made.name.endswith(f"exact-do-not-share.{kind}")
    text = words(made.content)
    assert all(str(n) in text for n in ((7100, 8200, 9300) if what == "attendance" else (4, 6, 10)))


@pytest.mark.parametrize("kind", KINDS["attendance"])
def test_a_trust_has_its_own_people_and_nobody_elses(sources, kind):
    for trust in (None, "Z01"):
        text = words(make(sources[LEAD], Order("attendance", "own", kind, trust)).content)
        assert "7100" in text
        assert tiny_release.found(text, {"Z01"}) == []
    with pytest.raises(CannotMake, match="There is nothing of this kind yet"):
        make(sources[LEAD], Order("attendance", "own", kind, "Z02"))
    with pytest.raises(CannotMake, match="There is nothing of this kind yet"):
        make(sources[LEAD], Order("evaluation", "own", kind))


@pytest.mark.parametrize(("what", "kind"), FILES)
def test_there_is_no_file_for_sharing(sources, what, kind):
    with pytest.raises(CannotMake, match="there is no file of them for sharing"):
        make(sources[TEAM], Order(what, "public", kind))


def test_each_role_is_offered_what_it_may_have():
    assert {"attendance", "evaluation"} <= set(offered("programme", "programme"))
    assert "attendance" in offered("trust", "own")
    assert "evaluation" not in offered("trust", "own")
    assert {"attendance", "evaluation"}.isdisjoint(offered("region", "own"))
    for role in ("programme", "trust", "region"):
        assert {"attendance", "evaluation"}.isdisjoint(offered(role, "public"))
