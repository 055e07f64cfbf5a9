"""Whether figures changed where something was started: what `feeling-safe effect` does."""

import json
from io import BytesIO
from pathlib import Path
from typing import get_args

from pipelines.effect.answer import Answer, answer
from pipelines.effect.terms import Terms
from pipelines.effect.tidy_file import read
from pipelines.output_files import check_name, write
from pipelines.reading.tidy_cells import Unusable
from pipelines.statistics.effect.estimate import Kind
from schemas.wording import listed

OUT = (".json", ".csv", ".parquet")


def run(file: Path, kind: str = "proportion", out: Path | None = None) -> Answer:
    """Answer for a file, and write the answer to `out`; raises Unusable.

    `out` ends in .json for the whole answer, or in .csv or .parquet for the table by periods,
    which is written only if there is an answer.
    """
    measured = kind_named(kind)
    check_name("--out", out, OUT, [file])
    told = read(Path(file), measured)
    found = answer(told, Terms(told.periods, measured))
    if out is not None:
        _write(found, Path(out))
    return found


def kind_named(kind: str) -> Kind:
    """The kind of measure that was typed; raises Unusable."""
    known = {one: one for one in get_args(Kind)}
    if kind not in known:
        raise Unusable(f"--measure-kind {kind} is not known: choose {listed(known, 'or')}.")
    return known[kind]


def _write(found: Answer, out: Path) -> None:
    content = BytesIO()
    match out.suffix.lower():
        case ".json":
            text = json.dumps(found.content, ensure_ascii=False, indent=2)
            content.write(f"{text}\n".encode())
        case _ if not found.answered:
            return
        case ".csv":
            found.by_period.write_csv(content)
        case _:
            found.by_period.write_parquet(content)
    write({out: content.getvalue()})
