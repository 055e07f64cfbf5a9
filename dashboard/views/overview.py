"""Overview: are people feeling safer, what changed, how far have charters and returns come?"""

from functools import partial

import polars as pl
import streamlit as st

from dashboard.charts import measure_table
from dashboard.charts.traced import traced
from dashboard.queries.adoption import adoption
from dashboard.queries.first_and_last import first_and_last
from dashboard.queries.observed import observed
from dashboard.queries.returns_grid import returns_grid
from dashboard.queries.signals import signals
from dashboard.queries.wards import wards
from dashboard.views import changes, door, measures, page, process
from dashboard.views.deciding import happened
from dashboard.views.door import Visit
from dashboard.words import answers, phrases
from pipelines.statistics.improvement import improvement


def show() -> None:
    """The programme at a glance, for the national team."""
    visit = door.admit("programme")
    known = measures.all_of(visit)
    pair = measures.feeling_safe(visit)
    now = [process.now(visit, "programme", "programme", m["measure"]) for m in pair]
    counted = _rests_on(visit, list(known))
    latest = counted.get(measures.PATIENTS, (0, 0))
    page.opening(visit, "Overview", answers.feeling_safe(pair, now, latest))
    for column, measure in zip(st.columns(2), pair, strict=True):
        with column:
            process.chart(visit, measure, "programme", "programme", "the whole programme")
    _changes(visit, known)
    _measures(visit, counted)
    _charters(visit)
    _returns(visit)
    trusts = visit.ask(wards)["trust_code"].unique().sort()
    happened.show(visit, [("programme", "programme")], [("trust", trust) for trust in trusts])


def _changes(visit: Visit, known: dict[str, dict[str, object]]) -> None:
    page.section("Which wards changed")
    for measure in (measures.PATIENTS, measures.STAFF):
        now = visit.ask(signals, level="ward", measures=(measure,))
        safe, made = known[measure], visit.keep(_improvement, measure=measure)
        said = [answers.changed(now, safe), answers.chance(now), answers.improved(made, safe)]
        page.lead(" ".join(filter(None, said)))
    core = tuple(m for m, about in known.items() if about["core"] and about["unit"] != "count")
    changes.table(visit, visit.ask(signals, level="ward", measures=core))


def _improvement(visit: Visit, measure: str) -> dict[str, object]:
    return improvement(visit.ask(first_and_last, measure=measure)).row(0, named=True)


def _measures(visit: Visit, counted: dict[str, tuple[int, int]]) -> None:
    now = visit.ask(signals, level="programme").filter(~pl.col("restricted"))
    page.section("Measure by measure", "The whole programme, every ward together.")
    words = {m: phrases.of_them(*numbers, "ward") for m, numbers in counted.items()}
    page.html(
        measure_table.html(
            "The programme’s measures now",
            now,
            words,
            "compare?measure={measure}",
            partial(traced, "programme", "programme"),
        )
    )


def _charters(visit: Visit) -> None:
    page.section("Charters", answers.charters(visit.ask(adoption)))
    page.html('<p><a href="charters" target="_self">Charters and foundations</a></p>')


def _returns(visit: Visit) -> None:
    grid = visit.ask(returns_grid, today=visit.today)
    page.section("Returns", answers.returns(grid, visit.facts["data_to"]))
    page.html('<p><a href="returns" target="_self">Returns, month by month</a></p>')


def _rests_on(visit: Visit, ids: list[str]) -> dict[str, tuple[int, int]]:
    """How many wards, of how many, are in the latest month of each measure."""
    seen = visit.ask(observed, level="programme", measures=tuple(ids)).filter(
        pl.col("value").is_not_null()
    )
    latest = seen.sort("month").group_by("measure", maintain_order=True).last()
    return {row["measure"]: (row["wards"], row["wards_expected"]) for row in latest.to_dicts()}
