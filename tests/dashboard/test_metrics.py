"""What monitoring may know: true, only at a port of this machine, and nothing about any figure."""

import logging
import re
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from dashboard import audit, metrics, server, store
from dashboard.access import Scope
from dashboard.cli.errors import Refused
from dashboard.cli.serve import open_dashboard
from dashboard.middleware.refusals import Refusal, refuse
from pipelines.keeping.home import Home
from pipelines.keeping.set_aside import NOTE, SET_ASIDE, note_folder
from pipelines.mirror import mirror
from pipelines.releasing.build import build
from pipelines.rotation import rotate
from pipelines.settings import Settings
from tests import worlds
from tests.dashboard import asgi
from tests.patience import PATIENCE

NOW = datetime(2025, 2, 20, 1, 15, tzinfo=UTC)
LABELS = {"kind", "why", "action"}


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a release, whose settings, register and returns are full of names."""
    root = tmp_path_factory.mktemp("built") / "home"
    home = worlds.small_world(root, worlds.FIRST, worlds.FIRST)
    build(home, NOW)
    return home


@pytest.fixture(autouse=True)
def _no_count_stays_behind():
    log = logging.getLogger(audit.LOG)
    before = list(log.filters)
    yield
    log.filters[:] = before


def known(home: Home, trouble: str | None = None) -> CollectorRegistry:
    return metrics.registry(home.root, Settings(), lambda: trouble)


def values(registry: CollectorRegistry) -> dict[str, float]:
    """Every sample, as Prometheus itself reads them: name{labels} to value."""
    text = generate_latest(registry).decode()
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return {name.removeprefix("feeling_safe_"): value for name, value in found.items()}


def test_the_release_and_the_entries_are_those_of_the_home(home):
    told = values(known(home))
    assert told["release_whole"] == 1
    assert told["release_built_timestamp_seconds"] == NOW.timestamp()
    assert told["build_failed"] == told["files_set_aside"] == 0
    assert told["entries_total{kind=return}"] == len(home.archive.receipts()) == 2
    assert told["entries_total{kind=attempt}"] == 2
    assert told["entries_total{kind=register}"] == 1
    registry = known(home)
    home.archive.record(worlds.note())
    assert values(registry)["entries_total{kind=decision}"] == 1, "it is read each time"


def test_a_damaged_release_and_a_failed_build_are_told(home):
    path = store.current(home.releases)
    path.write_bytes(path.read_bytes()[:-100])
    told = values(known(home, "It has been saved, but the figures could not be worked out"))
    assert (told["release_whole"], told["build_failed"]) == (0, 1)
    assert "release_built_timestamp_seconds" not in told


def test_before_the_first_release_nothing_is_said_of_one(tmp_path):
    told = values(known(worlds.empty_world(tmp_path / "home")))
    assert not [name for name in told if name.startswith("release")]
    assert told["entries_total{kind=return}"] == 0


def test_the_copy_the_backups_and_the_files_set_aside_are_told(home, tmp_path, monkeypatch):
    copy, backups, drop = (tmp_path / name for name in ("copy", "backups", "drop"))
    monkeypatch.setenv("FEELING_SAFE_MIRROR", str(copy))
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(backups))
    told = values(known(home))
    assert told["mirror_reachable"] == 0
    assert {"mirror_entries_behind", "backup_timestamp_seconds"} & told.keys() == set()
    mirror(home, copy)
    backups.mkdir()
    rotate(home, backups, 3, NOW)
    home.archive.record(worlds.note())
    note_folder(home.root, drop)
    (drop / SET_ASIDE).mkdir(parents=True)
    for name in ("Z01.xlsx", f"Z01.xlsx{NOTE}"):
        (drop / SET_ASIDE / name).write_text("?")
    rows = next((home.root / "archive" / "returns").rglob("rows.parquet"))
    rows.write_bytes(b"?")
    rotate(home, backups, 3, NOW)
    (backups / "feeling-safe-00000-2026-01-01T000000Z.zip").write_text("half")
    told = values(known(home))
    assert told["backups_unreadable"] == 1
    assert (told["mirror_reachable"], told["mirror_entries_behind"]) == (1, 1)
    assert told["backup_timestamp_seconds"] == NOW.timestamp()
    assert (told["backup_entries_since"], told["backups_not_whole"]) == (1, 1)
    assert told["files_set_aside"] == 1


def test_refusals_and_actions_are_counted(home):
    registry = known(home)
    before = values(registry).get("requests_refused_total{why=too-many-requests}", 0)

    async def send(_: object) -> None: ...

    asgi.run(refuse({"type": "http"}, send, Refusal(429, "too-many-requests", "Too many", "Wait.")))
    logging.getLogger(audit.LOG).setLevel(logging.INFO)
    audit.record(
        "send", Scope("trust", frozenset({"Z01"}), worlds.LEAD, "Lena Lead"), "r", to="Z01"
    )
    audit.refused_token(None, "192.0.2.1", "r")
    told = values(registry)
    assert told["requests_refused_total{why=too-many-requests}"] == before + 1
    assert told["actions_total{action=send}"] == told["actions_total{action=token_refused}"] == 1


def test_nothing_is_said_about_any_figure_trust_ward_or_person(home):
    registry = known(home)
    logging.getLogger(audit.LOG).setLevel(logging.INFO)
    lead = Scope("trust", frozenset({"Z01"}), worlds.LEAD, "Lena Lead")
    audit.record("withdraw", lead, "release-1", version="Z01/2025-01/1", reason="Wrong ward")
    text = generate_latest(registry).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert sample.labels.keys() <= LABELS, sample
            assert all(re.fullmatch("[a-z_-]+", word) for word in sample.labels.values()), sample
    said = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    names = [*worlds.WARDS, *sum(worlds.WARDS.values(), ()), "Tiny", "@", "2025", "Lena", "/"]
    assert [name for name in names if name in said] == []


def test_it_answers_at_this_machines_own_address_only(home, monkeypatch):
    listening = metrics.listen(home.root, Settings(), lambda: None)
    try:
        assert listening.server_address[0] == "127.0.0.1"
        address = f"http://127.0.0.1:{listening.server_address[1]}/metrics"
        with urlopen(address, timeout=PATIENCE) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert b"feeling_safe_release_whole 1.0" in answer.read()
    finally:
        listening.shutdown()
        listening.server_close()


@pytest.mark.parametrize("port", [None, 9464])
def test_it_is_off_unless_a_port_is_set(home, monkeypatch, port):
    began = []
    if port:
        monkeypatch.setenv("FEELING_SAFE_METRICS_PORT", str(port))
    monkeypatch.setattr(server, "application", lambda *_: None)
    monkeypatch.setattr(server, "_log_with_time", lambda: None)
    monkeypatch.setattr(server.uvicorn, "run", lambda *_, **__: None)
    monkeypatch.setattr(
        metrics, "start_http_server", lambda *at, **how: began.append((at, how)) or (0, 0)
    )
    server.serve(home.root)
    assert [(at, how["addr"]) for at, how in began] == ([((port,), "127.0.0.1")] if port else [])


def test_a_port_that_is_in_use_is_refused_before_anybody_comes(home, monkeypatch):
    taken = metrics.listen(home.root, Settings(), lambda: None)
    try:
        monkeypatch.setenv("FEELING_SAFE_METRICS_PORT", str(taken.server_address[1]))
        monkeypatch.setattr(server, "application", lambda *_: None)
        monkeypatch.setattr(server, "_log_with_time", lambda: None)
        with pytest.raises(server.CannotServe, match="each process of the service needs its own"):
            server.serve(home.root)
    finally:
        taken.shutdown()
        taken.server_close()
    monkeypatch.setenv("FEELING_SAFE_METRICS_PORT", "8501")
    with pytest.raises(Refused, match="the dashboard's own: use another one"):
        open_dashboard(home.root, None, 8501, True)
