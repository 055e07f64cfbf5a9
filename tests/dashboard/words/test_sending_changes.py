"""What a file changes if a return for its month is already in use."""

import polars as pl
import pytest

from dashboard.words import sending
from pipelines.accepting.preview import Preview
from pipelines.checking.check import Checked
from schemas.problems import Outcome
from tests.dashboard.words.test_sending import RECEIPT


@pytest.mark.parametrize(
    ("text", "state", "says"),
    [
        ("7", "value", "7"),
        ("0", "nil", "0 (nil return)"),
        (None, "missing", "Blank"),
        (None, "closed", "Ward closed"),
        (None, None, "No such row"),
    ],
)
def test_every_state_of_a_changed_cell_has_its_own_words(text, state, says):
    row = {"sheet": "monthly", "ward_code": "ALDER1", "about": "", "field": "pt_safe"}
    row |= {"before": text, "state_before": state, "after": "9", "state_after": "value"}
    assert sending.change(row)["before"] == says


def test_the_same_file_again_and_the_same_figures_again_differ():
    checked = Checked("x.xlsx", "cd" * 32, Outcome.CLEAN, ())
    same = Checked("x.xlsx", RECEIPT.sha256, Outcome.CLEAN, ())
    at, none = RECEIPT.received_at, pl.DataFrame()
    assert "exactly the same, so nothing changes" in sending.changing(
        Preview(same, at, RECEIPT, none)
    )
    assert "the same values in every cell" in sending.changing(Preview(checked, at, RECEIPT, none))
