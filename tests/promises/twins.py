"""Two programmes that look the same in everything that may be shared: only hidden counts differ.

Whatever is made for sharing of one must be made, byte for byte, of the other. Then it says nothing
that the table for sharing doesn't say, in whatever kind of file, and the attacker need read only
that table.
"""

from itertools import product
from pathlib import Path

import polars as pl

from dashboard import access, store
from dashboard.exports.make import Source
from pipelines.keeping.home import open_home
from schemas.disclosure import KEY, mask
from schemas.periods import Month
from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.dashboard.exports import sources
from tests.promises.attacker import MEASURES, MONTHS, PARTS, POLICY, WARDS, observed

_IN_WORDS = ("sentence", "headline")
_OF_CHARTERS = ("patients_n", "staff_n", "carers_n", "conversations_n", "changes_n")
SHOWN = ["state", "suppression_reason", "numerator_shown", "denominator_shown", "value_shown"]


def twin_of(counts: pl.DataFrame) -> pl.DataFrame:
    """Other counts that could have been sent, which give the same table for sharing.

    In one ward after the other somebody is moved from one hidden month to another, where that
    shows nowhere.
    """
    same = shown(counts)
    hidden = same.filter(pl.col("state") == "suppressed", pl.col("months") == 1)
    for (_, ward, _), measure in product(WARDS, (*PARTS, "SS-O1")):
        series = (pl.col("unit_id") == ward) & (pl.col("measure") == measure)
        months = hidden.filter(series)["month"].sort(descending=True)
        for pair in list(zip(months[::2], months[1::2], strict=False))[:3]:
            for more, fewer in (pair, pair[::-1]):
                other = counts.with_columns(
                    pl.when(series & (pl.col("month") == more))
                    .then(pl.col("numerator") + 1)
                    .when(series & (pl.col("month") == fewer))
                    .then(pl.col("numerator") - 1)
                    .otherwise("numerator")
                    .alias("numerator")
                )
                if possible(other) and shown(other).equals(same):
                    counts = other
                    break
    return counts


def possible(counts: pl.DataFrame) -> bool:
    """Whether there can be such counts: none below zero, and nobody felt safe who wasn't asked."""
    return counts.select(pl.col("numerator").is_between(0, pl.col("denominator")).all()).item()


def shown(counts: pl.DataFrame) -> pl.DataFrame:
    """Everything that may be shared."""
    return mask(observed(counts), MEASURES, POLICY, "public").select(KEY + SHOWN)


def differing(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The figures of every level that are not the same."""
    both = observed(one).join(observed(other), on=KEY, suffix="_other")
    return both.filter(pl.col("numerator") != pl.col("numerator_other"))


def home_of(folder: Path, counts: pl.DataFrame, few: int = 0) -> Path:
    """A home whose release has these counts, with charts, limits and signals made from them.

    `few` is whether anybody counted who took part in charters, whether any is on display, what
    wards counted before they joined, and how the incidents of a month are split between who was
    affected and who is alleged to be responsible: all hidden. The split leaves what its rows and
    columns add up to as it is.
    """
    about = {"wards": 1, "wards_expected": 1, "provisional": False, "queried": False}
    rows = observed(counts).filter(pl.col("months") == 1).drop("months", "peer_group").to_dicts()
    charted = [_charted(row) for row in rows]
    made = {
        "wards": [tiny_release._ward(ward, ward, *group.split("-")) for _, ward, group in WARDS],
        "observations": [about | row for row in rows],
        "points": charted,
        "signals": [_said(row) for row in charted if row["month"] == MONTHS[-1]],
        "charters": [_charter(ward, few) for _, ward, _ in WARDS],
        "baselines": [_before(ward, trust, few) for trust, ward, _ in WARDS],
        "incident_pairs": [row for _, ward, _ in WARDS for row in _pairs(ward, few)],
    }
    tables = tiny_release.frames()
    tables |= {
        name: TABLES[name].validate(tiny_release.frame(TABLES[name], rows))
        for name, rows in made.items()
    }
    tables["suppressed"] = tables["suppressed"].clear()
    tables["release"] = tables["release"].with_columns(data_to=pl.lit(MONTHS[-1]))
    tiny_release.write(folder, tables)
    return folder


def source_of(home: Path, email: str) -> Source:
    """The source of a person's files."""
    release = store.current(home / "releases")
    scope = access.resolve(email, store.people(release), tiny_release.TODAY)
    return sources.source_of(release, scope, open_home(home).programme, MEASURES)


def _charter(ward: str, few: int) -> dict[str, object]:
    row = tiny_release._charter(ward, tiny_release.MONTHS[-1])
    stage = {"stage": "planned", "in_place": False} if few else {}
    return row | stage | dict.fromkeys(_OF_CHARTERS, None if few else 12)


def _before(ward: str, trust: str, few: int) -> dict[str, object]:
    """What a ward counted in the month before the first: in no total."""
    month = (Month.of(MONTHS[0]) + -1).first_day
    about = {"level": "ward", "unit_id": ward, "trust_code": trust, "measure": "SS-I1"}
    figure = {"numerator": 1 + few, "denominator": 400, "value": (1 + few) / 400}
    rest = {"state": "value", "provisional": False, "queried": False}
    return {**about, "month": month, **figure, **rest, "return_id": f"{trust}/before-baseline/1"}


def _pairs(ward: str, few: int) -> list[dict[str, object]]:
    """Four cells of which each row and column adds up to 1, in one way or in the other."""
    rows = [row | {"ward_id": ward, "month": MONTHS[-1]} for row in tiny_release._pairs(ward)]
    kinds = ("patient", "staff")
    for row in rows:
        square = row["affected"] in kinds and row["alleged"] in kinds
        row["incidents"] = int(square and (row["affected"] == row["alleged"]) == bool(few))
    return rows


def _charted(row: dict[str, object]) -> dict[str, object]:
    usual = tiny_release._point("programme", "programme", None, "SS-O1", tiny_release.MONTHS[0])
    value = row["value"]
    return usual | row | {"centre": value, "lower": value / 2, "upper": value * 2}


def _said(point: dict[str, object]) -> dict[str, object]:
    sentence = f"{point['numerator']:g} of {point['denominator']:g}, as the exact figures have it."
    about = {"n": 12, "latest": point["month"], "variation": "common", "assurance": "hit_or_miss"}
    said = point | about | {"reason": "Twelve points."} | dict.fromkeys(_IN_WORDS, sentence)
    return {name: said.get(name) for name in TABLES["signals"].to_schema().columns}
