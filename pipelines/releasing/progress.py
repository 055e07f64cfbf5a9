"""Collects charters, ratings, confidence by item, who was affected, and the four foundations.

They say something other than a month's figures, and are all made of the same returns. If these are
as they were and stand for the same wards, they are taken over as a whole.
"""

import polars as pl

from pipelines.releasing import made_from
from pipelines.releasing.changes import Tables
from pipelines.releasing.charters import one_for_each_ward
from pipelines.releasing.confidence_items import SORTED as SORTED_ITEMS
from pipelines.releasing.confidence_items import confidence_items
from pipelines.releasing.confidence_items import one_for_each_ward as of_each_ward
from pipelines.releasing.counted import Basis, as_sent
from pipelines.releasing.foundations import foundations
from pipelines.releasing.incident_pairs import incident_pairs
from pipelines.releasing.last_release import Keys
from pipelines.releasing.standards import SORTED
from pipelines.releasing.trusts_and_wards import as_today

PROGRESS = made_from.WHOLE, "progress"
MADE_TOGETHER = ("charters", "standards", "confidence_items", "incident_pairs", "foundations")


def progress_key(basis: Basis, wards: pl.DataFrame, trusts: pl.DataFrame) -> Keys:
    """The key of everything here: the returns in use, what is asked, and the wards of today."""
    register = basis.sources.entries.register
    places = [
        wards.select("ward_id", "current_ward_id", "current_trust_code"),
        trusts.select("trust_code", "current_code"),
    ]
    asked = [register.standards, register.questions]
    frames = [made_from.in_use(basis.sources), basis.grid, *places, *asked]
    return {PROGRESS: made_from.whole_key(basis.sources, frames)}


def progress(
    basis: Basis, beside: pl.DataFrame, wards: pl.DataFrame, trusts: pl.DataFrame
) -> Tables:
    """These tables of the release, of the cells beside the figures, under the ward of today."""

    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        return as_today(frame, wards, trusts)

    sent = as_sent(beside, basis.sources)
    by_item = confidence_items(beside, basis.sources.entries.register.questions)
    of_wards = one_for_each_ward(placed(sent.charters))
    return {
        "charters": of_wards,
        "standards": placed(sent.standards).sort(SORTED),
        "confidence_items": of_each_ward(placed(by_item)).sort(SORTED_ITEMS),
        "incident_pairs": incident_pairs(beside, basis.grid),
        "foundations": foundations(basis.grid, placed(sent.values), of_wards),
    }
