"""When the programme's totals will be in files for sharing, in words."""

from datetime import date

import pytest

from dashboard.words.not_shared_yet import sentences

OCTOBER = {"month": date(2026, 10, 1), "closes": date(2026, 11, 28)}


@pytest.mark.parametrize(
    ("missing", "in_time", "closed", "sentence"),
    [
        (
            2,
            True,
            False,
            "The programme’s totals for October 2026 are not in files for sharing yet, as 2 trusts "
            "have not sent. They will be as soon as everyone has, or otherwise with the first "
            "return or decision that is saved after 28 November 2026, when the month closes.",
        ),
        (
            1,
            True,
            True,
            "October 2026 has closed. The programme’s totals for it will be in files for sharing "
            "as soon as anything else is saved: a return, or a decision such as a note on the "
            "programme’s charts.",
        ),
        (
            1,
            False,
            True,
            "The programme’s totals for October 2026 are not in files for sharing yet, as 1 trust "
            "has not sent. Nobody had sent when the month closed, so they wait for everyone.",
        ),
    ],
)
def test_when_totals_will_be_shared(missing, in_time, closed, sentence):
    about = OCTOBER | {"missing": missing, "in_time": in_time, "closed": closed}
    assert sentences([about]) == [sentence]
