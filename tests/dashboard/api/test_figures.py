"""Whether the dashboard shows a return: asked after it was received, which waits for no build."""

import json
import shutil
from pathlib import Path
from threading import Event

import pytest

from dashboard import store
from dashboard.api.application import AT_ONCE
from pipelines.keeping.home import Home
from pipelines.releasing.builder import Built, here
from tests import worlds
from tests.dashboard.api.conftest import NEXT, Api
from tests.dashboard.api.problem_details import problem
from tests.patience import PATIENCE

ALL = json.dumps({"*": "Checked with the ward"})


@pytest.fixture
def held(three_months: Home, tmp_path: Path):
    """The API of a home whose builds wait for `begin`, and the event that starts them."""
    home, begin = Home(Path(shutil.copytree(three_months.root, tmp_path / "home"))), Event()
    build_here = here(home)

    def build(now) -> Built:
        begin.wait(PATIENCE)
        return build_here(now)

    api = Api(home, build=build)
    api.token = api.issue()
    yield api, begin
    begin.set()


def figures(api: Api, receipt: str = f"Z01-{NEXT}-1"):
    return api.ask("GET", f"/v1/returns/{receipt}/figures").json()


def test_a_receipt_does_not_wait_for_the_figures_and_says_where_to_ask(held, good):
    api, begin = held
    address = f"/api/v1/returns/Z01-{NEXT}-1/figures"
    due = {"address": address, "state": "being worked out", "release": None, "trouble": None}
    sent = api.send(good, answers=ALL)
    assert (sent.status_code, sent.json()["figures"]) == (201, due)
    assert figures(api) == due
    begin.set()
    done = api.builder.wait(1, PATIENCE)
    release = store.current(api.home.releases).stem
    assert done == (release, None)
    in_use = due | {"state": "in use", "release": release}
    assert figures(api) == in_use
    again = api.send(good, answers=ALL)
    assert (again.status_code, again.json()["figures"]) == (200, in_use)


def test_why_there_are_no_figures_is_said_until_a_later_build_shows_them(held, good, monkeypatch):
    api, begin = held
    begin.set()
    with monkeypatch.context() as broken:
        broken.setattr("pipelines.releasing.release_file.write", _no_space)
        api.send(good, answers=ALL)
        assert api.builder.wait(1, PATIENCE).trouble.endswith("No space left")
    said = figures(api)
    assert (said["state"], said["release"]) == ("not worked out", None)
    assert said["trouble"].startswith("It has been saved, but")
    api.builder.wait(api.builder.ask(), PATIENCE)
    assert (figures(api)["state"], figures(api)["trouble"]) == ("in use", None)


def _no_space(*_: object) -> None:
    raise OSError("No space left")


def test_a_version_that_was_replaced_is_in_the_figures_too(held, good, with_rows):
    api, begin = held
    begin.set()
    for content in (good, with_rows(pt_safe=1)):
        assert api.send(content, answers=ALL).status_code == 201
    api.builder.wait(2, PATIENCE)
    assert {figures(api, f"Z01-{NEXT}-{version}")["state"] for version in (1, 2)} == {"in use"}


def test_nobody_asks_about_another_trusts_return(api):
    problem(api.ask("GET", "/v1/returns/Z02-2025-01-1/figures"), 404, "not-found")


def test_those_that_wait_to_send_hold_up_nobody_who_asks(api, good, monkeypatch):
    begun, go_on = Event(), Event()

    def slow(*_: object) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)
        raise OSError("Enough")

    monkeypatch.setattr("dashboard.api.returns.submit", slow)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(64) as senders:
        sending = [senders.submit(api.send, good, answers=ALL) for _ in range(64)]
        assert begun.wait(PATIENCE)
        try:
            assert api.ask("GET", f"/v1/returns/Z01-{worlds.FIRST}-1").status_code == 200
            assert sum(sent.done() for sent in sending) == 0
        finally:
            go_on.set()
    assert {sent.result().status_code for sent in sending} == {500}
    assert AT_ONCE < 64
