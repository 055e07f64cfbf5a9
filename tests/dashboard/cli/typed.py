"""A command as a person types it."""

from typer.testing import CliRunner, Result

from dashboard.cli.app import app


def run(*arguments: object) -> Result:
    """What a command gives; it never ends in a traceback."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result
