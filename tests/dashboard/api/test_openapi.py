"""The OpenAPI document is true: every request it allows gets a response it describes."""

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dashboard.api.errors import KINDS
from tests.dashboard import tiny_release

OPERATIONS = {
    "askForFigures",
    "sendReturn",
    "askForReceipt",
    "askForWithdrawal",
    "askToWithdraw",
    "downloadWorkbook",
    "downloadReturn",
    "readFigures",
    "readBreakdowns",
}
EXAMPLES = settings(max_examples=25)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_answer_is_one_that_the_document_describes(api, name, mode):

    async def served(scope, receive, send):
        await api.app({**scope, "root_path": "/api"}, receive, send)

    if name.startswith("read"):
        tiny_release.write(api.home.root)
        api.token = api.issue(may=["figures"])
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", served)
    operation = schema.find_operation_by_id(name)
    answered = set()

    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        # Random bytes are seldom a return: that a good file is taken has tests of its own.
        answer = case.call_and_validate(
            headers={"Authorization": f"Bearer {api.token}"},
            excluded_checks=[positive_data_acceptance],
        )
        answered.add(answer.status_code)

    ask()
    assert answered - {401}  # what doesn't fit the document may lack a token, too
    assert max(answered) < 500


def test_the_document_needs_no_token_and_says_all_there_is_to_say(api):
    document = api.ask("GET", "/v1/openapi.json", token="").json()
    assert document["servers"] == [{"url": "/api"}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    operations = [o for path in document["paths"].values() for o in path.values()]
    assert {operation["operationId"] for operation in operations} == OPERATIONS
    told = {int(s) for o in operations for s in o["responses"] if s.isdecimal()}
    assert {status for status, _ in KINDS.values()} - {405, 500} <= told
    for operation in operations:
        assert operation["security"] == [{"token": []}]
        for status, answer in operation["responses"].items():
            if status == "default" or int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]
