"""What identifies a row of the tables about figures."""

SERIES = ["level", "unit_id", "measure"]
OBSERVATION = [*SERIES, "month"]
