"""feeling-safe undo, as it is typed."""

import json
import shutil

from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


def test_a_decision_is_listed_undone_and_brought_back(two_months, tmp_path):
    home = shutil.copytree(two_months.root, tmp_path / "home")
    assert run("undo", "--home", home).stdout == "There is no decision to undo.\n"
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
    assert done.stdout.startswith(f"{ident} no longer applies. ")
    again = run("undo", ident, "--reason", "Once more", "--home", home)
    assert (again.exit_code, again.stderr) == (
        Exit.WRONG_USE,
        f"There is no decision {ident} in force: it may have been undone already. "
        "“feeling-safe undo” lists what you can undo.\n",
    )
    undo = done.stdout.split()[-1].removesuffix(".")
    assert f"{undo}  " in (listed := run("undo", "--home", home).stdout)
    assert "Undone: Return withdrawn (Z01/2025-01/1)" in listed
    back = run("undo", undo, "--reason", "A mistake after all", "--home", home)
    assert back.exit_code == Exit.DONE, back.output
    assert back.stdout.startswith(f"{ident} applies again. ")
    active = {receipt.return_id for receipt in open_home(home).archive.entries().active}
    assert "Z01/2025-01/1" not in active


def test_an_undo_is_not_undone_if_the_return_was_withdrawn_again(two_months, tmp_path):
    home = shutil.copytree(two_months.root, tmp_path / "home")
    made = run("withdraw", "Z01/2025-01/1", "--reason", "By mistake", "--json", "--home", home)
    first = json.loads(made.stdout)["decision"]
    done = run("undo", first, "--reason", "It was right", "--json", "--home", home)
    run("withdraw", "Z01/2025-01/1", "--reason", "Wrong after all", "--home", home)
    again = run("undo", json.loads(done.stdout)["decision"], "--reason", "Too", "--home", home)
    assert (again.exit_code, again.stderr) == (
        Exit.WRONG_USE,
        "Return Z01/2025-01/1 has already been withdrawn.\n",
    )
