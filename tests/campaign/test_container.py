"""The container files: they agree with each other, and with -m campaign an image is built and run.

The image is built by buildah upon a small Debian, because no base image can be fetched everywhere;
it runs like under compose.yaml, with a read-only root and as nobody in particular.
"""

import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
import yaml

from dashboard.identity import provider_faults, public_host
from pipelines.releasing.build import build
from tests import worlds
from tests.patience import PATIENCE
from tests.ports import free_port

TREE = Path(__file__).parents[2]
CONTAINERFILE = (TREE / "Containerfile").read_text(encoding="utf-8")
PLACE = TREE / "docs" / "container"
COMPOSE = yaml.safe_load((PLACE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SIGN_IN = tomllib.loads((PLACE / "sign-in.example.toml").read_text(encoding="utf-8"))["auth"]
NGINX = (PLACE / "nginx.conf").read_text(encoding="utf-8")
PROXY = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
TOOLS = ("buildah", "mmdebstrap", "unshare", "chroot")
MISSING = [name for name in TOOLS if not shutil.which(name)]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
USER = "10001:10001"

# What compose.yaml asks for: nothing may be written but the volume and a temporary folder.
RUN = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
[ ! -d "$1/srv/feeling-safe" ] || mount --bind "$2" "$1/srv/feeling-safe"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
mount -o remount,bind,ro "$1"
root="$1" user="$3"
shift 3
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"
"""


def test_an_image_holds_the_code_and_the_programmes_own_data_and_nothing_else():
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    shipped = {"schemas", "pipelines", "dashboard", "pyproject.toml", "README.md", "LICENSE"}
    kept_out = {"programme", "demo"}  # homes; .gitignore keeps them out of the repository too
    data = {f"data/{path.name}" for path in (TREE / "data").iterdir() if _shipped(path)}
    assert copied == shipped | {name for name in data if Path(name).name not in kept_out}


def _shipped(path: Path) -> bool:
    return not path.name.startswith((".", "demo.", "__"))


def test_the_provider_is_the_one_the_tests_sign_in_with():
    groups = tomllib.loads((TREE / "pyproject.toml").read_text())["dependency-groups"]
    (wanted,) = (each for each in groups["dev"] if each.startswith("oidc-provider-mock"))
    assert f'"{wanted}"' in CONTAINERFILE


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_may_write_or_gain_anything(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    for mount in service.get("volumes", ()):
        assert mount.split(":")[0] in COMPOSE["volumes"] or mount.endswith(":ro"), mount


def test_only_the_proxy_is_reached_and_only_it_is_believed():
    published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
    assert published == {"proxy": ["127.0.0.1:8080:8080"]}
    assert SERVICES["service"]["environment"]["FORWARDED_ALLOW_IPS"] == PROXY
    (config,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert ip_address(PROXY) in ip_network(config["subnet"])


def test_the_names_in_every_file_are_the_same():
    names = set(re.findall(r"server_name (\S+);", NGINX))
    provider = public_host({"redirect_uri": SIGN_IN["server_metadata_url"]})
    assert names == {public_host(SIGN_IN), provider}
    assert SERVICES["proxy"]["networks"]["inside"]["aliases"] == [provider]
    upstream = dict(re.findall(r"proxy_pass http://(\w+):(\d+);", NGINX))
    exposed = set(re.findall(r"^EXPOSE (\d+)$", CONTAINERFILE, re.MULTILINE))
    assert upstream == {"service": "8501", "provider": "9400"}
    assert set(upstream.values()) == exposed
    targets = {s["build"]["target"] for s in SERVICES.values() if "build" in s}
    assert targets == set(upstream)


def test_the_example_of_a_sign_in_is_refused_until_it_has_a_secret_of_its_own():
    assert "cookie_secret is shorter" in provider_faults(SIGN_IN)[0]
    assert provider_faults({**SIGN_IN, "cookie_secret": "x" * 64}) == []
    assert "docs/container/sign-in.toml" in (TREE / ".gitignore").read_text().splitlines()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Gives the root of a target, built as the Containerfile says, upon Debian's own Python."""
    if MISSING or os.geteuid() != 0:
        pytest.skip(f"building an image takes root, and {', '.join(TOOLS)}: missing {MISSING}")
    folder = tmp_path_factory.mktemp("images")
    base = folder / "base.tar"
    packages = "--include=python3,python3-venv,ca-certificates"
    _do("mmdebstrap", "--quiet", "--variant=minbase", packages, _debian(), str(base))
    store = ["--root", str(folder / "root"), "--runroot", str(folder / "run")]

    def buildah(*arguments: str) -> str:
        return _do("buildah", *store, "--storage-driver", "vfs", *arguments)

    try:
        container = buildah("from", "scratch")
        buildah("add", container, str(base), "/")
        buildah("copy", container, str(CERTIFICATES), str(CERTIFICATES))
        for variable in ("SSL_CERT_FILE", "PIP_CERT"):
            buildah("config", "--env", f"{variable}={CERTIFICATES}", container)
        buildah("commit", "--rm", container, "localhost/base")

        @cache
        def built(target: str) -> Path:
            name = f"localhost/{target}"
            asked = ["--build-arg", "BASE=localhost/base", "--target", target, "--tag", name]
            buildah("build", "--isolation", "chroot", *asked, str(TREE))
            about = json.loads(buildah("inspect", "--type", "image", name))["OCIv1"]["config"]
            assert about["User"] == USER
            return Path(buildah("mount", buildah("from", name)))

        yield built
    finally:
        subprocess.run(
            ["buildah", *store, "--storage-driver", "vfs", "rm", "--all"],  # noqa: S607
            check=False,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _debian() -> str:
    about = Path("/etc/os-release").read_text(encoding="utf-8")
    return re.search(r"^VERSION_CODENAME=(\w+)$", about, re.MULTILINE)[1]


def _do(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout.strip()


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """A volume with a home in it, which belongs to the image's user."""
    home = worlds.small_world(tmp_path / "volume" / "home", worlds.FIRST, worlds.FIRST)
    build(home, worlds.received(worlds.FIRST))
    for path in [tmp_path / "volume", *(tmp_path / "volume").rglob("*")]:
        os.chown(path, 10001, 10001)
    return tmp_path / "volume"


def _settings(target: str) -> tuple[list[str], dict[str, str]]:
    """What a target runs, and its variables."""
    part = CONTAINERFILE.split(f" AS {target}\n")[1].split("\nFROM ")[0]
    words = [json.loads(found) for found in re.findall(r"^(?:ENTRYPOINT|CMD) (.+)$", part, re.M)]
    named = re.search(r"^ENV (.+)$", part, re.MULTILINE)
    variables = dict(pair.split("=") for pair in named[1].split()) if named else {}
    return [word for line in words for word in line], variables


@contextmanager
def _running(root: Path, volume: Path, command: list[str], **variables: str) -> Iterator[Path]:
    """The container while it runs; where it writes its log."""
    said = volume.parent / "said.txt"
    run = ["unshare", "--mount", "sh", "-c", RUN, "sh", str(root), str(volume), USER, *command]
    with said.open("w") as log:
        process = subprocess.Popen(
            run, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", **variables}, stderr=log, stdout=log
        )
    try:
        yield said
        assert process.poll() is None, said.read_text()
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _answer(address: str, host: str, **headers: str) -> tuple[int, bytes]:
    """The answer to a request for a host, waiting until somebody answers."""
    request = Request(address, headers={"Host": host, **headers})
    for _ in range(600):
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            return refused.code, refused.read()
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


@pytest.mark.campaign
@pytest.mark.parametrize(("believed", "seen"), [(PROXY, "127.0.0.1"), ("127.0.0.1", "192.0.2.7")])
def test_the_image_serves_from_a_read_only_root(image, volume, believed, seen):
    command, variables = _settings("service")
    port = str(free_port())
    variables |= {"FEELING_SAFE_PORT": port, "FORWARDED_ALLOW_IPS": believed}
    address = f"http://127.0.0.1:{port}"
    with _running(image("service"), volume, command, **variables) as said:
        status, body = _answer(f"{address}/healthz", "localhost")
        assert (status, json.loads(body)["ok"]) == (200, True)
        bad = {"Authorization": "Bearer fs_0123456789ab_x", "X-Forwarded-For": "192.0.2.7"}
        assert _answer(f"{address}/api/v1/template", "localhost", **bad)[0] == 401
        assert f'"address": "{seen}"' in said.read_text()
    assert (volume / "home" / "shared.sqlite").stat().st_uid == 10001


@pytest.mark.campaign
def test_the_image_makes_a_programme_and_its_backup(image, tmp_path):
    volume = tmp_path / "volume"
    volume.mkdir()
    (volume / "backups").mkdir()
    for path in (volume, volume / "backups"):
        os.chown(path, 10001, 10001)
    (program, _), variables = _settings("service")
    for words in (
        ["init", variables["FEELING_SAFE_HOME"], "--name", "Tried", "--first-month", "2026-04"],
        ["backup", "--keep", "2", "/srv/feeling-safe/backups"],
        ["status"],
    ):
        run = ["unshare", "--mount", "sh", "-c", RUN, "sh", str(image("service")), str(volume)]
        done = subprocess.run(
            [*run, USER, program, *words],
            env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert len(list((volume / "backups").iterdir())) == 1


@pytest.mark.campaign
def test_the_provider_answers_under_the_name_of_the_proxy(image, volume):
    command, _ = _settings("provider")
    port = str(free_port())
    people = SERVICES["provider"]["command"]
    with _running(image("provider"), volume, [*command, "--port", port, *people]):
        path = "/.well-known/openid-configuration"
        status, body = _answer(f"http://127.0.0.1:{port}{path}", "provider.localhost:8080")
    assert status == 200
    assert json.loads(body)["issuer"] + path == SIGN_IN["server_metadata_url"]
