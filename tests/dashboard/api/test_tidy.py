"""Figures by program: exactly what the token's holder may download, in pages, and nothing else."""

import csv
import json
from io import BytesIO, StringIO

import polars as pl
import pytest

from dashboard.api import tidy as module
from dashboard.exports.make import make
from dashboard.exports.order import EXACT, Order
from dashboard.token_holders import recognise
from schemas.london_time import london_day
from schemas.tidy import Tidy
from tests import worlds
from tests.dashboard import tiny_release
from tests.dashboard.api.problem_details import problem
from tests.dashboard.exports.sources import source_of

FIGURES = "/v1/figures"
SMALL = f"{FIGURES}?measure=SS-O1&ward=Z01-ALDER1"
HOLDERS = {worlds.TEAM: set(tiny_release.NAMES), worlds.LEAD: {"Z01"}}


@pytest.fixture
def reading(api):
    """The API over three small trusts, each with names and numbers of its own; a lead's token."""
    tiny_release.write(api.home.root)
    api.token = api.issue(may=["figures"])
    return api


def every_page(api, path: str, token: str) -> list[dict[str, object]]:
    """All rows, following the address of each next page."""
    rows, following = [], path
    while following:
        answer = api.ask("GET", following, token)
        assert answer.status_code == 200, answer.text
        rows += answer.json()["rows"]
        following = (answer.json()["next"] or "").removeprefix("/api")
    assert len(rows) == answer.json()["total"]
    return rows


def downloaded(api, token: str, audience: str | None) -> pl.DataFrame:
    """What the token's holder downloads on the screen."""
    scope = recognise(api.home, token, london_day(api.now)).scope
    source = source_of(api.home.releases / "tiny-1.duckdb", scope, api.home.programme)
    order = Order("tidy", audience or EXACT[scope.role], "parquet")
    return pl.read_parquet(BytesIO(make(source, order).content))


@pytest.mark.parametrize("sharing", [False, True])
@pytest.mark.parametrize("holder", HOLDERS)
def test_the_rows_are_those_its_holder_downloads_and_none_of_another_trust(
    reading, holder, sharing
):
    token = reading.issue(may=["figures"], holder=holder)
    path = f"{FIGURES}?size=997" + ("&sharing=true" if sharing else "")
    rows = every_page(reading, path, token)
    file = downloaded(reading, token, "public" if sharing else None)
    assert rows == json.loads(file.write_json())
    assert {r["unit_id"][:3] for r in rows if r["level"] in ("ward", "trust")} == HOLDERS[holder]
    every = not sharing and holder == worlds.TEAM  # groups are in nothing for sharing
    assert ("group" in {row["level"] for row in rows}) is every
    assert tiny_release.found(json.dumps(rows), HOLDERS[holder]) == []
    plain = reading.ask("GET", f"{path.replace('997', '20000')}&format=csv", token)
    assert tiny_release.found(plain.text, HOLDERS[holder]) == []
    assert plain.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(StringIO(plain.text, newline="")))
    assert list(lines[0]) == list(Tidy.to_schema().columns)
    values = [None if line["value"] == "" else float(line["value"]) for line in lines]
    assert values == file["value"].to_list()


def test_the_team_reads_what_the_readers_of_a_group_see(reading):
    """All of a trust that belongs to it, and of one that left the months until then."""
    token = reading.issue(may=["figures"], holder=worlds.TEAM)
    rows = every_page(reading, f"{FIGURES}?group=SOUTH", token)
    assert {row["unit_id"] for row in rows} == {"Z02", "Z02-BIRCH1", "Z02-FERN1", "Z03-ELM1"}
    assert max(row["month"] for row in rows if row["trust_code"] == "Z03") == "2025-12-01"
    assert tiny_release.found(json.dumps(rows), {"Z02", "Z03"}) == []
    london = every_page(reading, f"{FIGURES}?group=Y56&measure=SS-O1", token)
    assert {row["level"] for row in london} == {"ward", "group"}  # no trust is in it as a whole
    one = reading.ask("GET", f"{FIGURES}?group=SOUTH&ward=Z02-FERN1&measure=SS-O1", token).json()
    assert {row["unit_id"] for row in one["rows"]} == {"Z02-FERN1"}
    for about in ("group=NONE", "group=SOUTH&sharing=true", "group=SOUTH&trust=Z01"):
        problem(reading.ask("GET", f"{FIGURES}?{about}", token), 404, "not-found")
    problem(reading.ask("GET", f"{FIGURES}?group=SOUTH"), 404, "not-found")  # to a lead


def test_another_trust_or_ward_looks_like_one_that_does_not_exist(reading):
    said = {
        json.dumps(problem(reading.ask("GET", f"{FIGURES}?{about}"), 404, "not-found"))
        for about in ("trust=Z02", "trust=Z99", "ward=Z02-BIRCH1", "ward=Z01-NONE", "measure=SS-X9")
    }
    assert len(said) == 1


def test_a_restricted_measure_is_given_to_those_who_see_it_and_never_for_sharing(reading):
    about = f"{FIGURES}?measure=SS-I8"
    assert reading.ask("GET", about).status_code == 200
    problem(reading.ask("GET", f"{about}&sharing=true"), 404, "not-found")


def test_a_release_that_is_known_already_is_not_sent_again(reading):
    first = reading.ask("GET", SMALL)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = reading.ask("GET", SMALL, extra_headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    others = [f"{SMALL}&sharing=true", f"{SMALL}&format=csv", f"{SMALL}&size=5", FIGURES]
    tags = {reading.ask("GET", path).headers["etag"] for path in others}
    assert len({tag, *tags}) == 5
    team = reading.issue(may=["figures"], holder=worlds.TEAM)
    assert reading.ask("GET", SMALL, team).headers["etag"] != tag
    tiny_release.write(reading.home.root, tiny_release.frames(), "tiny-2")
    newer = reading.ask("GET", SMALL, extra_headers={"if-none-match": tag})
    assert (newer.status_code, newer.json()["release"]) == (200, "tiny-2")


def test_pages_of_two_releases_are_never_put_together(reading):
    first = reading.ask("GET", f"{SMALL}&size=5")
    following = first.json()["next"]
    assert first.headers["link"] == f'<{following}>; rel="next"'
    path = following.removeprefix("/api")
    assert reading.ask("GET", path).json()["page"] == 2
    tiny_release.write(reading.home.root, tiny_release.frames(), "tiny-2")
    said = problem(reading.ask("GET", path), 409, "release-changed")
    assert "tiny-2: start again" in said["detail"]
    last = reading.ask("GET", f"{SMALL}&size=5&page=3")
    assert last.json()["next"] is None
    assert "link" not in last.headers
    problem(reading.ask("GET", f"{SMALL}&size=5&page=4"), 404, "not-found")


@pytest.mark.parametrize(
    "query",
    ["page=0", "size=0", "size=20001", "format=xml", "sharing=perhaps", "wards=Z01", "trust=%27"],
)
def test_a_question_that_is_not_understood_says_which_part(reading, query):
    said = problem(reading.ask("GET", f"{FIGURES}?{query}"), 400, "bad-request")
    assert query.partition("=")[0] in said["detail"]


def test_a_stricter_policy_holds_at_once(reading):
    path = f"{FIGURES}?sharing=true&measure=SS-O1"
    before = reading.ask("GET", path)
    shown = [row for row in before.json()["rows"] if row["value"] is not None]
    assert shown
    settings = reading.home.root / "programme.toml"
    stricter = settings.read_text(encoding="utf-8") + "[disclosure]\nsmallest_respondents = 99999\n"
    settings.write_text(stricter, encoding="utf-8")
    after = reading.ask("GET", path, extra_headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert [row for row in after.json()["rows"] if row["value"] is not None] == []


def test_a_table_is_worked_out_once_for_all_its_pages(reading, monkeypatch):
    module._whole.cache_clear()
    asked = []
    real = module.tidy.rows
    monkeypatch.setattr(module.tidy, "rows", lambda *about: asked.append(about) or real(*about))
    every_page(reading, f"{SMALL}&size=4", reading.token)
    every_page(reading, f"{FIGURES}?measure=SS-O2&size=10", reading.token)
    assert len(asked) == 1


def test_before_there_are_figures_a_sentence_says_so(api):
    said = problem(api.ask("GET", FIGURES, api.issue(may=["figures"])), 503, "no-figures")
    assert "no figures to show yet" in said["detail"]


def test_what_was_read_is_in_the_audit_log_without_figures_or_names(reading, caplog):
    with caplog.at_level("INFO", "feeling_safe.audit"):
        tag = reading.ask("GET", f"{SMALL}&sharing=true").headers["etag"]
        reading.ask("GET", f"{SMALL}&sharing=true", extra_headers={"if-none-match": tag})
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "feeling_safe.audit"]
    (line,) = lines
    assert line["action"] == "api_figures"
    assert line["release"] == "tiny-1"
    assert line["actor"].startswith("trust:")
    assert line["target"] == {
        "token": reading.token.split("_")[1],
        "audience": "public",
        "unit": "Z01-ALDER1",
        "measure": "SS-O1",
        "page": "1",
    }


def test_every_column_is_documented_with_its_type(api):
    document = api.ask("GET", "/v1/openapi.json", token="").json()
    row = document["components"]["schemas"]["Figure"]
    assert list(row["properties"]) == list(Tidy.to_schema().columns)
    assert {"type": "null"} in row["properties"]["value"]["anyOf"]
    answers = document["paths"]["/v1/figures"]["get"]["responses"]
    assert {"200", "304", "401", "403", "409", "503"} <= set(answers)
    assert set(answers["200"]["content"]) == {"application/json", "text/csv"}
