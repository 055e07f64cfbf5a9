import json
import shutil

import duckdb
import polars as pl
import pytest

from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.layout import chain_file, head_file
from pipelines.keeping.verify import archive_problems, unfinished
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.verify_home import verify
from tests import worlds


def folder(home):
    return home.archive.root / "returns" / "Z01" / "2025-03" / "1"


def spoil_original(home):
    path = folder(home) / "original.zip"
    path.write_bytes(path.read_bytes() + b"!")


def spoil_receipt(home):
    (folder(home) / "receipt.json").write_text("{}")


def swap_receipt(home):
    path = folder(home) / "receipt.json"
    path.write_text(path.read_text().replace("2025-03", "2025-04"))


def lose_original(home):
    (folder(home) / "original.zip").unlink()


def lose_a_row(home):
    path = folder(home) / "receipt.json"
    receipt = json.loads(path.read_text())
    receipt["rows_by_sheet"]["monthly"] = 4
    path.write_text(json.dumps(receipt))


def other_rows(home):
    path = folder(home) / "rows.parquet"
    cells = pl.read_parquet(path)
    cells.with_columns(number=pl.col("number") + 1).write_parquet(path)


def spoil_rows(home):
    (folder(home) / "rows.parquet").write_bytes(b"PAR1")


def lose_a_version(home):
    rows = [worlds.monthly_row(ward, worlds.FIRST + 2, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    worlds.send(home, "Z01", worlds.FIRST + 2, monthly=rows)
    folder(home).rename(home.root / "elsewhere")


def spoil_register(home):
    path = home.archive.root / "register" / "1" / "wards.csv"
    path.write_text(path.read_text().replace(",16,", ",17,"))


def own_measures(home):
    files = worlds.measure_file("SS-P4", target="80")
    home.archive.keep_measures(files, Decided(worlds.TEAM, worlds.START, "Lower"))
    return home.archive.root / "measures" / "1"


def spoil_measures(home):
    path = own_measures(home) / "SS-P4_own.toml"
    path.write_text(path.read_text().replace("target = 80", "target = 70"))


def spoil_receipt_of_measures(home):
    (own_measures(home) / "receipt.json").write_text("{}")


def lose_a_version_of_measures(home):
    own_measures(home)
    files = worlds.measure_file("SS-P4", target="70")
    home.archive.keep_measures(files, Decided(worlds.TEAM, worlds.START, "Lower still"), 1)
    shutil.rmtree(home.archive.root / "measures" / "1")


def lose_the_measures(home):
    shutil.rmtree(own_measures(home))


def spoil_decision(home):
    taken = decision("annotation", Decided(worlds.TEAM, worlds.START, "So"))
    home.archive.record(taken.model_copy(update={"reason": "Otherwise"}))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_original, "The original file of return Z01/2025-03/1 is not the one its receipt"),
        (spoil_receipt, "Return Z01/2025-03/1 has no readable receipt."),
        (swap_receipt, "Return Z01/2025-03/1 holds the receipt of Z01/2025-04/1."),
        (lose_original, "Return Z01/2025-03/1 has 0 original files instead of one."),
        (lose_a_row, "has 3 rows in the sheet “monthly”, but its receipt says 4."),
        (other_rows, "Return Z01/2025-03/1 is not the one that was kept as line 12"),
        (spoil_rows, "The rows of return Z01/2025-03/1 cannot be read."),
        (lose_a_version, "returns/Z01/2025-03 is missing version 1."),
        (spoil_register, "Version 1 of the register is not the one its receipt was given for."),
        (spoil_measures, "Version 1 of the measures is not the one its receipt was given for"),
        (spoil_receipt_of_measures, "or its receipt cannot be read."),
        (lose_a_version_of_measures, "measures is missing version 1."),
        (lose_the_measures, "Version 1 of the measures was kept as line"),
        (spoil_decision, "has been changed since it was made."),
    ],
)
def test_whatever_is_not_as_it_was_kept_is_told(own_home, spoil, said):
    assert archive_problems(own_home.archive) == []
    spoil(own_home)
    found = archive_problems(own_home.archive)
    assert len(found) == 1, found
    assert said in found[0]


def test_what_a_crash_left_is_named_and_is_no_fault(own_home):
    left = folder(own_home).parent / ".staged-version-1"
    left.mkdir()
    assert archive_problems(own_home.archive) == []
    assert unfinished(own_home.archive) == [left]


def test_a_home_whose_release_says_what_was_sent_is_well(own_home):
    assert verify(own_home) == []
    assert verify(own_home, read_again=True) == []


def test_rows_that_are_not_those_of_the_original_are_found_by_reading_it_again(own_home):
    other_rows(own_home)
    for path in (chain_file(own_home.archive.root), head_file(own_home.archive.root)):
        path.unlink()  # as before there was a chain, which needs no reading
    for path in release_file.all_of(own_home.releases):
        with duckdb.connect(path) as release:
            release.execute("DROP TABLE chain")
        release_file.seal(path, path)
    said = verify(own_home, read_again=True)
    assert said[0] == "Return Z01/2025-03/1 is read differently today from when it was received."
    assert "are not those that were sent" in said[1]


def test_a_release_behind_the_archive_is_told(own_home):
    worlds.send(own_home, "Z01", worlds.LAST + 1)
    assert ["does not match what the archive holds" in said for said in verify(own_home)] == [True]


def test_a_damaged_or_missing_release_is_told(own_home):
    path = release_file.current(own_home.releases)
    whole = path.read_bytes()
    for damaged in (b"no database", whole[:-4096], whole[:-1] + bytes([whole[-1] ^ 1])):
        path.write_bytes(damaged)
        assert ["is damaged" in said for said in verify(own_home)] == [True]
    path.unlink()
    assert verify(own_home) == ["There is no release in use: “feeling-safe build” builds one."]


def test_a_damaged_release_that_is_not_in_use_is_named_too(own_home):
    earlier = release_file.current(own_home.releases)
    worlds.send(own_home, "Z01", worlds.LAST + 1)
    build(own_home, worlds.received(worlds.LAST + 1))
    day = build(
        own_home, worlds.received(worlds.LAST + 1), as_at=worlds.received(worlds.LAST).date()
    )
    assert verify(own_home) == []
    for path in (earlier, day):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    said = verify(own_home)
    assert {each.partition(",")[0] for each in said} == {
        f"Release {path.stem}" for path in (earlier, day)
    }
    assert any(f"Delete releases/as-at/{day.name};" in each for each in said)
    spoil_original(own_home)
    assert len(verify(own_home)) == 3, "a damaged archive keeps no release from being named"
    for path in (earlier, day):
        path.unlink()
    assert len(verify(own_home)) == 1


def test_a_release_of_a_version_that_kept_no_digests_is_not_called_damaged(own_home):
    earlier = release_file.current(own_home.releases)
    worlds.send(own_home, "Z01", worlds.LAST + 1)
    build(own_home, worlds.received(worlds.LAST + 1))
    earlier.with_suffix(release_file.DIGEST).unlink()
    assert verify(own_home) == []


def test_a_damaged_archive_is_told_first(own_home):
    spoil_original(own_home)
    assert len(verify(own_home)) == 1


def test_a_release_built_by_another_version_is_named_with_what_to_do(own_home, monkeypatch):
    monkeypatch.setattr("pipelines.verify_home.code_version", lambda: "a newer one")
    (said,) = verify(own_home)
    assert "was built by another version of feeling-safe: “feeling-safe build” makes one" in said
