"""The long form of a campaign runs only where it is asked for."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked `campaign` unless `-m campaign` was typed."""
    if "campaign" in (config.getoption("-m") or ""):
        return
    for item in items:
        if item.get_closest_marker("campaign"):
            item.add_marker(pytest.mark.skip(reason="the long form: run it with -m campaign"))
