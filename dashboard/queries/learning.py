"""Which learning forums are there, who came to them, and what did people say?"""

import polars as pl
from duckdb import DuckDBPyConnection


def forums(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every learning forum, past and to come, the earliest first."""
    return connection.sql("FROM forums ORDER BY day, forum").pl()


_ATTENDANCE = """
SELECT a.forum, f.day, f.title, a.trust_code, t.trust_name, a.ward_id, w.ward_name,
    sum(people) FILTER (WHERE "group" = 'staff') AS staff,
    sum(people) FILTER (WHERE "group" = 'lived_experience') AS lived_experience,
    sum(people) FILTER (WHERE "group" = 'carers') AS carers
FROM forum_attendance AS a
JOIN forums AS f USING (forum)
LEFT JOIN latest_trusts AS t ON t.trust_code = a.trust_code
LEFT JOIN latest_wards AS w ON w.ward_id = a.ward_id
GROUP BY ALL
ORDER BY f.day, a.forum, t.trust_name, a.trust_code, w.ward_name NULLS LAST, a.ward_id
"""


def attendance(connection: DuckDBPyConnection) -> pl.DataFrame:
    """How many came to each forum from each trust and ward; empty where nobody counted."""
    return connection.sql(_ATTENDANCE).pl()


_REACHED = """
SELECT f.forum,
    count(DISTINCT a.trust_code) FILTER (WHERE a.people > 0) AS trusts,
    sum(people) FILTER (WHERE "group" = 'staff') AS staff,
    sum(people) FILTER (WHERE "group" = 'lived_experience') AS lived_experience,
    sum(people) FILTER (WHERE "group" = 'carers') AS carers,
    count(a.forum) > 0 AS recorded
FROM forums AS f
LEFT JOIN forum_attendance AS a USING (forum)
GROUP BY f.forum
"""


def reached(connection: DuckDBPyConnection) -> pl.DataFrame:
    """How many trusts and people came to each forum, of those a person may see."""
    return connection.sql(_REACHED).pl()


_TRUSTS = """
WITH came AS (
    SELECT trust_code, count(DISTINCT forum) AS forums
    FROM forum_attendance WHERE people > 0 GROUP BY trust_code
)
SELECT DISTINCT t.trust_code, n.trust_name, coalesce(c.forums, 0) AS forums
FROM trusts AS t
LEFT JOIN latest_trusts AS n USING (trust_code)
LEFT JOIN came AS c USING (trust_code)
WHERE t.trust_code = t.current_code AND t.valid_to IS NULL
ORDER BY n.trust_name, t.trust_code
"""


def forums_of_trusts(connection: DuckDBPyConnection) -> pl.DataFrame:
    """To how many forums each trust of today has sent anyone; 0 if it never has."""
    return connection.sql(_TRUSTS).pl()


_ANSWERS = """
SELECT a.*, f.day, f.title
FROM forum_answers AS a
JOIN forums AS f USING (forum)
ORDER BY f.day, a.forum, a.question, a.place, a.people DESC, a.answer
"""


def answers(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Each answer to each question of each session; nothing for anyone but the programme team."""
    return connection.sql(_ANSWERS).pl()
