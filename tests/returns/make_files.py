"""Writes the example returns again: `python -m tests.returns.make_files`.

`good/` and `bad/` hold the files, `messages.toml` the findings for each bad one. Read any changes
to it aloud before you commit them: they are what a tired person will read.
"""

import json
from pathlib import Path
from typing import Any

from pipelines.checking.check import check
from schemas.problems import Problem
from tests.returns import scene
from tests.returns.cases import CASES, Case, csv_of

FOLDER = Path(__file__).parent
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


def main() -> None:
    """Write every file."""
    for folder in ("good", "bad"):
        (FOLDER / folder).mkdir(exist_ok=True)
    (FOLDER / "good" / "return.xlsx").write_bytes(scene.workbook())
    (FOLDER / "good" / "monthly.csv").write_bytes(csv_of())
    for case in CASES:
        (FOLDER / "bad" / case.filename).write_bytes(case.make())
    texts = [text for case in CASES if (text := _toml(case))]
    (FOLDER / "messages.toml").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
