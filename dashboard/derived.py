"""What a connection works out from the tables it holds, under names that questions use.

Each is made when a query first names it. What is kept is worked out once for each connection, so
from the rows of its scope alone; the others are worked out by each query.
"""

# How many wards the latest figure of each total is based on, out of those that had something to
# count: a ward without incidents, for example, can't have offered support after them.
_COVERED = """
WITH placed AS (
    SELECT 'peer_group' AS level, peer_group AS unit_id, current_ward_id, valid_from AS since,
        valid_to AS until
    FROM main.wards
    UNION ALL
    SELECT 'group', g.group_code, w.current_ward_id, greatest(w.valid_from, g.first_month),
        least(w.valid_to, g.last_month)
    FROM main.groups AS g
    JOIN main.wards AS w USING (ward_id)
),
counted AS (
    SELECT level, unit_id, measure, arg_max(wards, month) AS wards,
        arg_max(wards_expected, month) AS wards_expected, max(month) AS month
    FROM main.observations
    WHERE level <> 'ward' AND value IS NOT NULL
    GROUP BY level, unit_id, measure
),
idle AS (
    SELECT c.level, c.unit_id, c.measure, count(DISTINCT o.unit_id) AS wards
    FROM counted AS c
    JOIN main.observations AS o
        ON o.level = 'ward' AND o.measure = c.measure AND o.month = c.month
        AND o.state = 'not_applicable' AND o.wards_expected > 0
    LEFT JOIN placed AS p
        ON p.level = c.level AND p.unit_id = c.unit_id AND p.current_ward_id = o.unit_id
        AND p.since <= last_day(c.month) AND (p.until IS NULL OR p.until >= c.month)
    WHERE c.level = 'programme' OR (c.level = 'trust' AND o.trust_code = c.unit_id)
        OR p.unit_id IS NOT NULL
    GROUP BY c.level, c.unit_id, c.measure
)
SELECT c.level, c.unit_id, c.measure, c.wards, coalesce(i.wards, 0) AS nothing_to_count,
    greatest(c.wards, c.wards_expected - nothing_to_count) AS wards_expected,
    c.wards * 2 < c.wards_expected - nothing_to_count AS few_wards
FROM counted AS c
LEFT JOIN idle AS i USING (level, unit_id, measure)
"""
# The signal of every series, with its measure and how completely it reports. A measure that is only
# listed where it was asked has none for a unit that never sent it; a total whose latest figure is
# based on under half of its wards isn't judged. `is_open` is false for a ward that has closed.
_JUDGED = """
SELECT s.* EXCLUDE (target) REPLACE (
        CASE WHEN NOT coalesce(v.few_wards, false) THEN s.variation END AS variation,
        CASE WHEN NOT coalesce(v.few_wards, false) THEN s.assurance END AS assurance,
        CASE WHEN NOT coalesce(v.few_wards, false) THEN s.runs_signal END AS runs_signal
    ),
    coalesce(v.few_wards, false) AS few_wards, v.wards, v.wards_expected,
    m.name, m.short_name, m.topic, m.type, m.unit, m.multiplier, m.direction,
    coalesce(m.target, s.target * m.multiplier) AS target,
    m.core, m.restricted, c.state AS reporting, c.months_valid, c.months_expected,
    m.sort, s.level <> 'ward' OR s.unit_id IN (FROM main.open_wards) AS is_open
FROM main.signals AS s
JOIN main.measures AS m USING (measure)
LEFT JOIN main.covered AS v USING (level, unit_id, measure)
LEFT JOIN main.completeness AS c
    ON c.scope = 'reporting' AND s.level = 'ward' AND c.ward_id = s.unit_id
    AND c.measure = s.measure
WHERE NOT m.only_where_asked OR EXISTS (
    FROM main.asked_somewhere AS a
    WHERE a.level = s.level AND a.unit_id = s.unit_id AND a.measure = s.measure
)
"""
# Every question that names an organisation names it as it is called last, and every count of wards
# as they are now leaves out the same closed ones.
QUERIES = {
    "latest_trusts": """
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name,
        arg_max(region, valid_from) AS region
    FROM main.trusts GROUP BY trust_code
    """,
    "latest_wards": """
    SELECT w.ward_id, w.ward_name, w.trust_code, t.trust_name
    FROM (
        SELECT ward_id, arg_max(ward_name, valid_from) AS ward_name,
            arg_max(current_trust_code, valid_from) AS trust_code
        FROM main.wards GROUP BY ward_id
    ) AS w
    LEFT JOIN main.latest_trusts AS t USING (trust_code)
    """,
    "open_wards": """
    SELECT ward_id
    FROM (
        FROM main.wards
        WHERE ward_id = current_ward_id
        QUALIFY row_number() OVER (PARTITION BY ward_id ORDER BY valid_from DESC) = 1
    )
    WHERE open_to IS NULL OR open_to >= (SELECT coalesce(data_to, open_to) FROM main.release)
    """,
    # The units that were ever asked what isn't listed for the others.
    "asked_somewhere": """
    FROM main.observations SELECT DISTINCT level, unit_id, measure WHERE numerator IS NOT NULL
        AND measure IN (SELECT measure FROM main.measures WHERE only_where_asked)
    """,
    "covered": _COVERED,
    "judged": _JUDGED,
}
KEPT = {"covered", "judged"}


def statement(name: str) -> str:
    """The statement that makes one of these."""
    kind = "TABLE" if name in KEPT else "VIEW"
    return f"CREATE {kind} main.{name} AS {QUERIES[name]}"
