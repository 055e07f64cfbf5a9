"""Collects charters, ratings, confidence by item, who was affected, and the four foundations.

They say something other than a month's figures. All but the programme's foundations are made of one
trust's returns; what of them was made of the same things is taken over from the last release.
"""

from collections.abc import Collection
from hashlib import sha256

import polars as pl

from pipelines.releasing import made_from
from pipelines.releasing.cells import ActiveCells, beside_figures
from pipelines.releasing.changes import Tables, of_parts
from pipelines.releasing.charters import one_for_each_ward
from pipelines.releasing.confidence_items import SORTED as SORTED_ITEMS
from pipelines.releasing.confidence_items import confidence_items
from pipelines.releasing.confidence_items import one_for_each_ward as of_each_ward
from pipelines.releasing.counted import Basis, as_sent
from pipelines.releasing.foundations import PROGRAMME, foundations, of_programme
from pipelines.releasing.incident_pairs import incident_pairs
from pipelines.releasing.last_release import Keys, LastRelease
from pipelines.releasing.standards import SORTED
from pipelines.releasing.trusts_and_wards import as_today
from schemas.release import TABLES, Foundations
from schemas.typed import empty, typed

PROGRESS = "progress"
_OF_TRUSTS = ("charters", "standards", "confidence_items", "incident_pairs", "foundations")
_IN_PLACE = ["return_id", "month", "in_place"]


def progress_keys(basis: Basis, keys: Keys) -> Keys:
    """The key of what each trust of today does: that of its figures (`keys`), and what is asked."""
    register = basis.sources.entries.register
    asked = made_from.whole_key(basis.sources, [register.standards, register.questions])
    return {
        (PROGRESS, trust): sha256(f"{key} {asked}".encode()).hexdigest()
        for (stage, trust), key in keys.items()
        if stage == made_from.TRUST
    }


def progress(
    basis: Basis,
    cells: ActiveCells,
    trusts: Collection[str],
    wards_now: pl.DataFrame,
    trusts_now: pl.DataFrame,
) -> Tables:
    """The rows of some trusts in these tables of the release, under the ward of today."""
    if not trusts:
        return {name: empty(TABLES[name]) for name in _OF_TRUSTS}
    mine = pl.col("trust_code").is_in(list(trusts))

    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        return as_today(frame, wards_now, trusts_now).filter(mine)

    grid = basis.of(trusts)
    beside = beside_figures(cells.of_trusts(basis.senders(trusts)))
    sent = as_sent(beside, basis.sources)
    by_item = confidence_items(beside, basis.sources.entries.register.questions)
    of_wards = one_for_each_ward(placed(sent.charters))
    return {
        "charters": of_wards,
        "standards": placed(sent.standards).sort(SORTED),
        "confidence_items": of_each_ward(placed(by_item)).sort(SORTED_ITEMS),
        "incident_pairs": incident_pairs(beside, grid),
        "foundations": foundations(grid, placed(sent.values), of_wards),
    }


def with_programme(done: Tables, last: LastRelease, trusts: Collection[str]) -> Tables:
    """These tables with the programme's foundations, if those of any trust may differ."""
    if not trusts:
        return done
    held = _others(last, "foundations", trusts, "level = 'trust'")
    of_trusts = pl.concat([typed(held, Foundations), done["foundations"]])
    both = [of_programme(of_trusts), done["foundations"]]
    return done | {"foundations": pl.concat(both)}


def gone(trusts: Collection[str]) -> Tables:
    """The rows that make way for those of some trusts, as `Changes.gone` names them."""
    units = of_parts({*trusts, PROGRAMME} if trusts else (), "unit_id")
    return dict.fromkeys(_OF_TRUSTS, of_parts(trusts, "trust_code")) | {"foundations": units}


def charters_in_place(done: Tables, last: LastRelease, trusts: Collection[str]) -> pl.DataFrame:
    """Every charter in place in any month: `return_id`, `month` and `in_place`."""
    new = done["charters"].select(_IN_PLACE)
    held = _others(last, "charters", trusts, "in_place", ", ".join(_IN_PLACE))
    return pl.concat([held, new]) if held.height else new


def _others(
    last: LastRelease, table: str, trusts: Collection[str], where: str, columns: str = "*"
) -> pl.DataFrame:
    """The rows of a table that are not those of some trusts, as they are in the last release."""
    if last.path is None:
        return pl.DataFrame()
    where = f"({where}) AND NOT list_contains($trusts, trust_code)"
    return last.rows(table, where, columns, trusts=sorted(trusts))
