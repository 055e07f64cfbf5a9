"""Tidy files to draw process charts of."""

from datetime import date


def file(folder, text, name="file.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def months(values, start=2024):
    dates = [date(start + i // 12, i % 12 + 1, 1) for i in range(len(values))]
    rows = [f"{day},{value}" for day, value in zip(dates, values, strict=True)]
    return "date,value\n" + "\n".join(rows) + "\n"


STEADY = months([10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11])
