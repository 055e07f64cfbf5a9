"""The placeholder standards and questions that a new programme starts with.

Their real text isn't ours to publish: the programme puts it into its register, and every screen
says that placeholders are in use until then.
"""

from pathlib import Path

import polars as pl

from pipelines.registers.register import RegisterError
from pipelines.registers.register_table import parsed

DATA = Path(__file__).parents[2] / "data"


def placeholders() -> dict[str, pl.DataFrame]:
    """The register's `standards` and `questions`; raises RegisterError for a faulty file."""
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
