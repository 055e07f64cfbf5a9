"""Which wards, people and measures are there, and what do the questions and standards say?"""

import polars as pl
from duckdb import DuckDBPyConnection

_WARDS = """
WITH stage AS (
    SELECT ward_id, arg_max(stage, month) AS stage, arg_max(in_place, month) AS in_place
    FROM charters GROUP BY ward_id
)
SELECT w.ward_id, w.ward_name, w.current_trust_code AS trust_code, t.trust_name, t.region,
    w.peer_group, w.peer_group_name, w.intended_sex, w.mh_class, w.age_group, w.security_level,
    w.beds, w.open_from, w.open_to, w.in_collaborative, s.stage, s.in_place
FROM wards AS w
LEFT JOIN latest_trusts AS t ON t.trust_code = w.current_trust_code
LEFT JOIN stage AS s ON s.ward_id = w.ward_id
WHERE w.ward_id = w.current_ward_id
    AND ($group IS NULL OR w.ward_id IN (
        SELECT ward_id FROM groups, (SELECT data_to FROM main.release)
        WHERE $group IN (group_code, CASE WHEN kind = 'region' THEN group_name END)
            AND coalesce(data_to, last_month, first_month)
                BETWEEN first_month AND coalesce(last_month, data_to, first_month)
    ))
    AND ($trust IS NULL OR w.current_trust_code = $trust)
    AND ($peer_group IS NULL OR w.peer_group = $peer_group)
    AND ($sex IS NULL OR w.intended_sex = $sex)
    AND ($stage IS NULL OR s.stage = $stage)
QUALIFY row_number() OVER (PARTITION BY w.ward_id ORDER BY w.valid_from DESC) = 1
ORDER BY t.trust_name, w.ward_name, w.ward_id
"""


def wards(
    connection: DuckDBPyConnection,
    trust: str | None = None,
    peer_group: str | None = None,
    sex: str | None = None,
    stage: str | None = None,
    group: str | None = None,
) -> pl.DataFrame:
    """One row for each ward as it is today, including closed ones; None does not filter.

    `group` is the code of a group, or the name of a region, for the wards that are in it in the
    last month of data.
    """
    about = {
        "trust": trust,
        "peer_group": peer_group,
        "sex": sex,
        "stage": stage,
        "group": group,
    }
    return connection.sql(_WARDS, params=about).pl()


def people(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every entry in the register of people; for a trust, only the person asking."""
    return connection.sql("FROM people ORDER BY email, role, valid_from").pl()


_MEASURES = """
FROM measures
WHERE status <> 'archived'
    AND (NOT only_where_asked OR measure IN (SELECT measure FROM asked_somewhere))
ORDER BY sort, measure
"""


def measures(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every measure in use, in the order a person reads them."""
    return connection.sql(_MEASURES).pl()


def questions(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The survey questions as the programme has filled them in."""
    order = "asked_of, coalesce(item_of, question_id), item_of NULLS FIRST, question_id, valid_from"
    return connection.sql(f"FROM questions ORDER BY {order}").pl()


def standards(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The statements of every standards set."""
    return connection.sql("FROM standards_text ORDER BY set_id, sort, statement_id").pl()
