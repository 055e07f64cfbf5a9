"""What every refusal of the API is made of."""


def problem(answer, status: int, kind: str) -> dict:
    """The problem details of a response, which must have this status and kind."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["type"] == f"urn:problem-type:feeling-safe:{kind}"
    assert said["status"] == status
    assert said["title"]
    assert said["detail"].endswith((".", "…"))
    return said
