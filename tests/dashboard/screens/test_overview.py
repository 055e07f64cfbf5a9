"""The overview names whoever was newly given access to everything."""

from datetime import UTC, date, datetime

import polars as pl

from tests.dashboard import tiny_release

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)


def test_whoever_is_new_on_the_programme_team_is_named(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    new = (
        tables["people"]
        .filter(email="team@example.org")
        .with_columns(
            email=pl.lit("new@example.org"),
            name=pl.lit("Nia *New*"),
            valid_from=pl.lit(date(2026, 4, 1)),
        )
    )
    tables["people"] = pl.concat([tables["people"], new])
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    app = open_screen("team@example.org", "overview")
    assert not app.exception
    shown = "\n".join(repr(element.proto) for element in app.main)
    assert "Nia *New* (new@example.org), from 1 April 2026." in shown
