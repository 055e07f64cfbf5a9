from datetime import UTC, datetime

import pytest

from pipelines.keeping.home import HomeError, as_toml, create_home, open_home
from pipelines.registers.register import RegisterError
from schemas.programme import Pause, Programme
from tests import worlds

AT = datetime(2026, 3, 6, tzinfo=UTC)


def test_a_new_home_opens_with_the_settings_it_was_made_with(tmp_path):
    said = worlds.programme(
        name='Quotes " and \\ slashes',
        pauses=(Pause(first="2025-03", last="2025-05", reason="COVID-19"),),
    )
    create_home(tmp_path / "home", said, worlds.register_frames(), worlds.TEAM, AT)
    home = open_home(tmp_path / "home")
    assert home.programme == said
    assert home.archive.register().version == 1


def test_a_home_can_begin_with_an_empty_register(tmp_path):
    home = create_home(tmp_path / "home", worlds.programme(), None, worlds.TEAM, AT)
    assert home.archive.register().trusts.is_empty()


def test_a_folder_that_holds_a_programme_is_left_alone(tmp_path):
    create_home(tmp_path, worlds.programme(), None, worlds.TEAM, AT)
    with pytest.raises(HomeError, match="already holds a programme"):
        create_home(tmp_path, worlds.programme(name="Other"), None, worlds.TEAM, AT)
    assert open_home(tmp_path).programme.name == "Tiny collaborative"


def test_invented_codes_are_for_fictional_programmes(tmp_path):
    real = worlds.programme(fictional=False)
    with pytest.raises(RegisterError, match="Z01, Z02, Z08, Z09: codes Z01 to Z99"):
        create_home(tmp_path / "home", real, worlds.register_frames(), worlds.TEAM, AT)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "feeling-safe init"),
        ("name = ", "can't be read as TOML"),
        ('name = "x"\nfictional = true\nfirst_month = "May"', "first_month: “May” is not a month"),
        (
            'name = "x"\nfictional = true\nfirst_month = "2025-01"\ncolour = 1',
            "colour is not a setting",
        ),
        ('name = "x"\nfirst_month = "2025-01"', "fictional is missing"),
    ],
)
def test_faulty_settings_are_told_in_a_sentence(tmp_path, text, said):
    if text is not None:
        (tmp_path / "programme.toml").write_text(text)
    with pytest.raises(HomeError, match=said):
        open_home(tmp_path)


def test_settings_as_written_are_read_back_the_same():
    import tomllib

    said = worlds.programme(contact="team@programme.example", last_month="2026-12")
    assert Programme.model_validate(tomllib.loads(as_toml(said))) == said
