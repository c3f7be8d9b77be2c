"""Settings come from the environment; a wrong one stops the start with a message that says why."""

from pathlib import Path

import pytest

from qa_service import settings_table
from qa_service.errors import SettingsError
from qa_service.settings import Settings


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_env({"PATH": "/usr/bin"}) == Settings(
        data_dir=Path("var"),
        host="127.0.0.1",
        port=8080,
        device="auto",
        threads=32,
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
        "QA_THREADS": "20",
        "QA_QUESTIONS_AT_ONCE": "3",
        "QA_QUESTIONS_WAITING": "4",
        "QA_DEADLINE_S": "5",
        "QA_CACHED_ANSWERS": "0",
        "QA_RATE_PER_KEY": "0",
        "QA_RATE_PER_ADDRESS": "0",
        "QA_TRUSTED_PROXIES": "2",
        "QA_HTTPS": "true",
        "QA_ALLOWED_ORIGINS": "https://a.example, http://[::1]:8000  https://a.example",
        "QA_WITHOUT_KEYS": "true",
        "QA_LOG_QUESTIONS": "Yes",
        "QA_MODEL_CACHE": "modelle",
    }
    assert Settings.from_env(given) == Settings(
        data_dir=Path("daten"),
        host="0.0.0.0",  # noqa: S104
        port=9000,
        embedder="org/embedder",
        reader="org/reader",
        device="cuda:1",
        threads=20,
        questions_at_once=3,
        questions_waiting=4,
        deadline_s=5,
        cached_answers=0,
        rate_per_key=0,
        rate_per_address=0,
        trusted_proxies=2,
        https=True,
        allowed_origins=("https://a.example", "http://[::1]:8000"),
        without_keys=True,
        log_questions=True,
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
        ("QA_DEADLINE_S", "0.5", "QA_DEADLINE_S=0.5 is wrong; give a whole number from 1 to 600."),
        (
            "QA_RATE_PER_KEY",
            "viele",
            "QA_RATE_PER_KEY=viele is wrong; give a whole number from 0 to 1000000.",
        ),
        (
            "QA_RATE_PER_ADDRESS",
            "-1",
            "QA_RATE_PER_ADDRESS=-1 is wrong; give a whole number from 0 to 1000000.",
        ),
        ("QA_TRUSTED_PROXIES", "11", "QA_TRUSTED_PROXIES=11 is wrong; give a whole number from 0 to 10."),
        ("QA_HTTPS", "https", "QA_HTTPS=https is neither true nor false."),
        ("QA_WITHOUT_KEYS", "ja", "QA_WITHOUT_KEYS=ja is neither true nor false."),
        ("QA_DEVICE", "gpu", "QA_DEVICE=gpu is no device; give auto, cpu, cuda or cuda:0."),
        ("QA_HOST", "a b", "QA_HOST=a b is no address; give a host name or an IP address like 127.0.0.1."),
        (
            "QA_OTEL_ENDPOINT",
            "localhost:4318",
            "QA_OTEL_ENDPOINT=localhost:4318 is no address; give one like http://localhost:4318.",
        ),
        ("QA_MODEL_CACHE", "a\0b", "QA_MODEL_CACHE holds a null character; give the path of a folder."),
    ],
)
def test_a_wrong_value_is_explained(name: str, value: str, message: str):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "intranet.example",
        "https://Intranet.example",
        "https://intranet.example/",
        "https://intranet.example/seite",
        "https://*.example",
        "https://intranet.example:443",
        "http://intranet.example:80",
        "http://intranet.example:65536",
        "http://intranet.example:080",
        "https://a@b.example",
        "https://bücher.example",
        "https://a.example;script-src",
        "ftp://a.example",
    ],
)
def test_what_no_browser_sends_as_an_origin_is_explained(origin: str):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"QA_ALLOWED_ORIGINS": f"https://gut.example {origin}"})
    assert str(caught.value).startswith(f"QA_ALLOWED_ORIGINS: {origin} is no origin. Give it as browsers")
    assert "https://intranet.example" in str(caught.value)


def test_a_file_where_a_folder_belongs_is_explained(tmp_path: Path):
    file = tmp_path / "datei"
    file.touch()
    with pytest.raises(SettingsError, match="is a file; give a folder"):
        Settings.from_env({"QA_DATA_DIR": str(file)})


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(SettingsError, match=r"No setting is called QA_POTR\. Known are .*QA_PORT"):
        Settings.from_env({"QA_POTR": "8080"})


def test_threads_that_cannot_hold_the_questions_contradict_them():
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"QA_THREADS": "8", "QA_QUESTIONS_WAITING": "6"})
    assert "QA_THREADS=8 contradicts QA_QUESTIONS_AT_ONCE=2 and QA_QUESTIONS_WAITING=6" in str(caught.value)
    assert "Set QA_THREADS to 12 or more" in str(caught.value)


def test_a_file_sets_what_the_environment_leaves_open(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text(
        "# our archive\n\nexport QA_PORT=9000\nQA_DATA_DIR = 'mein archiv' # here\n"
        'QA_DEVICE="cpu"\nQA_THREADS=40 # many\nPOSTGRES_PASSWORD=anderes\n'
    )
    settings = Settings.read({"QA_PORT": "9001"}, file)
    assert (settings.port, settings.data_dir, settings.device) == (9001, Path("mein archiv"), "cpu")
    assert settings.threads == 40


def test_without_a_file_the_environment_alone_counts(tmp_path: Path):
    assert Settings.read({}, tmp_path / ".env") == Settings()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("QA_PORT", "line 1, is no setting; write NAME=value"),
        ("\nQA_PORT='80", "line 2: the quotation mark is not closed"),
        ("QA_POTR=80", "No setting is called QA_POTR"),
        ("QA_PORT=80\xff", "cannot be read"),
    ],
)
def test_a_wrong_line_is_explained(tmp_path: Path, content: str, message: str):
    file = tmp_path / ".env"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError, match=message):
        Settings.read({}, file)


def test_the_table_of_settings_is_up_to_date():
    document = Path(__file__).parent.parent / "docs" / "settings.md"
    assert document.read_text(encoding="utf-8") == settings_table.markdown()


def test_the_settings_shown_are_settings_that_can_be_read(tmp_path: Path):
    (tmp_path / ".env").write_text(settings_table.current(Settings()))
    assert Settings.read({}, tmp_path / ".env") == Settings()
