"""The placeholder standards and questions that a new programme starts with.

The real text isn't ours to publish: the programme adds it to its register, and until then every
screen says that placeholders are in use.
"""

from pathlib import Path

import polars as pl

from pipelines.registers.register import RegisterError
from pipelines.registers.register_table import parsed

DATA = Path(__file__).parents[2] / "data"


def placeholders() -> dict[str, pl.DataFrame]:
    """Placeholder `standards` and `questions` for a register; raises RegisterError if faulty."""
    return {name: _all_of(name) for name in ("standards", "questions")}


def _all_of(name: str) -> pl.DataFrame:
    frames, sentences = [], []
    for path in sorted((DATA / name).glob("*.csv")):
        frame, found = parsed(name, path.read_text(encoding="utf-8"))
        frames.append(frame)
        sentences += found
    if sentences:
        raise RegisterError(sentences)
    return pl.concat(frames)
