"""Observations as a file: one plain table, or a workbook with a sheet for each measure."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.exports import tables, workbook
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.words import caveats, titles
from schemas import wording
from schemas.disclosure import FOR_SHARING
from schemas.measures import Measure

MOST_ROWS = 100_000  # a larger workbook takes minutes to make, and to open
_NOTICE = {
    "programme": "Exact figures with small numbers: for the programme team, do not share.",
    "own": "Exact figures with small numbers: for your own use, do not share.",
    "peer": FOR_SHARING,
    "public": FOR_SHARING,
}
_STATES = (
    "A cell without a number says why: [c] hidden because numbers are small; [low] too few people "
    "answered for a percentage; not returned; not applicable; ward closed; programme paused. "
    "A zero is a zero."
)


def chosen(masked: pl.DataFrame, order: Order) -> pl.DataFrame:
    """The rows of a masked table that the order is for: mask the whole table first, then choose."""
    rows = pl.lit(True)
    if order.measure:
        rows &= pl.col("measure") == order.measure
    if order.trust:
        rows &= pl.col("trust_code") == order.trust
    if order.ward:
        rows &= pl.col("unit_id") == order.ward
    return masked.filter(rows)


def content(
    ask: Ask,
    facts: Mapping[str, object],
    measures: Sequence[Measure],
    masked: pl.DataFrame,
    order: Order,
    contact: str,
) -> bytes:
    """The file; `masked` is the whole table as the order's audience may see it."""
    rows = chosen(masked, order)
    if rows.is_empty():
        raise CannotMake("There are no figures of this kind yet: choose something else.")
    if order.kind == "csv":
        return tables.csv(tables.observations(rows, measures, names(ask, facts)))
    if rows.height > MOST_ROWS:
        raise CannotMake(
            f"{rows.height:,} rows are too many for a spreadsheet ({MOST_ROWS:,} at most): "
            "choose one trust or one measure, or a plain table (CSV)."
        )
    named = names(ask, facts)
    sheets = [
        workbook.Sheet(
            measure.id,
            measure.name,
            tables.observations(found, measures, named),
            (
                measure.how_it_is_calculated.strip(),
                titles.direction({**measure.model_dump(), "measure": measure.id}),
            ),
        )
        for measure in measures
        if (found := rows.filter(pl.col("measure") == measure.id)).height
    ]
    about = _about(facts, order, contact)
    return workbook.xlsx(_title(facts), about, sheets, facts["built_at"])


def _title(facts: Mapping[str, object]) -> str:
    return f"{facts['programme']}: figures to {wording.month_of(facts['data_to'])}"


def _about(facts: Mapping[str, object], order: Order, contact: str) -> list[str]:
    return [
        *caveats.made_up(facts),
        *([caveats.known_on(facts)] if facts["as_at"] else []),
        _NOTICE[order.audience],
        f"Figures built at {wording.moment(facts['built_at'])}, release {facts['release_id']}.",
        "Management information for improvement, not official statistics.",
        _STATES,
        *([f"Contact: {contact}"] if contact else []),
    ]


def group_name(ask: Ask, code: str) -> str:
    """What a group is called; raises CannotMake if there is none for this person."""
    its = ask(groups).filter(group_code=code)
    if its.is_empty():
        raise CannotMake(f"There is no group {code} here: choose another one.")
    return str(its["group_name"][0])


def names(ask: Ask, facts: Mapping[str, object]) -> dict[str, str]:
    """The latest name of every ward, trust and group, and of the programme, by its code."""
    found = ask(wards)
    pairs = [("ward_id", "ward_name"), ("trust_code", "trust_name")]
    pairs.append(("peer_group", "peer_group_name"))
    named = {code: name for pair in pairs for code, name in found.select(pair).iter_rows() if name}
    named |= dict(ask(groups).select("group_code", "group_name").iter_rows())
    return {**named, "programme": str(facts["programme"])}
