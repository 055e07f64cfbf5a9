"""How long a release takes for a large programme, without sending its returns one by one.

    python benchmarks/large_programme.py --trusts 99 --wards 1500 --months 60 --home HOME

Answers are made up in one go, so what is measured is everything after reading them: figures,
process charts, comparisons, checks and the file. Prints seconds for each step: for a release of
everything, and for one upon it after one trust has corrected its newest month. Answers are on disk,
as an archive's are, so the most memory that is printed is that of the release. With `--home` the
programme stays there, with its release and register but no returns, for the benchmarks of screens.
"""

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from pipelines.keeping.archive import Archive
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import create_home
from pipelines.measures import load
from pipelines.registers.register import Register, register_of
from pipelines.releasing import release_checks, release_file, release_tables
from pipelines.releasing.code_version import code_version
from pipelines.releasing.last_release import NOTHING, LastRelease
from pipelines.releasing.sources import Sources
from schemas.parts import PART_OF
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.receipts import Receipt
from schemas.register import REGISTER_FILES
from schemas.release import ReleaseCells
from schemas.returns import columns_of
from schemas.typed import typed
from schemas.vocabularies import CHARTER_STAGE

FIRST = Month(2021, 1)
CLASSES = ("200", "201", "202", "206", "207", "212", "213", "301")
SEXES = ("female", "male", "mixed")
Answer = TypeVar("Answer")


class MadeUp(Archive):
    """An archive of made-up cells; a second version of a return is the first with one more safe.

    Those of each trust are in a file of their own.
    """

    def keep(self, trust: str, said: pl.DataFrame) -> None:
        """Keep every answer of a trust."""
        code = pl.col("ward_id").str.slice(len(trust) + 1)
        said.with_columns(ward_code=code).drop("ward_id").write_parquet(self._file(trust))

    def cells_of(self, receipts: Sequence[Receipt]) -> pl.DataFrame:
        """The cells of many returns at once."""
        files = [self._file(trust) for trust in sorted({r.trust_code for r in receipts})]
        wanted = pl.DataFrame(
            [(f"{r.trust_code}/{r.month}/1", r.return_id) for r in receipts],
            {"return_id": pl.String, "now": pl.String},
            orient="row",
        )
        found = pl.read_parquet(files).join(wanted, on="return_id")
        more = (pl.col("now") != pl.col("return_id")) & (pl.col("field") == "inc_other")
        return found.with_columns(return_id="now", number=pl.col("number") + more.cast(pl.Int64))

    def _file(self, trust: str) -> Path:
        return self.root / f"{trust}.parquet"


def timed(what: str, do: Callable[[], Answer]) -> Answer:
    """Do something and print how long it took."""
    start = time.perf_counter()
    answer = do()
    print(f"{what:<28}{time.perf_counter() - start:8.1f} s", flush=True)
    return answer


def register(trusts: int, wards: int) -> Register:
    """Fictional trusts, each with its share of the wards, and a person of each role."""
    if trusts > 99:
        raise SystemExit("There are 99 fictional codes, Z01 to Z99: ask for fewer trusts.")
    codes = [f"Z{number:02}" for number in range(1, trusts + 1)]
    shared = {"valid_from": date(2019, 1, 1), "region_code": "Y60"}
    return register_of(
        {
            "trusts": pl.DataFrame(
                [
                    {**shared, "trust_code": c, "trust_name": c, "joined": FIRST.first_day}
                    for c in codes
                ]
            ),
            "wards": pl.DataFrame(
                [
                    {
                        "trust_code": codes[number % trusts],
                        "ward_code": f"W{number}",
                        "ward_name": f"Ward {number}",
                        "mh_class": CLASSES[number % len(CLASSES)],
                        "intended_sex": SEXES[number % len(SEXES)],
                        "beds": 16,
                        "open_from": date(2019, 1, 1),
                        "in_collaborative": "yes",
                        "valid_from": date(2019, 1, 1),
                    }
                    for number in range(wards)
                ]
            ),
            "access": pl.DataFrame(
                [
                    {
                        "email": f"{role}@example.org",
                        "name": f"A person of the {role}",
                        "role": role,
                        "trusts": None if role == "programme" else codes[0],
                        "valid_from": date(2019, 1, 1),
                    }
                    for role in ("programme", "trust", "region")
                ]
            ),
        }
    )


def receipts(known: Register, span: list[Month]) -> tuple[Receipt, ...]:
    """One return of every trust for every month."""
    return tuple(
        Receipt(
            trust_code=code,
            month=str(month),
            version=1,
            received_at=datetime(month.year, month.number, 28, tzinfo=UTC),
            received_by="lead@trust.example",
            filename="return.xlsx",
            sha256="0",
            kept_sha256="0",
            size=1,
            rows=1,
            rows_by_sheet={"monthly": 1},
            template_version="1.0",
            data_status="final",
        )
        for code in known.trusts["trust_code"]
        for month in span
    )


def answer(archive: MadeUp, known: Register, span: list[Month]) -> None:
    """Make up what every trust sends."""
    for number, (trust, wards) in enumerate(
        known.wards.group_by("trust_code", maintain_order=True)
    ):
        archive.keep(str(trust[0]), answers(wards, span, np.random.default_rng([1, number])))


def answers(wards: pl.DataFrame, span: list[Month], rng: np.random.Generator) -> pl.DataFrame:
    """Every number of every ward's monthly row, and its charter's row."""
    counts = [c.name for c in columns_of("monthly").values() if c.kind == "count"]
    numbers = _cells(wards, span, "monthly", counts)
    draw = pl.Series(rng.poisson(1.0, numbers.height).astype(float))
    whole = pl.col("field").is_in(["occupied_bed_days"])
    answered = pl.col("field").str.contains("answered|valid|present|post|audited|held")
    number = pl.when(whole).then(400 + draw).when(answered).then(12 + draw).otherwise(draw)
    numbers = _no_part_above_its_whole(numbers.with_columns(number=number))
    text = pl.col("number").cast(pl.Int64).cast(pl.String)
    stage = pl.Series(rng.choice(list(CHARTER_STAGE), len(span) * wards.height))
    stages = _cells(wards, span, "charter", ["stage"]).with_columns(text=stage)
    together = _cells(wards, span, "charter", ["coproduced_patients", "coproduced_staff"])
    sheets = [
        numbers.with_columns(entered=text, text=text),
        stages.with_columns(entered="text"),
        together.with_columns(entered=pl.lit("yes"), text=pl.lit("yes")),
    ]
    return pl.concat([typed(sheet, ReleaseCells) for sheet in sheets])


def _no_part_above_its_whole(numbers: pl.DataFrame) -> pl.DataFrame:
    """The numbers, with none that a return would be refused or asked about for (`PART_OF`)."""
    row = ["trust_code", "ward_code", "month"]
    wide = numbers.pivot(on="field", index=row, values="number")
    for part, whole in reversed(PART_OF.items()):
        if part in wide.columns:
            wide = wide.with_columns(pl.min_horizontal(part, pl.sum_horizontal(whole)).alias(part))
    least = wide.unpivot(index=row, variable_name="field", value_name="number")
    return numbers.drop("number").join(least, on=[*row, "field"], how="left")


def _cells(wards: pl.DataFrame, span: list[Month], sheet: str, fields: list[str]) -> pl.DataFrame:
    """A cell for each ward, month and field of a sheet, without its value."""
    return (
        wards.select("trust_code", "ward_code")
        .with_row_index("row", offset=2)
        .join(pl.DataFrame({"month": [m.first_day for m in span]}), how="cross")
        .join(pl.DataFrame({"field": fields}), how="cross")
        .with_columns(
            sheet=pl.lit(sheet),
            column="field",
            state=pl.lit("value"),
            ward_id=pl.format("{}-{}", "trust_code", "ward_code"),
            return_id=pl.format("{}/{}/1", "trust_code", pl.col("month").dt.strftime("%Y-%m")),
        )
    )


def keep(folder: Path, programme: Programme, known: Register, release: Path) -> None:
    """Make a home that holds this register and this release."""
    frames = {name: getattr(known, name) for name in REGISTER_FILES}
    releases = create_home(folder, programme, frames, "benchmark", datetime.now(UTC)).releases
    releases.mkdir()
    shutil.copy(release, releases / "large.duckdb")
    release_file.seal(releases / "large.duckdb", release)
    release_file.make_current(releases / "large.duckdb")


def main() -> None:
    """Make a programme of the size asked for and time its release."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, usual in (("trusts", 99), ("wards", 1500), ("months", 60)):
        asked.add_argument(f"--{name}", type=int, default=usual)
    asked.add_argument("--home", type=Path, help="keep the programme in this new folder")
    size = asked.parse_args()
    span = list(months(FIRST, FIRST + (size.months - 1)))
    known = register(size.trusts, size.wards)
    sent = receipts(known, span)
    entries = Entries(sent, (), known, "benchmark", date(2026, 12, 1))
    programme = Programme(
        name="Large", fictional=True, first_month=str(FIRST), last_month=str(span[-1])
    )
    with tempfile.TemporaryDirectory() as folder:
        archive = MadeUp(Path(folder))
        timed("answers made up", lambda: answer(archive, known, span))
        path = Path(folder) / "large.duckdb"
        sources = Sources(archive, entries, programme, load())
        made = release(sources, NOTHING, path)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{most / 1e6:.1f} GB at most, a file of {path.stat().st_size / 1e6:.0f} MB, rows:")
        for name, frame in made.items():
            print(f"  {name:<24}{frame.height:>12,}")
        if size.home:
            keep(size.home, programme, known, path)
        print("one trust corrects its newest month:")
        corrected = [sent[-1], replace_version(sent[-1])]
        later = replace(entries, receipts=(*sent[:-1], *corrected), state="corrected")
        (Path(folder) / release_file.CURRENT).write_text("large\n", encoding="utf-8")
        last = release_file.last(Path(folder), code_version())
        release(replace(sources, entries=later), last, Path(folder) / "upon.duckdb")


def release(sources: Sources, last: LastRelease, path: Path) -> release_tables.Tables:
    """Make a release and write it, step by step; the rows that were made."""
    now = datetime.now(UTC)
    made = timed("tables", lambda: release_tables.changes(sources, now, last))
    timed("checks", lambda: release_checks.check(made.rows))
    timed("file", lambda: release_file.write(path, made, last))
    return made.rows


def replace_version(receipt: Receipt) -> Receipt:
    """The receipt of a correction."""
    return receipt.model_copy(update={"version": 2, "sha256": "1"})


if __name__ == "__main__":
    main()
