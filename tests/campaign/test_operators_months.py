"""An operator's first half-year, by the documents alone: libfaketime moves the days.

Every step is the real command, in a process whose clock says another day. Returns come by program,
by a watched folder and from the command line; `tests/browser` sends them on the screen, by today's
clock. Skipped where there is no `faketime` (Debian's package of that name).
"""

import csv
import json
import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

import httpx
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard.cli.errors import Exit
from schemas.periods import Month
from tests import worlds
from tests.patience import PATIENCE
from tests.serving import served

JANUARY, FEBRUARY = worlds.FIRST, worlds.FIRST + 1
TWO = "lead.two@trust.example"
needs_faketime = pytest.mark.skipif(
    not shutil.which("faketime"),
    reason="no faketime: install Debian's package of that name to try an operator's months",
)


@dataclass(frozen=True)
class Operator:
    """Who looks after a programme in a folder, and types commands on one day after another."""

    program: str
    folder: Path
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def types(self, day: str, *words: str, code: int = 0) -> str:
        """What a command says on a day, if it exits as it should."""
        done = subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env=self.on(day),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def serves(self, day: str) -> AbstractContextManager[str]:
        """The service on a day, until the operator stops it."""
        return served(self.program, self.folder / "home", self.on(day))

    def on(self, day: str) -> dict[str, str]:
        """What moves a process to a day: at nine o'clock when all began, and going on from there.

        The clock that only counts seconds is moved too: to leave it alone, libfaketime has to tell
        both apart wherever somebody waits, and it can't for all that Python does.
        """
        nine = datetime.combine(date.fromisoformat(day), time(9), UTC)
        return os.environ | {
            "LD_PRELOAD": _library(),
            "FAKETIME": f"{(nine - self.began).total_seconds():+.0f}",
            "TZ": "UTC",
        }

    def file(self, trust: str, month: Month, **changes: object) -> Path:
        """The return that a trust has filled in; `changes` are those of its first ward."""
        first, *others = worlds.WARDS[trust]
        rows = [worlds.monthly_row(first, month, **changes)]
        rows += [worlds.monthly_row(ward, month) for ward in others]
        path = self.folder / f"{trust}_{month}.zip"
        path.write_bytes(worlds.return_file(trust, month, monthly=rows, standards=[]))
        return path

    def register(self, name: str, rows: list[dict[str, object]]) -> None:
        """Fill in a file of the register under the headings that `init` wrote."""
        path = self.folder / "home" / "register" / f"{name}.csv"
        headings = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, headings)
            sheet.writeheader()
            sheet.writerows(rows)


def _library() -> str:
    """Where `faketime` has what it puts before every other library."""
    told = subprocess.run(
        ["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


@pytest.fixture(scope="module")
def operator(feeling_safe: str, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator who has installed the program and started a programme in December."""
    at = Operator(feeling_safe, tmp_path_factory.mktemp("months"))
    day, home = "2024-12-02", ("--home", "home")
    at.types(day, "init", "home", "--first-month", str(JANUARY), "--fictional")
    at.register("trusts", [worlds.trust_row(code) for code in worlds.WARDS])
    wards = [(trust, ward) for trust, wards in worlds.WARDS.items() for ward in wards]
    at.register("wards", [worlds.ward_row(trust, ward) for trust, ward in wards])
    people = [(worlds.TEAM, "programme", ""), (worlds.LEAD, "trust", "Z01"), (TWO, "trust", "Z02")]
    at.register(
        "access",
        [
            {"email": who, "name": who, "role": role, "trusts": of, "valid_from": day}
            for who, role, of in people
        ],
    )
    at.types(day, "register", *home, "--reason", "Two trusts joined", "--by", worlds.TEAM)
    at.types(day, "check-config", *home)
    for name in ("drop", "backups", "heads", "elsewhere"):
        (at.folder / name).mkdir()
    return at


@needs_faketime
@pytest.mark.campaign
def test_from_the_first_return_to_a_restore(operator):
    say, home = operator.types, ("--home", "home")

    # January is over: one trust sends by program, the other is sent from a file.
    said = say("2025-02-03", "status", *home)
    assert "January 2025: 0 of 2 received" in said
    assert "Due 14 February 2025" in said
    say("2025-02-03", "template", "Z01", str(JANUARY), "--out", "z01.xlsx", *home)
    issue = ("token", "issue", worlds.LEAD, "--name", "Export", "--by", worlds.TEAM, "--json")
    token = {"Authorization": f"Bearer {json.loads(say('2025-02-03', *issue, *home))['token']}"}
    with operator.serves("2025-02-03") as address:
        content = operator.file("Z01", JANUARY).read_bytes()
        answers = {"answers": '{"*": "Checked with the ward"}'}
        sent = httpx.post(
            f"{address}/api/v1/returns",
            headers=token,
            files={"file": ("z01.zip", content)},
            data=answers,
            timeout=PATIENCE,
        )
        assert sent.status_code in (200, 201), sent.text
        assert sent.json()["received_at"].startswith("2025-02-03T")
    january = ("submit", str(operator.file("Z02", JANUARY)), "--answer-all", "Checked", "--by", TWO)
    say("2025-02-04", *january, *home)
    (operator.folder / "receipt.json").write_text(sent.text)
    (operator.folder / "z01.zip").write_bytes(content)
    assert "January 2025: 2 of 2 received" in say("2025-02-04", "status", *home)

    # February: one drops its file into the folder, the other is late and is asked.
    dropped = shutil.copy(operator.file("Z01", FEBRUARY), operator.folder / "drop")
    Path(f"{dropped}.answers.json").write_text('{"*": "Checked with the ward"}')
    say("2025-03-05", "watch", "drop", "--once", "--every", "0", "--by", worlds.LEAD, *home)
    assert "February 2025: 1 of 2 received" in say("2025-03-20", "status", *home)
    say("2025-03-20", "chase", "--out", "chase.csv", *home)
    chased = (operator.folder / "chase.csv").read_text()
    assert "lead.two@trust.example" in chased
    assert "Z01" not in chased
    submit = ("submit", str(operator.file("Z02", FEBRUARY)), "--answer-all", "Checked", "--by", TWO)
    say("2025-03-21", *submit, *home)
    assert "2 of 2 received, 1 of them late" in say("2025-03-21", "status", *home)

    # A backup every night, one of them by a clock that was set back; three are kept.
    for night in ("2025-03-21", "2025-03-22", "2025-03-01", "2025-03-24"):
        say(night, "backup", "--keep", "3", "backups", *home)
    backups = sorted(path.name for path in (operator.folder / "backups").iterdir())
    assert [name.split("-")[2] for name in backups] == ["00002", "00003", "00004"]
    say("2025-03-24", "mirror", "elsewhere/copy", *home)

    # January has closed: a correction has to wait until its month is opened again.
    operator.file("Z02", JANUARY, occupied_bed_days=444)
    again = ("submit", f"Z02_{JANUARY}.zip", "--answer-all", "Counted again", "--by", TWO)
    refused = say("2025-04-10", *again, *home, code=Exit.PROBLEMS)
    assert "January 2025 is closed" in refused
    reopened = ("Z02", str(JANUARY), "--reason", "A ward had miscounted", "--by", worlds.TEAM)
    say("2025-04-10", "reopen", *reopened, *home)
    say("2025-04-11", *again, *home)
    say("2025-04-12", "publish-head", "heads", *home)
    say("2025-04-12", "verify-receipt", "receipt.json", "z01.zip")

    # After 90 days the program's token has ended. In the end, everything is restored elsewhere.
    with operator.serves("2025-05-06") as address:
        asked = f"{address}/api/v1/template?trust=Z01&month=2025-04"
        ended = httpx.get(asked, headers=token, timeout=PATIENCE)
        assert ended.status_code == 401
    say("2025-06-30", "backup", "--keep", "3", "backups", *home)
    newest = max((operator.folder / "backups").iterdir())
    say("2025-06-30", "restore", f"backups/{newest.name}", "--home", "restored")
    say("2025-06-30", "mirror", "elsewhere/copy", *home)
    say("2025-06-30", "mirror", "from-copy", "--home", "elsewhere/copy")
    for place in ("home", "restored", "from-copy"):
        say("2025-06-30", "build", "--home", place)
        say("2025-06-30", "verify", "--against", f"backups/{newest.name}", "--home", place)
        tidy = ("export", f"files-{place}", "--for", "programme", "--part", "tidy")
        say("2025-06-30", *tidy, "--home", place)
    mine = _figures(operator.folder / "files-home")
    assert mine.height > 0
    for place in ("restored", "from-copy"):
        assert_frame_equal(mine, _figures(operator.folder / f"files-{place}"))


def _figures(folder: Path) -> pl.DataFrame:
    """The tidy table of an export."""
    (path,) = folder.rglob("*.parquet")
    return pl.read_parquet(path)
