"""The register as the pipelines use it: which trusts and wards there were in a month."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import polars as pl

from schemas.periods import Month
from schemas.register import REGISTER_FILES
from schemas.typed import empty, typed


class RegisterError(ValueError):
    """A register that can't be used; `sentences` lists everything that is wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def refusal(sentence: str) -> RegisterError:
    """A RegisterError with one sentence."""
    return RegisterError([sentence])


_Of = ParamSpec("_Of")
_Answer = TypeVar("_Answer")
_Question = Callable[Concatenate["Register", _Of], _Answer]
_MOST_ANSWERS = 1024  # kept by one register: a check asks a few dozen questions, each several times


def kept(question: _Question[_Of, _Answer]) -> _Question[_Of, _Answer]:
    """The same question, answered from what the register last answered if it can be."""

    @wraps(question)
    def ask(register: "Register", *of: _Of.args, **named: _Of.kwargs) -> _Answer:
        answers = vars(register).setdefault("_answers", {})
        asked = (question.__name__, of, *named.items())
        try:
            return answers[asked]  # type: ignore[no-any-return]
        except KeyError:
            found = question(register, *of, **named)
        if len(answers) >= _MOST_ANSWERS:
            answers.clear()
        answers[asked] = found
        return found

    return ask


@dataclass(frozen=True)
class Register:
    """One version of the register: a frame for each of its files (`schemas.register`)."""

    version: int
    trusts: pl.DataFrame
    wards: pl.DataFrame
    access: pl.DataFrame
    standards: pl.DataFrame
    questions: pl.DataFrame
    invitations: pl.DataFrame
    groups: pl.DataFrame
    yardsticks: pl.DataFrame

    @kept
    def trust(self, trust_code: str, month: Month) -> dict[str, object] | None:
        """The trust's row that was valid in a month, or None if it did not exist then."""
        rows = _held(self.trusts.filter(pl.col("trust_code") == trust_code), month)
        return rows.sort("valid_from").row(-1, named=True) if rows.height else None

    @kept
    def wards_of(self, trust_code: str, month: Month) -> pl.DataFrame:
        """One row for each ward of a trust as the register describes it for a month."""
        rows = _held(self.wards.filter(pl.col("trust_code") == trust_code), month)
        return rows.sort("valid_from").unique("ward_code", keep="last").sort("ward_code")

    def wards_then(self, trust_code: str, month: Month) -> pl.DataFrame:
        """As `wards_of`; a ward that the register only describes from later on is as it was first.

        A baseline is from before a ward joined, and so often from before it was entered.
        """
        now = self.wards_of(trust_code, month)
        first = (
            self.wards.filter(pl.col("trust_code") == trust_code)
            .sort("valid_from")
            .unique("ward_code", keep="first")
            .filter(pl.col("valid_from") > month.last_day)
        )
        return pl.concat([now, first]).unique("ward_code", keep="first").sort("ward_code")

    def takes_part(self, trust_code: str, ward_code: str, month: Month) -> bool:
        """Whether a ward's figures are expected for a month: it was open, and had joined."""
        wards = self.wards_open(trust_code, month).filter(
            ward_code=ward_code, in_collaborative="yes"
        )
        trusts = self.trusts.filter(pl.col("trust_code") == trust_code).sort("valid_from")
        joined = trusts["joined"][-1] if trusts.height else None
        return bool(wards.height) and (joined is None or joined <= month.first_day)

    @kept
    def wards_open(self, trust_code: str, month: Month) -> pl.DataFrame:
        """Those of `wards_of` that were open on at least one day of the month."""
        return self.wards_of(trust_code, month).filter(
            pl.col("open_from") <= month.last_day,
            pl.col("open_to").is_null() | (pl.col("open_to") >= month.first_day),
        )

    @kept
    def items_of(self, question: str, month: Month) -> pl.DataFrame:
        """The items of a question as they were asked in a month, in the order of the file."""
        items = self.questions.filter(pl.col("item_of") == question)
        rows = _held(items, month).sort("valid_from", maintain_order=True)
        return rows.unique("question_id", keep="last", maintain_order=True)

    @kept
    def statements(self, month: Month) -> pl.DataFrame:
        """The statements of every set as they read in a month, in their order."""
        rows = _held(self.standards, month).sort("valid_from", maintain_order=True)
        newest = rows.unique(["set_id", "statement_id"], keep="last", maintain_order=True)
        return newest.sort("set_id", "sort", "statement_id")

    @kept
    def sets_in_use(self, usual: str, month: Month) -> pl.DataFrame:
        """The statements to rate in a month: of the usual set, then of every set with dates."""
        rows = self.statements(month)
        dated = self.standards.filter(pl.col("valid_from").is_not_null())["set_id"]
        used = rows.filter((pl.col("set_id") == usual) | pl.col("set_id").is_in(dated.implode()))
        return used.sort(pl.col("set_id") != usual, maintain_order=True)

    def numbered(self, version: int) -> "Register":
        """The same register with a version number."""
        return replace(self, version=version)


Act = Callable[[Register], Register]


def together(register: Register, acts: Iterable[tuple[str, Act]]) -> Register:
    """Several acts as one change, each with a name for what is wrong with it.

    What is wrong with any of them is raised together.
    """
    wrong = []
    for name, act in acts:
        try:
            register = act(register)
        except RegisterError as refused:
            wrong += [f"{name}: {sentence}" for sentence in refused.sentences]
    if wrong:
        raise RegisterError(wrong)
    return register


def empty_register() -> Register:
    """A register without any trusts, wards or people."""
    return register_of({})


def register_of(frames: dict[str, pl.DataFrame], version: int = 0) -> Register:
    """A register from frames by file name, with types set; missing files are empty."""
    known = {
        name: typed(frames[name], model) if name in frames else empty(model)
        for name, model in REGISTER_FILES.items()
    }
    return Register(version, **known)


def _held(rows: pl.DataFrame, month: Month) -> pl.DataFrame:
    return rows.filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= month.last_day),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= month.first_day),
    )
