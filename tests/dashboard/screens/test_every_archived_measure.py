"""Any measure can be archived: every screen still opens, and every file is still made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
import vl_convert

from dashboard import store
from dashboard.access import Scope
from dashboard.exports import make
from dashboard.exports.order import EXACT, CannotMake, Order, offered
from dashboard.page import session
from dashboard.screens import menu
from pipelines import measures as measure_files
from pipelines.releasing import release_file
from pipelines.releasing.definitions import DEFINITIONS, definitions
from schemas.measures import Measure
from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.dashboard.exports.sources import source_of
from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown

pytestmark = pytest.mark.slow

ROLES = {TEAM: "programme", LEAD1: "trust", REGION: "region"}
EVERY = [(email, path) for email, role in ROLES.items() for _, _, path in menu.SCREENS[role]]
# Each screen once, as the first person who may see it: a role changes whose figures are shown. The
# others show no measure, and are opened without any of them.
_NO_MEASURE = {"register", "returns", "search", "send"}
ONCE = {path: email for email, path in reversed(EVERY) if path not in _NO_MEASURE}
MEASURES = [measure.id for measure in measure_files.load()]
EACH = [(measure,) for measure in MEASURES]
ALL = tuple(MEASURES)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny release with the figures of its newest months, which are masked faster."""
    long = {"observations", "points", "peer_bands"}
    newest = pl.col("month") >= tiny_release.MONTHS[-3].first_day
    tables = {
        name: table.filter(newest) if name in long else table
        for name, table in tiny_release.frames().items()
    }
    home = tmp_path_factory.mktemp("short")
    tiny_release.write(home, tables)
    return home


@pytest.fixture
def archive(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Measure]]:
    """Build the tiny release as if some measures were archived; a build leaves out their figures.

    Their files still define them, and the table `measures` still lists them, as archived. What a
    ward wrote in its log of tests of change stays.
    """

    def without(ids: tuple[str, ...]) -> list[Measure]:
        shutil.copytree(short, tmp_path, dirs_exist_ok=True)
        release = store.current(tmp_path / "releases")
        said = [
            measure.model_copy(update={"status": "archived"}) if measure.id in ids else measure
            for measure in measure_files.load()
        ]
        rows = definitions(said)
        with duckdb.connect(str(release)) as connection:
            for name, table in TABLES.items():
                if name == "measures":
                    change = "UPDATE measures SET status = 'archived'"
                elif name != "change_tests" and "measure" in table.to_schema().columns:
                    change = f"DELETE FROM {name}"  # noqa: S608 - a name from the schema
                else:
                    continue
                connection.execute(f"{change} WHERE list_contains(?, measure)", [list(ids)])
            connection.register("rows", rows)
            connection.execute(f"CREATE OR REPLACE TABLE {DEFINITIONS} AS FROM rows")
        release_file.seal(release, release)
        monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
        monkeypatch.setattr(session, "today", lambda: tiny_release.TODAY)
        return said

    return without


@pytest.mark.parametrize("archived", EACH, ids=MEASURES)
def test_every_screen_opens_without_one_measure(archive, open_screen, archived):
    archive(archived)
    for path, email in ONCE.items():
        app = open_screen(email, path)
        assert not app.exception, path
        assert len(app.title) == 1, path
        offers = {option for box in app.selectbox for option in box.options}
        assert not offers & {name(measure) for measure in archived}, path


def test_every_screen_of_every_role_opens_without_any_measure(archive, open_screen):
    archive(ALL)
    for email, path in EVERY:
        app = open_screen(email, path)
        assert not app.exception, (email, path)
        assert len(app.title) == 1, (email, path)


def test_an_address_that_names_an_archived_measure_opens(archive, open_screen):
    archive(("SS-O1",))
    for path in ("ward", "compare", "figure", "trust", "measure"):
        app = open_screen(TEAM, path, measure="SS-O1", ward="Z01-ALDER1", trust="Z01")
        assert not app.exception, path
        assert name("SS-O1") not in shown(app)


@pytest.mark.parametrize("archived", [*EACH, ALL], ids=[*MEASURES, "all"])
def test_every_file_is_made_without_it(archive, tmp_path, monkeypatch, archived):
    # Turning a finished chart into a drawing takes most of the time, and knows no measure.
    drawing = (
        '<svg width="1" height="1" viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"></svg>'
    )
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *a, **k: drawing)
    said, settings = archive(archived), session.programme()
    release = store.current(tmp_path / "releases")
    for role, own in (("programme", frozenset()), ("trust", frozenset({"Z01"}))):
        scope = Scope(role, own, "somebody@example.org", "Somebody")
        source = source_of(release, scope, settings, said)
        for order in orders(role):
            if order.measure in archived or (order.what in ("figures", "tidy") and archived == ALL):
                with pytest.raises(CannotMake):
                    make.make(source, order)
                continue
            content = make.make(source, order).content
            assert content, order
            if order.what == "sheet":  # says nothing of a count that is not made
                assert (b"does not count these" in content) == ("SS-I1" in archived)


def orders(role: str) -> list[Order]:
    """One order for each kind of file that a role is offered, in its quickest format.

    Trusts are offered the same files for sharing as the programme; no month of this release's
    charts may be shared.
    """
    quickest = {"figures": "csv", "tidy": "parquet", "chart": "svg"}
    return [
        Order(
            what,
            audience,
            quickest.get(what, "html"),
            None if role == "programme" and "sheet" not in what else "Z01",
            "Z01-ALDER1" if what == "sheet" else None,
            "SS-O1" if what == "chart" else None,
        )
        for audience in (EXACT[role], "public")
        for what in offered(role, audience)
        if audience != "public" or (role == "programme" and what != "chart")
    ]


def name(measure: str) -> str:
    return next(about.name for about in measure_files.load() if about.id == measure)
