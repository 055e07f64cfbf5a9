"""Addresses and methods that are none."""

import pytest

from tests.dashboard.api.problem_details import problem


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v2/returns", "/v1/docs", "/docs", "/redoc"])
def test_an_address_that_is_none_is_answered_as_a_program_expects(api, path):
    problem(api.ask("GET", path), 404, "not-found")


def test_a_method_that_is_none_says_which_there_is(api):
    answer = api.ask("DELETE", "/v1/returns/Z01-2025-03-1")
    problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "GET"
