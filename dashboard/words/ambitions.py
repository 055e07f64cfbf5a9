"""How far a unit is with an ambition, in one sentence that its chart bears out."""

from collections.abc import Mapping

import polars as pl

from dashboard import numbers
from schemas import wording


def sentence(ambition: Mapping[str, object], measure: Mapping[str, object], of: str = "") -> str:
    """What is to be reached by when, from where, and where the unit is now.

    `ambition` is a row of `ambitions`, `measure` one of `measures`; `of` names a unit if the
    screen does not.
    """
    name = str(measure["name"]) + (f", {of}" if of else "")
    start = f"{name}: {ambition['name']}"
    if ambition["reason"]:
        return f"{start} can’t be drawn yet, as {ambition['reason']}."
    return f"{start}, {_what(ambition, measure)}; {_where(ambition, measure)}."


def among(ambitions: pl.DataFrame, measure: Mapping[str, object]) -> str:
    """How many trusts, or groups, are on their path to an ambition for each of them, or further.

    `ambitions` has the rows of the trusts or of the groups, one for each.
    """
    level = str(ambitions["level"][0])
    known = ambitions.filter(pl.col("now").is_not_null() & pl.col("now_path").is_not_null())
    up = measure["direction"] == "up"
    there = pl.col("now") >= pl.col("now_path") if up else pl.col("now") <= pl.col("now_path")
    good, rest = known.filter(there).height, ambitions.height - known.height
    others = wording.counted(rest, f"other {level}")
    unknown = f"; for {others} there is no figure yet" if rest else ""
    of_all = wording.of_them(good, known.height, level)
    return (
        f"{measure['name']}: {ambitions['name'][0]}, {level} by {level}; {of_all} "
        f"{'is on its path' if good == 1 else 'are on their path'} or better{unknown}."
    )


def every(
    ambitions: pl.DataFrame,
    measures: Mapping[str, Mapping[str, object]],
    names: Mapping[tuple[str, str], str],
) -> list[str]:
    """A sentence for each ambition of the programme, for all trusts or groups, and for one's own.

    `measures` maps a code to its row; `names` has the name of each trust and group (`named`).
    """
    said = []
    kinds = ambitions.partition_by("measure", "level", "own", as_dict=True)
    for (measure, level, own), rows in kinds.items():
        if measure not in measures or level == "ward":
            continue
        if level in ("trust", "group") and not own:
            said.append(among(rows, measures[measure]))
            continue
        for row in rows.iter_rows(named=True):
            name = names.get((row["level"], row["unit_id"]), "")
            said.append(sentence(row, measures[measure], name))
    return said


def of_unit(ambitions: pl.DataFrame, measures: Mapping[str, Mapping[str, object]]) -> list[str]:
    """A sentence for each ambition of one unit that is about one of these measures."""
    mine = ambitions.filter(pl.col("measure").is_in(list(measures)))
    return [sentence(row, measures[row["measure"]]) for row in mine.iter_rows(named=True)]


def named(wards: pl.DataFrame, groups: pl.DataFrame) -> dict[tuple[str, str], str]:
    """The name of each trust and group by its level and code: a group may have a trust's code."""
    trusts = wards.select("trust_code", "trust_name").unique()
    codes = groups.select("group_code", "group_name")
    of_trusts = {("trust", code): name for code, name in trusts.iter_rows()}
    return of_trusts | {("group", code): name for code, name in codes.iter_rows()}


def _what(ambition: Mapping[str, object], measure: Mapping[str, object]) -> str:
    target = _read(ambition["target"], measure, unit=True)
    if ambition["baseline"] is None:
        return f"{target} by {_by(ambition)}"
    months = wording.period(ambition["baseline_first"], ambition["baseline_last"])
    base = f"{_read(ambition['baseline'], measure)} in {months}"
    if ambition["change"] is None:
        return f"from {base} to {target} by {_by(ambition)}"
    change = float(ambition["change"])
    less = f"{abs(change):g}% {'more' if change > 0 else 'less'} than the mean of {base}"
    return f"{less}, which is {target}, by {_by(ambition)}"


def _where(ambition: Mapping[str, object], measure: Mapping[str, object]) -> str:
    """Where the unit is on its way; a figure that reads like the target counts as there."""
    if ambition["now"] is None:
        return "there is no figure since" if ambition["baseline"] is not None else "no figure yet"
    now, target = (_read(ambition[name], measure) for name in ("now", "target"))
    months = wording.period(ambition["now_first"], ambition["now_last"])
    was = f"in {months} it was {now}"
    up = measure["direction"] == "up"
    if now == target or (ambition["now"] > ambition["target"]) == up:
        return f"{was}, which reaches it"
    if ambition["baseline"] is None:
        return f"{was}, which doesn’t reach it"
    if now == _read(ambition["baseline"], measure):
        return f"{was}, which is where it started"
    gone, due = (_share(ambition, ambition[name]) for name in ("now", "now_path"))
    if gone < 0:
        return f"{was}, which is further from it than at the start"
    ways = (numbers.percent(share) for share in (gone, due))
    return "{was}, {} of the way, where its path averages {}".format(*ways, was=was)


def _share(ambition: Mapping[str, object], value: float) -> float:
    """How much of the way from the baseline to the target a value is, in per cent."""
    base, target = ambition["baseline"], ambition["target"]
    return (value - base) / (target - base) * 100


def _by(ambition: Mapping[str, object]) -> str:
    return wording.month_of(ambition["by"])


def _read(value: object, measure: Mapping[str, object], *, unit: bool = False) -> str:
    number = numbers.scaled(value, measure["multiplier"])
    read = numbers.with_unit if unit else numbers.reading
    return read(number, str(measure["unit"]))
