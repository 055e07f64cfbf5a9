"""The log of what nobody foresaw: where it happened, never what was said.

An error's message may quote a row of somebody's data.
"""

import traceback
from datetime import UTC, datetime
from pathlib import Path


def write(error: Exception, about: str = "") -> str:
    """Log in one line where an error happened, and say in a sentence where that is logged."""
    from pipelines.settings import Settings

    log = Settings().error_log
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    what = f"{type(error).__name__}{f' with {about}' if about else ''}"
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{now} {what} at {where}\n")
    except OSError:
        return "Something went wrong that should not have, and it could not be logged."
    return f"Something went wrong that should not have. Where it happened is logged in {log}."
