"""When figures of one month are queried by themselves."""

import pytest

from pipelines.checking.check import check
from schemas.programme import DisclosurePolicy
from tests.returns import scene


@pytest.mark.parametrize(("least", "asked"), [(4, False), (5, True), (12, True)])
def test_few_answers_are_queried_from_the_number_that_screens_use(least: int, asked: bool) -> None:
    policy = DisclosurePolicy(smallest_own_respondents=least)
    programme = scene.PROGRAMME.model_copy(update={"disclosure": policy})
    content = scene.with_figures(pt_answered=4, pt_safe=3)
    found = check(content, "return.xlsx", scene.context(programme=programme)).problems
    of_four = [p for p in found if p.code == "W01" and p.value == "4"]
    assert len(of_four) == asked
    for problem in of_four:
        assert f"With fewer than {least} answers no percentage is shown" in problem.message
