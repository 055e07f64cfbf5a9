"""A demonstration on disk: sent like real returns, the same every time, replaced with care."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.accepting.context import context_for
from pipelines.accepting.submission import Arrival
from pipelines.checking.check import check
from pipelines.demo.cast import Size
from pipelines.demo.folder import MARKER, ensure
from pipelines.demo.make import make
from pipelines.demo.send import WORKBOOKS, DemoError
from pipelines.demo.story import Story
from pipelines.keeping.archive import Archive
from pipelines.keeping.home import Home, open_home
from pipelines.submit import submit
from schemas.periods import Month
from schemas.problems import Outcome
from tests.patience import PATIENCE

NOW = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
TINY = Story(Size(2, 3, 3, seed=4), Month(2026, 3))
OTHER = Story(Size(2, 2, 2, seed=4), Month(2026, 3))


def quiet(what: str, done: int, total: int) -> None:
    assert 0 <= done <= total, what


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make(tmp_path_factory.mktemp("tiny") / "demo", TINY, NOW, quiet)


def test_the_smallest_demonstration_is_one_return(tmp_path: Path) -> None:
    home = make(tmp_path / "demo", Story(Size(1, 1, 1), Month(2026, 3)), NOW, quiet)
    assert [receipt.return_id for receipt in home.archive.receipts()] == ["Z01/2026-03/1"]
    assert (home.releases / "CURRENT").exists()


@pytest.mark.skipif(not hasattr(os, "sync"), reason="Windows can't be asked to flush everything")
def test_the_disk_is_waited_for_once_for_all_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: waits.append("one"))
    monkeypatch.setattr(os, "sync", lambda: waits.append("all"))
    counts: dict[str, int] = {}

    def progress(what: str, done: int, total: int) -> None:
        counts[f"{what} {done}"] = len(waits)

    make(tmp_path / "demo", TINY, NOW, progress)
    sent = counts["Sending returns 7"]
    assert counts["Sending returns 0"] == sent
    assert waits.count("all") == 1
    assert waits[sent : counts["Working out the figures 0"]] == ["all"]


def test_it_is_made_of_workbooks_a_person_can_open_and_each_is_what_was_kept(tiny: Home) -> None:
    receipts = tiny.archive.receipts()
    assert len(receipts) == 7  # two trusts, three months, and one sent again
    for receipt in receipts:
        folder = tiny.root / WORKBOOKS / receipt.trust_code
        assert (folder / receipt.filename).read_bytes() == tiny.archive.original(
            receipt
        ).read_bytes()


def test_it_is_the_same_whenever_and_wherever_it_is_made(tiny: Home, tmp_path: Path) -> None:
    later = datetime(2026, 4, 28, 17, 0, tzinfo=UTC)
    again = make(tmp_path / "elsewhere", TINY, later, quiet)
    assert again.archive.state() == tiny.archive.state()
    names = [path.name for path in sorted(tiny.releases.glob("*.duckdb"))]
    assert [path.name for path in sorted(again.releases.glob("*.duckdb"))] == names


def test_a_workbook_changed_by_hand_is_checked_like_any_other(tiny: Home) -> None:
    path = next((tiny.root / WORKBOOKS / "Z01").glob("*2026-03.xlsx"))
    context = context_for(tiny, NOW.date())
    assert check(path.read_bytes(), path.name, context).trust == "Z01"
    assert check(path.read_bytes()[:500], path.name, context).outcome is Outcome.UNREADABLE


def test_the_same_demonstration_is_found_again(tmp_path: Path) -> None:
    first = ensure(tmp_path / "demo", OTHER, NOW, quiet)
    state = first.home.archive.state()
    second = ensure(tmp_path / "demo", OTHER, NOW, quiet)
    assert (first.made, second.made) == (True, False)
    assert second.home.archive.state() == state
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == ["demo"]


def test_another_demonstration_takes_its_place(tmp_path: Path) -> None:
    ensure(tmp_path / "demo", OTHER, NOW, quiet)
    other = ensure(tmp_path / "demo", Story(Size(1, 1, 2), Month(2026, 3)), NOW, quiet)
    assert other.made
    assert other.aside is None
    assert len(Archive(tmp_path / "demo" / "archive").receipts()) == 2
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == ["demo"]


def test_one_to_which_somebody_has_sent_something_is_put_aside(tmp_path: Path) -> None:
    home = ensure(tmp_path / "demo", OTHER, NOW, quiet).home
    path = next((home.root / WORKBOOKS / "Z02").glob("*2026-03.xlsx"))
    content = path.read_bytes() + b"\0"  # the same figures in another file
    answers = {"*": "Looked at again"}
    assert submit(home, Arrival(content, path.name, "me@trust.example", NOW, answers)).receipt
    other = ensure(tmp_path / "demo", Story(Size(1, 1, 2), Month(2026, 3)), NOW, quiet)
    assert other.aside == tmp_path / "demo.before-1"
    assert len(open_home(other.aside).archive.receipts()) == 6


def test_a_demonstration_cut_short_is_made_again(tmp_path: Path) -> None:
    half = tmp_path / "demo.making"
    half.mkdir()
    (half / MARKER).write_text(json.dumps({"complete": False}))
    (half / WORKBOOKS).mkdir()
    assert ensure(tmp_path / "demo", OTHER, NOW, quiet).made
    assert not half.exists()


@pytest.mark.parametrize("name", ["demo", "demo.making"])
def test_nothing_but_a_demonstration_is_ever_removed(tmp_path: Path, name: str) -> None:
    precious = tmp_path / name / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years of work")
    with pytest.raises(DemoError, match="not a demonstration"):
        ensure(tmp_path / "demo", OTHER, NOW, quiet)
    assert precious.read_text() == "years of work"


def test_a_real_programme_is_never_removed_even_if_it_is_marked(tmp_path: Path) -> None:
    home = ensure(tmp_path / "demo", OTHER, NOW, quiet).home
    settings = home.root / "programme.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("fictional = true", "fictional = false"), encoding="utf-8")
    with pytest.raises(DemoError, match="not a demonstration"):
        ensure(tmp_path / "demo", Story(Size(1, 1, 2), Month(2026, 3)), NOW, quiet)
    assert len(open_home(tmp_path / "demo").archive.receipts()) == 5


def test_helpers_end_with_a_demonstration_that_is_killed() -> None:
    """They share its standard output, which ends once the last of them is gone."""
    begin = (
        "import os, time; from pipelines.demo.make import helpers\n"
        "with helpers(2) as pool: print(pool.submit(os.getpid).result(), flush=True); "
        "time.sleep(100_000)"
    )
    making = subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True)
    helper = int(making.stdout.readline())
    assert helper != making.pid
    making.kill()
    try:
        making.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.kill(helper, signal.SIGKILL)
        raise


def test_helpers_that_end_by_themselves_say_nothing() -> None:
    begin = (
        "from pipelines.demo.make import helpers\n"
        "asks = \"__import__('duckdb').sql('SELECT 1').fetchall()\"\n"
        "with helpers(2) as pool: print(pool.submit(eval, asks).result())"
    )
    made = subprocess.run([sys.executable, "-c", begin], capture_output=True, text=True)
    assert (made.stdout, made.stderr) == ("[(1,)]\n", "")
