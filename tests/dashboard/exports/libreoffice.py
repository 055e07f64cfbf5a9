"""LibreOffice as a reader of the office files that people download."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE

_PARTS = {"docx": ("swlo", "Writer"), "pptx": ("sdlo", "Impress")}  # its library, and its name


def saved_again(content: bytes, kind: str, folder: Path) -> bytes:
    """A file as LibreOffice saves it after opening it; skips the test where it can't."""
    library, name = _PARTS[kind]
    office = shutil.which("soffice")
    if not office or not list(Path(office).resolve().parent.glob(f"*{library}.*")):
        pytest.skip(f"no LibreOffice {name}: install libreoffice-{name.lower()}")
    file = folder / f"pack.{kind}"
    file.write_bytes(content)
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += ["--convert-to", kind, "--outdir", str(folder / "out"), str(file)]
    run = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    return (folder / "out" / file.name).read_bytes()
