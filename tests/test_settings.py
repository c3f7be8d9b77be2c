"""Settings come from the environment; a wrong one stops the start with a message that says why."""

from pathlib import Path

import pytest

from qa_service.errors import SettingsError
from qa_service.settings import Settings


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_env({"PATH": "/usr/bin"}) == Settings(
        data_dir=Path("var"),
        host="127.0.0.1",
        port=8080,
        device="auto",
        threads=8,
        model_cache=Path("var/models"),
    )


def test_every_setting_can_be_given():
    given = {
        "QA_DATA_DIR": "daten",
        "QA_HOST": "0.0.0.0",  # noqa: S104 - only parsed
        "QA_PORT": "9000",
        "QA_EMBEDDER": "org/embedder",
        "QA_READER": "org/reader",
        "QA_DEVICE": "cuda:1",
        "QA_THREADS": "2",
        "QA_MODEL_CACHE": "modelle",
    }
    assert Settings.from_env(given) == Settings(
        data_dir=Path("daten"),
        host="0.0.0.0",  # noqa: S104
        port=9000,
        embedder="org/embedder",
        reader="org/reader",
        device="cuda:1",
        threads=2,
        model_cache=Path("modelle"),
    )


def test_models_are_cached_beside_the_data_unless_set():
    assert Settings.from_env({"QA_DATA_DIR": "daten"}).model_cache == Path("daten/models")


def test_a_blank_variable_leaves_the_default():
    assert Settings.from_env({"QA_PORT": " ", "QA_EMBEDDER": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("QA_PORT", "achtzig", "QA_PORT=achtzig is wrong; give a whole number from 1 to 65535."),
        ("QA_PORT", "0", "QA_PORT=0 is wrong; give a whole number from 1 to 65535."),
        ("QA_PORT", "65536", "QA_PORT=65536 is wrong; give a whole number from 1 to 65535."),
        ("QA_PORT", "٨٠", "QA_PORT=٨٠ is wrong; give a whole number from 1 to 65535."),
        ("QA_THREADS", "-1", "QA_THREADS=-1 is wrong; give a whole number from 1 to 256."),
        ("QA_DEVICE", "gpu", "QA_DEVICE=gpu is no device; give auto, cpu, cuda or cuda:0."),
        ("QA_HOST", "a b", "QA_HOST=a b is no address; give a host name or an IP address like 127.0.0.1."),
        ("QA_MODEL_CACHE", "a\0b", "QA_MODEL_CACHE holds a null character; give the path of a folder."),
    ],
)
def test_a_wrong_value_is_explained(name: str, value: str, message: str):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert str(caught.value) == message


def test_a_file_where_a_folder_belongs_is_explained(tmp_path: Path):
    file = tmp_path / "datei"
    file.touch()
    with pytest.raises(SettingsError, match="is a file; give a folder"):
        Settings.from_env({"QA_DATA_DIR": str(file)})


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(SettingsError, match=r"No setting is called QA_POTR\. Known are .*QA_PORT"):
        Settings.from_env({"QA_POTR": "8080"})
