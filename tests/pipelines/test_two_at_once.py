"""Two processes at once: every return gets its own version and none is lost."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.keeping import staging
from pipelines.keeping.verify import archive_problems
from pipelines.releasing import release_file
from tests import worlds

PROGRAM = """
import sys, time
from pathlib import Path
from pipelines.releasing import points
from pipelines.releasing import build
from pipelines.keeping.home import Home
from tests import worlds
home, name, safe = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
month = worlds.LAST + 1
rows = [worlds.monthly_row(ward, month, pt_safe=safe) for ward in worlds.WARDS["Z01"]]
print("ready", flush=True)
sys.stdin.readline()
sent = worlds.send(home, "Z01", month, monthly=rows, release=True)
print(sent.receipt.version, sent.trouble or "released", flush=True)
"""


@pytest.mark.slow
def test_two_who_send_the_same_month_get_versions_one_and_two(own_home):
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(own_home.root)]
    both = [
        subprocess.Popen(
            [*command, name, safe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name, safe in (("one", "1"), ("two", "2"))
    ]
    assert [process.stdout.readline() for process in both] == ["ready\n", "ready\n"]
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    said = sorted(process.communicate(timeout=120)[0].strip() for process in both)
    assert said == ["1 released", "2 released"]
    month = own_home.archive.root / "returns" / "Z01" / str(worlds.LAST + 1)
    assert staging.versions(month) == [1, 2]
    assert archive_problems(own_home.archive) == []
    path = release_file.current(own_home.releases)
    state = release_file.read(path, "SELECT archive_state FROM release").item()
    assert state == own_home.archive.state()


def test_many_threads_take_every_number_once(tmp_path):
    def keep(number: int) -> int:
        return staging.keep_version(tmp_path, lambda v: {"who": f"{number} {v}".encode()})

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(keep, range(40)))
    assert sorted(taken) == list(range(1, 41))
    for number, version in enumerate(taken):
        assert (tmp_path / str(version) / "who").read_text() == f"{number} {version}"
