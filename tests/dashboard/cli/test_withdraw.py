"""feeling-safe withdraw, as it is typed."""

from pathlib import Path

from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


def test_a_withdrawn_return_gives_way_to_the_one_before(home: Path) -> None:
    twice = next((home / "archive" / "returns").glob("*/*/2"))
    name = "/".join(twice.parts[-3:])
    result = run("withdraw", name, "--reason", "Sent by mistake", "--home", home)
    assert result.exit_code == Exit.DONE, result.output
    active = {receipt.return_id for receipt in open_home(home).archive.entries().active}
    assert name not in active
    assert f"{name[:-2]}/1" in active
    assert (twice / "receipt.json").exists()
    again = run("withdraw", name, "--reason", "Sent by mistake", "--home", home)
    assert again.exit_code == Exit.WRONG_USE
    assert "already been withdrawn" in again.stderr
