"""feeling-safe recheck, as it is typed."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home
from pipelines.keeping.layout import REGISTER_TABLES
from tests.dashboard.cli.typed import run


def test_nothing_new_is_found_in_returns_that_were_checked_with_the_same_rules(
    demo_home: Path,
) -> None:
    result = run("recheck", "--json", "--home", demo_home)
    assert result.exit_code == Exit.DONE, result.output
    said = json.loads(result.stdout)
    assert said["returns"] > 80
    assert said["with_new_problems"] == []


def test_a_return_that_the_register_of_today_refuses_is_named(home: Path) -> None:
    newest = max((home / "archive" / "register").iterdir(), key=lambda p: int(p.name))
    trusts = newest / "trusts.csv"
    first, *others = trusts.read_text(encoding="utf-8").splitlines()[1:]
    code, name, region, joined, _, *end = first.split(",")
    begins = open_home(home).programme.expected_months(date.today())[2].first_day  # noqa: DTZ011
    moved = ",".join([code, name, region, joined, str(begins), *end])
    header = trusts.read_text(encoding="utf-8").splitlines()[0]
    trusts.write_text("\n".join([header, moved, *others]) + "\n", encoding="utf-8")
    receipt = newest / "receipt.json"  # as if it had been kept like this
    kept = json.loads(receipt.read_text(encoding="utf-8"))
    content = b"".join((newest / name).read_bytes() for name in REGISTER_TABLES)
    receipt.write_text(json.dumps(kept | {"sha256": sha256(content).hexdigest()}), encoding="utf-8")
    result = run("recheck", "--json", "--home", home)
    assert result.exit_code == Exit.PROBLEMS
    found = json.loads(result.stdout)["with_new_problems"]
    assert [again["return"][:3] for again in found if again["refused"]] == [code, code]
