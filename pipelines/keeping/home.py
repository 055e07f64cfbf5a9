"""A programme's home: one folder with its settings, its archive and its releases."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import polars as pl
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.keeping.archive import Archive
from pipelines.keeping.decisions import Decided
from pipelines.keeping.layout import ARCHIVE
from pipelines.keeping.staging import keep_file, make_folders
from pipelines.registers.checks import problems_of, unfit
from pipelines.registers.register import RegisterError, empty_register, register_of
from pipelines.registers.yardsticks import too_few
from schemas.programme import Programme

SETTINGS = "programme.toml"
PRIVATE = 0o700  # only the account that runs the service may look into a home


class HomeError(ValueError):
    """A home that can't be used; the message is a sentence."""


@dataclass(frozen=True)
class Home:
    """One programme's folder."""

    root: Path

    @cached_property
    def programme(self) -> Programme:
        """The settings in programme.toml; raises HomeError if they are missing or faulty."""
        path = self.root / SETTINGS
        try:
            return Programme.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise HomeError(
                f"There is no programme in {self.root}: it has no {SETTINGS}. Create one with "
                f"“feeling-safe init {self.root}”, or name another folder with --home."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            why = "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else error
            raise HomeError(
                f"{path} can't be read as TOML: {why}. Correct it in a text editor."
            ) from None
        except ValidationError as error:
            raise HomeError(f"{path}: {'; '.join(_sentences(error))}.") from None

    @property
    def archive(self) -> Archive:
        return Archive(self.root / ARCHIVE)

    @property
    def releases(self) -> Path:
        return self.root / "releases"


def open_home(path: Path) -> Home:
    """The home in a folder; raises HomeError if there is none or its settings are faulty."""
    home = Home(Path(path))
    _ = home.programme
    return home


def ready_home(path: Path) -> Home:
    """The home in a folder, if its settings fit its register and every measure can be used.

    Raises HomeError or MeasureError with what is wrong.
    """
    home = open_home(path)
    home.archive.newest_measures()
    if wrong := unfit(home.archive.newest_register(), home.programme):
        raise HomeError(f"{home.root / SETTINGS}: {' '.join(wrong)}")
    return home


def create_home(
    path: Path,
    programme: Programme,
    register_frames: dict[str, pl.DataFrame] | None,
    by: str,
    at: datetime,
) -> Home:
    """Create a home with its first register; raises HomeError if the folder already has one."""
    home = Home(Path(path))
    if (home.root / SETTINGS).exists():
        raise HomeError(f"{home.root} already holds a programme: choose an empty folder.")
    register = register_of(register_frames) if register_frames else empty_register()
    few = too_few(register, programme.disclosure)
    sentences = [*problems_of(register), *unfit(register, programme), *few]
    if sentences:
        raise RegisterError(sentences)
    make_folders(home.root)
    home.root.chmod(PRIVATE)
    home.archive.keep_register(register, Decided(by, at, "The first register"))
    keep_file(home.root / SETTINGS, as_toml(programme).encode())  # last: this makes it a home
    return home


def as_toml(programme: Programme) -> str:
    """The settings as TOML, for people to edit."""
    settings = programme.model_dump(exclude_none=True)
    named = ("pauses", "baselines", "support", "resources", "breakdowns")
    lists = {name: settings.pop(name) for name in named}
    tables = {}
    for name in ("deadlines", "disclosure", "mail"):
        if name in settings:
            tables[name] = settings.pop(name)
    lines = _assignments(settings)
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_assignments(table)]
    for name, entries in lists.items():
        for entry in entries:
            lines += ["", f"[[{name}]]", *_assignments(entry)]
    return "\n".join(lines) + "\n"


def _assignments(table: dict[str, object]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in table.items()]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _sentences(error: ValidationError) -> list[str]:
    return [_sentence(finding) for finding in error.errors()]


def _sentence(finding: ErrorDetails) -> str:
    where = ".".join(map(str, finding["loc"]))
    if finding["type"] == "missing":
        return f"{where} is missing"
    if finding["type"] == "extra_forbidden":
        return f"{where} is not a setting: correct its name, or remove it"
    said = finding["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{where}: {said}" if where else said
