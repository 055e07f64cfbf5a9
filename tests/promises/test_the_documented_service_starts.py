"""The unit in the documents starts the service, under the restrictions that it sets.

There is no systemd in a test: a mount namespace gives the same read-only root, the same private
temporary folder and the same few folders that may be written.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from pipelines.releasing.build import build
from tests import worlds

TREE = Path(__file__).parents[2]
UNIT = TREE / "docs" / "feeling-safe.service"
CODE, HOME, LOGS = "/srv/feeling-safe-code", "/srv/feeling-safe", "/var/log/feeling-safe"

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


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
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
    (tmp_path / "logs").mkdir()

    def here(text: str) -> str:
        places = ((CODE, str(TREE)), (HOME, str(home.root)), (LOGS, str(tmp_path / "logs")))
        for there, place in places:
            text = text.replace(f"{there}/", f"{place}/")
        return text.replace(HOME, str(home.root)) if text.endswith(HOME) else text

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    named = dict(here(variable).split("=", 1) for variable in unit["Environment"])
    program = here(unit["ExecStart"][0]).split()
    command = ["unshare", "--mount", "sh", "-c", RESTRICTED, "sh", str(TREE), str(tmp_path)]
    environment = {"PATH": os.environ["PATH"], "FEELING_SAFE_PORT": str(port), **named}
    with (tmp_path / "said.txt").open("w") as said:
        service = subprocess.Popen([*command, *program], env=environment, stderr=said)
    try:
        assert _answers(f"http://127.0.0.1:{port}/healthz", service), (
            tmp_path / "said.txt"
        ).read_text()
        assert (tmp_path / "logs" / "audit.jsonl").exists()
        assert (home.root / "shared.sqlite").exists()
    finally:
        service.terminate()
        service.wait(timeout=30)


def _answers(address: str, service: subprocess.Popen) -> bool:
    while service.poll() is None:
        try:
            with urlopen(address, timeout=30) as response:
                return response.status == 200
        except (URLError, ConnectionError):
            time.sleep(0.2)
    return False
