"""Defines what the data must look like, without files, databases or screens."""

import sys
from types import ModuleType


def _leave_spark_alone() -> None:
    """Keep pandera from preparing Spark, which none of our models need.

    Wherever PySpark is installed, importing pandera imports it too, which warns on every command
    that it doesn't support pandas 3, and sets SPARK_LOCAL_IP to 127.0.0.1, where the other machines
    of a cluster don't reach this one.
    """
    nothing = ModuleType("pandera.external_config")
    nothing._set_pyspark_environment_variables = lambda: None  # type: ignore[attr-defined]
    sys.modules.setdefault(nothing.__name__, nothing)


_leave_spark_alone()
