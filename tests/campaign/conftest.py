"""The long form of a campaign runs only where it is asked for, and processes begin afresh."""

import sys
from types import ModuleType

import pytest


@pytest.fixture(autouse=True)
def no_app_is_the_main_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process runs the main program's file, where Streamlit's tests leave an app."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked `campaign` unless `-m campaign` was typed."""
    if "campaign" in (config.getoption("-m") or ""):
        return
    for item in items:
        if item.get_closest_marker("campaign"):
            item.add_marker(pytest.mark.skip(reason="the long form: run it with -m campaign"))
