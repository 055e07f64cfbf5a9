"""A real programme is not served without a sign-in, and errors are reported in a sentence."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli.app import app
from pipelines.keeping.home import create_home
from pipelines.registers.placeholders import placeholders
from schemas.programme import Programme
from tests.patience import PATIENCE
from tests.ports import free_port

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def real_home(tmp_path: Path) -> Path:
    programme = Programme(name="A real programme", fictional=False, first_month="2026-01")
    return create_home(tmp_path / "home", programme, placeholders(), "team@nhs.example", NOW).root


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, in a folder without any settings."""
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def served(feeling_safe: str, home: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    port = str(free_port())
    return run(
        feeling_safe, "serve", "--home", str(home), "--no-open", "--port", port, folder=folder
    )


def test_without_a_provider_it_refuses_to_serve(feeling_safe, real_home, tmp_path):
    refused = served(feeling_safe, real_home, tmp_path)
    assert refused.returncode != 0
    assert "no sign-in is set up" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("auth", "says"),
    [
        ("", "no sign-in is set up"),
        ('client_id = "x"', "lacks redirect_uri, cookie_secret"),
        (
            'redirect_uri = "https://x.example/oauth2callback"\ncookie_secret = "changeme"\n'
            'client_id = "x"\nclient_secret = "x"\nserver_metadata_url = "https://x.example"',
            "cookie_secret is shorter than 32 characters",
        ),
    ],
)
def test_a_sign_in_that_is_no_lock_keeps_it_closed_too(
    feeling_safe, real_home, tmp_path, auth, says
):
    (tmp_path / ".streamlit").mkdir()
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.write_text(f"[auth]\n{auth}\n", encoding="utf-8")
    refused = served(feeling_safe, real_home, tmp_path)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "changeme" not in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 99, b"PK\x03\x04 not a zip", b"a,b\n1,2\n"])
def test_a_file_that_is_no_return_gets_a_sentence(real_home, tmp_path, monkeypatch, content):
    file = tmp_path / "return.xlsx"
    file.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, ["check", str(file), "--home", str(real_home)])
    assert told.exit_code in (1, 2)
    assert isinstance(told.exception, SystemExit), "anything else would end in a traceback"
    assert "Traceback" not in told.output
    assert len(told.output) > 40
