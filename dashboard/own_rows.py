"""Which rows of each table of a release a trust, a region or a group’s reader may see, as SQL.

Which trust a ward belongs to is always that of the release in use: a release as at an earlier day
provides its figures, but never brings back anyone's former right to see them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from dashboard.access import Scope
from schemas.sheets.charter import LED_TO, PARTNERS

_OWN_ROWS = "((ward_id IS NULL AND trust_code IN own_trusts) OR ward_id IN own_wards)"
_OWN_UNITS = """((level = 'trust' AND unit_id IN own_totals)
    OR (level = 'group' AND unit_id IN own_groups)
    OR (level = 'ward' AND unit_id IN own_wards))"""
_IN_OWN_MONTH = """(level = 'ward' AND measure IN own_monthly
    AND unit_id || ' ' || strftime(month, '%Y-%m ') || {months} IN own_months)"""
_NO_BASELINE = "state <> 'baseline'"  # that is for those who see the ward as it is now
_NOT_RESTRICTED = "(measure IN restricted) IS NOT TRUE"

# Which rows of each table a trust may see; every table of a release is listed.
ROWS = {
    "release": "true",
    "measures": "true",
    "standards_text": "true",
    "questions": "true",
    "peer_bands": _NOT_RESTRICTED,
    "trusts": "trust_code IN own_named",
    "wards": "ward_id IN own_seen",
    "groups": "group_code IN own_groups",
    "returns": "trust_code IN own_trusts",
    "cells": _OWN_ROWS,
    "queries": _OWN_ROWS,
    "events": f"((level = 'programme' AND trust_code IS NULL) OR {_OWN_UNITS})",
    "observations": f"({_OWN_UNITS} OR {_IN_OWN_MONTH.format(months=1)})",
    "baselines": _OWN_UNITS,
    "points": f"({_OWN_UNITS} OR ({_NO_BASELINE} AND {_IN_OWN_MONTH.format(months='months')}))",
    "signals": _OWN_UNITS,
    "ambitions": _OWN_UNITS,
    "comparisons": _OWN_UNITS,
    "suppressed": _OWN_UNITS,
    "charters": "ward_id IN own_wards",
    "change_tests": "ward_id IN own_wards",
    "standards": _OWN_ROWS,
    "confidence_items": "ward_id IN own_wards",
    "incident_pairs": "ward_id IN own_wards",
    "foundations": _OWN_UNITS,
    "breakdowns": f"level = 'trust' AND {_OWN_UNITS}",
    "completeness": _OWN_ROWS,
    "forums": "true",
    "forum_attendance": _OWN_ROWS,
    "forum_answers": "false",
    "engagement": "false",
    "yardsticks": "trust_code IN own_trusts",
    "people": "lower(trim(email)) IN own_email",
}
# Readers never see what was typed, who came to forums, who feels safe by group, nor what staff are
# alleged to have done.
_NOT_FOR_READERS = (
    *("cells", "queries", "forum_attendance", "change_tests", "breakdowns"),
    "incident_pairs",
    "confidence_items",  # each is about few people
)
# Comparing peers' tables from day to day would show what each return added to them.
_ONLY_OF_TODAY = ("peer_bands", "comparisons")
_MEASURED = (
    "observations",
    "baselines",
    "points",
    "signals",
    "ambitions",
    "comparisons",
    "suppressed",
)

# In a small group, the average and limits would give away what the others sent.
_BLANKED = ("z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2")
_COLUMNS = {
    "comparisons": "* REPLACE ("
    + ", ".join(f"CASE WHEN units >= enough THEN {c} END AS {c}" for c in _BLANKED)
    + ", CASE WHEN units >= enough THEN category ELSE 'too_few' END AS category)"
}
# Limits, averages and signals rest on months in which a ward may have been outside a group.
_LINES = ("centre", "lower", "upper", "near_lower", "near_upper", "side", "high", "kind", "cause")
_RULES = ("rule_outside", "rule_trend", "rule_two_of_three", "rule_shift")
_OTHERWISE = {"chart": "'points'", "phase": "1", "used_in_limits": "false", "trial": "false"}
_OF_GROUPS = {
    "points": "* REPLACE ("
    + ", ".join(
        f"CASE WHEN {_OWN_UNITS} THEN {name} ELSE {_OTHERWISE.get(name, 'NULL')} END AS {name}"
        for name in (*_LINES, *_RULES, *_OTHERWISE)
    )
    + ")"
}
# What takes the place of a signal for a ward that came or left.
_SIGNALS_OF_MONTHS = f"""
SELECT level, unit_id, trust_code, measure, count(value) AS n, 'points' AS chart,
    any_value(months) AS months, 1 AS phase,
    max(month) FILTER (value IS NOT NULL) AS latest,
    arg_max(value, month) FILTER (value IS NOT NULL) AS value,
    arg_max(numerator, month) FILTER (value IS NOT NULL) AS numerator,
    arg_max(denominator, month) FILTER (value IS NOT NULL) AS denominator,
    'Limits would rest on months outside the group.' AS reason,
    'only the months in the group are shown' AS headline,
    'Only the months in which the ward belonged to the group are shown.' AS sentence
FROM release.points
WHERE {_IN_OWN_MONTH.format(months="months")} AND {_NOT_RESTRICTED}
GROUP BY level, unit_id, trust_code, measure
"""  # noqa: S608 - constants of this module
# A region sees with whom a charter was made, not how many they were: that is about few people.
_HIDDEN_FROM_READERS = {"charters": (*PARTNERS.values(), *LED_TO)}
_NAMED = re.compile(r"\bIN (own_\w+|restricted)\b")


Places = dict[str, Collection[str]]  # the codes in an Own


@dataclass(frozen=True)
class Own:
    """What the rules above are about, for one scope and release.

    `trusts` and `wards` are the scope's own; `totals` are the trusts whose totals it may see,
    `named` the trusts and `seen` the wards whose names. `groups` are a group reader's; `months` are
    those in which other wards were in them (`own_groups`). `restricted` are the restricted
    measures, `monthly` those whose figures are of one month alone, and `smallest_group` is the
    least number of units of a peer group whose average may be shown. `today` is False for a release
    of an earlier day.
    """

    trusts: Collection[str]
    wards: Collection[str]
    totals: Collection[str]
    named: Collection[str]
    seen: Collection[str]
    groups: Collection[str]
    months: Collection[str]
    restricted: Collection[str]
    monthly: Collection[str]
    smallest_group: int
    today: bool


def of_trusts(
    codes: Collection[str], trusts: pl.DataFrame, wards: pl.DataFrame, then: pl.DataFrame
) -> Places:
    """What somebody may see who reads some trusts of today.

    `trusts` and `wards` are tables of today's release, `then` the wards of the one that is read.
    """
    own_trusts = set(trusts.filter(pl.col("current_code").is_in(codes))["trust_code"])
    own_wards = set(wards.filter(pl.col("current_trust_code").is_in(codes))["ward_id"])
    # A total that includes a ward now belonging to another trust would give that ward away.
    foreign = then.filter(~pl.col("ward_id").is_in(own_wards))
    return {
        "trusts": own_trusts,
        "wards": own_wards,
        "totals": own_trusts - set(foreign["current_trust_code"]),
        "named": own_trusts,
        "seen": own_wards,
        "groups": (),
        "months": (),
    }


def select(table: str, scope: Scope, own: Own) -> str:
    """The rows and columns of a table that a scope may see, as one query."""
    named = {
        "own_trusts": own.trusts,
        "own_wards": own.wards,
        "own_totals": own.totals,
        "own_named": own.named,
        "own_seen": own.seen,
        "own_groups": own.groups,
        "own_months": own.months,
        "own_monthly": own.monthly,
        "own_email": [scope.email],
        "restricted": own.restricted,
    }
    columns = _columns(table, scope).replace("enough", str(own.smallest_group))
    where = _rows(table, scope) if own.today or table not in _ONLY_OF_TODAY else "false"
    columns, where = (_named(text, named) for text in (columns, where))
    rows = f"SELECT {columns} FROM release.{table} WHERE {where}"  # noqa: S608 - quoted by `listed`
    if table == "signals" and scope.groups:
        rows += f" UNION ALL BY NAME ({_named(_SIGNALS_OF_MONTHS, named)})"
    return rows


def _named(text: str, named: Mapping[str, Collection[str]]) -> str:
    return _NAMED.sub(lambda found: f"IN {listed(named[found[1]])}", text)


def listed(codes: Collection[str]) -> str:
    """A list of texts as SQL; nothing is ever known to be in an empty one."""
    quoted = ("'" + code.replace("'", "''") + "'" for code in sorted(codes))
    return f"({', '.join(quoted) or 'NULL'})"


def _columns(table: str, scope: Scope) -> str:
    if scope.groups and table in _OF_GROUPS:
        return _OF_GROUPS[table]
    if scope.only_reads and table in _HIDDEN_FROM_READERS:
        blank = (f"NULL::BIGINT AS {name}" for name in _HIDDEN_FROM_READERS[table])
        return f"* REPLACE ({', '.join(blank)})"
    return _COLUMNS.get(table, "*")


def _rows(table: str, scope: Scope) -> str:
    if not scope.only_reads:
        return ROWS[table]
    if table in _NOT_FOR_READERS:
        return "false"
    return f"{ROWS[table]} AND {_NOT_RESTRICTED}" if table in _MEASURED else ROWS[table]
