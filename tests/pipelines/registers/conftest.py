"""The register that acts are tried on."""

import pytest

from pipelines.registers.register import Register, register_of
from tests import worlds


@pytest.fixture
def register() -> Register:
    return register_of(worlds.register_frames(), version=1)
