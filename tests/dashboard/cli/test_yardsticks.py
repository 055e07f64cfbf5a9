"""What surveys say of trusts, on the command line."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from tests import worlds

HEADINGS = (
    "trust_code,source,asked_of,higher_means,period_from,period_to,numerator,denominator,percent\n"
)
ROW = "Z01,Made-up survey,staff,harm,2024-04-01,2025-03-31,"


def run(home: Home, *arguments: object) -> Result:
    typed = ["yardsticks", *map(str, arguments), "--home", str(home.root)]
    return CliRunner().invoke(app, typed)


def test_figures_are_kept_shown_and_taken_out_and_small_ones_refused(tmp_path: Path) -> None:
    home = worlds.empty_world(tmp_path / "home")
    file = tmp_path / "list.csv"
    assert "There is no list yet" in run(home, "show").stdout
    assert run(home, "fetch", file).exit_code == Exit.DONE
    assert file.read_text(encoding="utf-8") == HEADINGS
    for figure, said in (
        ("24,200,12%", "percent: “12%” is not a number such as 12.5, without a % sign."),
        ("3,200,", "3 of 200 is a small number."),
    ):
        file.write_text(HEADINGS + ROW + figure, encoding="utf-8")
        refused = run(home, "keep", file, "--reason", "The staff survey")
        assert refused.exit_code not in (Exit.DONE, None)
        assert said in " ".join(refused.stderr.split())
        assert home.archive.newest_register().version == 1
    file.write_text(f"{HEADINGS}{ROW}24,200,\n{ROW.replace('Z01', 'Z02')},,12.5\n")
    kept = run(home, "keep", file, "--reason", "The staff survey")
    assert kept.stdout.startswith(
        "The list has 2 figures now, in version 2 of the register: 2 changes. Release "
    ), kept.output
    assert run(home, "show").stdout.splitlines() == [
        "Z01  Made-up survey: 24 of 200 staff, 1 April 2024 to 31 March 2025.",
        "Z02  Made-up survey: 12.5% of staff, 1 April 2024 to 31 March 2025.",
    ]
    undone = CliRunner().invoke(app, ["register", "--restore", "1", "--home", str(home.root)])
    assert undone.exit_code == Exit.DONE, undone.output
    assert json.loads(run(home, "show", "--json").stdout) == []
