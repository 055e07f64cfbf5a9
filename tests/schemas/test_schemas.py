"""Importing the models prepares nothing for Spark, wherever PySpark is installed."""

import os
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).parents[2]
CHECKED = """
import os
import polars as pl
from schemas.register import Trusts
from schemas.typed import empty
Trusts.validate(empty(Trusts))
print(os.environ.get("SPARK_LOCAL_IP"))
"""


def test_a_check_imports_no_pyspark_and_sets_nothing_for_it(tmp_path: Path) -> None:
    spark = tmp_path / "pyspark"
    (spark / "pandas").mkdir(parents=True)
    for part in (spark, spark / "pandas"):
        (part / "__init__.py").write_text("raise SystemExit('PySpark was imported')\n")
    variables = {name: value for name, value in os.environ.items() if name != "SPARK_LOCAL_IP"}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHECKED],
        cwd=TREE,
        env=variables | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "None\n", "")
