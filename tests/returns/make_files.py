"""Writes the example returns again: `python -m tests.returns.make_files`.

`good/` and `bad/` hold the files, `messages.toml` the findings for each bad one. Read any changes
to it aloud before you commit them: they are what a tired person will read.
"""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipelines.checking.check import check
from schemas.problems import Problem
from tests.returns import scene
from tests.returns.cases import CASES, Case, csv_of

FOLDER = Path(__file__).parent
MADE = re.compile(rb"<dcterms:(created|modified)[^<]*<")  # by the clock, in a workbook's properties
KEPT = ("severity", "code", "sheet", "cell", "value", "message", "fix")


def findings(case: Case) -> list[dict[str, Any]]:
    """The findings of a check of a case's file in `bad/`."""
    content = (FOLDER / "bad" / case.filename).read_bytes()
    checked = check(content, case.filename, scene.context(**case.context()))
    return [_kept(problem) for problem in checked.problems]


def _kept(problem: Problem) -> dict[str, Any]:
    found = problem.as_dict()
    return {key: str(found[key]) for key in KEPT if found[key] is not None}


def _toml(case: Case) -> str:
    blocks = []
    for problem in findings(case):
        lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in problem.items()]
        blocks.append("\n".join([f'[["{case.name}"]]', *lines]))
    return "\n\n".join(blocks)


def _write(path: Path, content: bytes) -> None:
    """Write a file, unless the one that is there holds the same: a ZIP also names the time."""
    if not path.exists() or held(path.read_bytes()) != held(content):
        path.write_bytes(content)


def held(content: bytes) -> object:
    """What a file holds: its bytes or, of a ZIP that can be read, those of its parts by name."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return [(name, held(archive.read(name))) for name in archive.namelist()]
    except (BadZipFile, RuntimeError, NotImplementedError):
        return MADE.sub(b"", content)


def main() -> None:
    """Write every file that is missing or has other contents."""
    for folder in ("good", "bad"):
        (FOLDER / folder).mkdir(exist_ok=True)
    _write(FOLDER / "good" / "return.xlsx", scene.workbook())
    _write(FOLDER / "good" / "monthly.csv", csv_of())
    for case in CASES:
        _write(FOLDER / "bad" / case.filename, case.make())
    texts = [text for case in CASES if (text := _toml(case))]
    (FOLDER / "messages.toml").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
