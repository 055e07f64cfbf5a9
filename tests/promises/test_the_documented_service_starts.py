"""The units in the documents start the service and its backup, under the restrictions they set.

There is no systemd in a test: a mount namespace gives the same read-only root, the same private
temporary folder and the same few folders that may be written.
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from pipelines.releasing.build import build
from tests import worlds
from tests.patience import PATIENCE
from tests.ports import free_port

TREE = Path(__file__).parents[2]
UNIT, BACKUP = (TREE / "docs" / f"feeling-safe{name}.service" for name in ("", "-backup"))
TIMER = TREE / "docs" / "feeling-safe-backup.timer"
CODE, HOME, LOGS = "/srv/feeling-safe-code", "/srv/feeling-safe", "/var/log/feeling-safe"
BACKUPS = "/mnt/backups/feeling-safe"

# Everything is put aside while the temporary folder is replaced, as it may lie in that folder.
RESTRICTED = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/code /mnt/written
mount --bind "$1" /mnt/code
mount --bind "$2" /mnt/written
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
mkdir -p "$1" "$2"
mount --bind /mnt/code "$1"
mount --bind /mnt/written "$2"
mount -o remount,bind,ro "$1"
mount -o remount,bind,ro /
cd "$1"
shift 2
exec setpriv --no-new-privs "$@"
"""


def settings(unit: Path = UNIT) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals:
            found.setdefault(name, []).append(value)
    return found


def _may_restrict() -> bool:
    if not (shutil.which("unshare") and shutil.which("setpriv") and os.path.isdir("/mnt")):
        return False
    tried = subprocess.run(
        ["unshare", "--mount", "true"],  # noqa: S607 - wherever the system has it
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def test_the_unit_says_what_the_service_needs():
    unit = settings()
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["PrivateTmp"] == unit["NoNewPrivileges"] == ["true"]
    assert unit["RestartPreventExitStatus"] == ["2"]  # what it refuses, it refuses again
    assert unit["UMask"] == ["0077"]
    written = unit["ReadWritePaths"][0].split()
    for variable in unit["Environment"]:
        path = Path(variable.partition("=")[2])
        assert str(path) in written or str(path.parent) in written, variable


@pytest.mark.slow
@pytest.mark.skipif(not _may_restrict(), reason="only root can restrict a process like this")
def test_it_starts_where_it_may_write_nothing_else(tmp_path):
    unit = settings()
    home = worlds.small_world(tmp_path / "home", worlds.FIRST, worlds.FIRST)
    build(home, worlds.received(worlds.FIRST))
    port, metrics = free_port(), free_port()
    command, environment = _restricted(unit, tmp_path)
    environment |= {
        "FEELING_SAFE_PORT": str(port),
        "FEELING_SAFE_METRICS_PORT": str(metrics),
    }
    with (tmp_path / "said.txt").open("w") as said:
        service = subprocess.Popen(command, env=environment, stderr=said)
    try:
        assert _answers(f"http://127.0.0.1:{port}/healthz", service), (
            tmp_path / "said.txt"
        ).read_text()
        assert (tmp_path / "logs" / "audit.jsonl").exists()
        assert (home.root / "shared.sqlite").exists()
        assert b"feeling_safe_release_whole 1.0" in _read(f"http://127.0.0.1:{metrics}/metrics")
        assert b"feeling_safe_" not in _read(f"http://127.0.0.1:{port}/metrics")
    finally:
        service.terminate()
        service.wait(timeout=PATIENCE)


def test_the_unit_for_backups_may_write_what_it_has_to():
    unit, served = settings(BACKUP), settings()
    assert settings(TIMER)["Persistent"] == ["true"]  # a night that was missed is made up for
    assert unit["Type"] == ["oneshot"]
    assert unit["RequiresMountsFor"] == [BACKUPS]  # never onto the disk beneath
    assert unit["ReadWritePaths"] == [f"{served['ReadWritePaths'][0]} {BACKUPS}"]
    for name in ("User", "UMask", "NoNewPrivileges", "PrivateTmp", "ProtectSystem"):
        assert unit[name] == served[name]
    assert unit["ExecStart"][0].endswith(f" {BACKUPS}")


@pytest.mark.slow
@pytest.mark.skipif(not _may_restrict(), reason="only root can restrict a process like this")
def test_the_backup_is_made_where_it_may_write_nothing_else(tmp_path):
    worlds.small_world(tmp_path / "home", worlds.FIRST, worlds.FIRST)
    (tmp_path / "backups").mkdir()
    command, environment = _restricted(settings(BACKUP), tmp_path)
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name.startswith("feeling-safe-00001-")
    assert backup.stat().st_mode & 0o077 == 0


def _restricted(unit: dict[str, list[str]], folder: Path) -> tuple[list[str], dict[str, str]]:
    """A unit's command and environment, with its places in a folder that alone may be written."""
    (folder / "logs").mkdir()
    places = {
        CODE: TREE,
        BACKUPS: folder / "backups",
        LOGS: folder / "logs",
        HOME: folder / "home",
    }

    def here(text: str) -> str:
        for there, place in places.items():
            text = re.sub(rf"{there}(?=/|$)", str(place), text)
        return text

    named = dict(here(variable).split("=", 1) for variable in unit["Environment"])
    program = here(unit["ExecStart"][0]).split()
    restricted = ["unshare", "--mount", "sh", "-c", RESTRICTED, "sh", str(TREE), str(folder)]
    return [*restricted, *program], {"PATH": os.environ["PATH"], **named}


def _read(address: str) -> bytes:
    with urlopen(address, timeout=PATIENCE) as response:
        return response.read()


def _answers(address: str, service: subprocess.Popen) -> bool:
    while service.poll() is None:
        try:
            with urlopen(address, timeout=PATIENCE) as response:
                return response.status == 200
        except (URLError, ConnectionError):
            time.sleep(0.2)
    return False
