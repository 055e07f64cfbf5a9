"""What is said of a return that was sent."""

from pipelines.accepting.submission import Submission
from pipelines.checking.checked import Checked, Outcome
from schemas.problems import Problem, Severity


def query(code: str, cell: str) -> Problem:
    return Problem(Severity.QUERY, code, "Few answered.", "Say why.", sheet="monthly", cell=cell)


def test_queries_are_named_by_cell_only_where_others_of_their_code_are_explained() -> None:
    lacking = (query("W03", "G2"), query("W03", "G3"), query("W05", "Q5"))
    checked = Checked("x.xlsx", "0" * 64, Outcome.QUERIES, lacking)
    afresh = Submission(checked, lacking=lacking)
    assert afresh.to_explain == ("W03", "W05")
    again = Submission(checked, lacking=lacking, carried={"W03 monthly!K5": "As last time"})
    assert again.to_explain == ("W05", "W03 monthly!G2", "W03 monthly!G3")
