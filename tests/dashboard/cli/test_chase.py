"""feeling-safe chase, as it is typed."""

import json
import zipfile

from dashboard.cli.errors import Exit
from tests.dashboard.cli.typed import run


def test_whom_to_ask_is_listed_and_written(demo_home, tmp_path):
    listed = run("chase", "--home", demo_home)
    assert listed.exit_code == Exit.DONE, listed.output
    machines = json.loads(run("chase", "--json", "--home", demo_home).stdout)
    assert machines
    for one in machines:
        assert f"{one['trust']} {one['name']}: " in listed.stdout
    listing, mails = tmp_path / "list.csv", tmp_path / "mails.zip"
    assert run("chase", "--out", listing, "--home", demo_home).exit_code == Exit.DONE
    rows = listing.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + sum(len(one["open"] + one["closed"]) for one in machines)
    assert run("chase", "--out", mails, "--home", demo_home).exit_code == Exit.DONE
    with zipfile.ZipFile(mails) as packed:
        assert sorted(packed.namelist()) == sorted(
            f"{m['trust']}.eml" for m in machines if m["open"]
        )
    for name, words in (("list.csv", "already exists"), ("list.txt", "must end in .csv or .zip")):
        refused = run("chase", "--out", tmp_path / name, "--home", demo_home)
        assert (refused.exit_code, words in refused.stderr) == (Exit.WRONG_USE, True)
