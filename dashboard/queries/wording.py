"""What are the questions and the standards, word for word?"""

import polars as pl
from duckdb import DuckDBPyConnection


def questions(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The survey questions as the programme has filled them in."""
    return connection.sql("FROM questions ORDER BY asked_of, question_id").pl()


def standards(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The statements of every standards set."""
    return connection.sql("FROM standards_text ORDER BY set_id, sort, statement_id").pl()
