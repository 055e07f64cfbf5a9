"""feeling-safe undo, as it is typed."""

import json
import shutil

from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


def test_a_decision_is_listed_undone_and_brought_back(two_months, tmp_path):
    home = shutil.copytree(two_months.root, tmp_path / "home")
    assert run("undo", "--home", home).stdout == "No decision is in force.\n"
    made = run("withdraw", "Z01/2025-01/1", "--reason", "By mistake", "--json", "--home", home)
    ident = json.loads(made.stdout)["decision"]
    listed = run("undo", "--home", home).stdout
    assert listed.startswith(f"{ident}  ")
    assert "Return withdrawn" in listed
    assert "“By mistake”" in listed
    done = run("undo", ident, "--reason", "It was right", "--home", home)
    assert done.exit_code == Exit.DONE, done.output
    active = {receipt.return_id for receipt in open_home(home).archive.entries().active}
    assert "Z01/2025-01/1" in active
    again = run("undo", ident, "--reason", "Once more", "--home", home)
    assert (again.exit_code, again.stderr) == (
        Exit.WRONG_USE,
        f"There is no decision {ident} in force.\n",
    )
