"""How the register's own sentences name a day, a trust and a ward."""

from datetime import date

from pipelines.registers.effective import Row


def day_of(day: date) -> str:
    """A day as people read it: 14 March 2026."""
    return f"{day.day} {day:%B %Y}"


def ward_named(row: Row) -> str:
    """A ward with its code: Alder Ward (Z01-ALDER1)."""
    return f"{row['ward_name']} ({row['trust_code']}-{row['ward_code']})"


def trust_named(row: Row) -> str:
    """A trust with its code: Alderbrook Partnership (Z01)."""
    return f"{row['trust_name']} ({row['trust_code']})"
