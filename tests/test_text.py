import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import DataNotFoundError, ParameterError
from studio.text import MOST_NAME, file_name, plain_name, plain_text, shown

anything = st.text(st.characters(exclude_categories=()))


@given(anything)
def test_a_name_is_short_on_one_line_and_steers_nothing(text):
    name = plain_name(text)
    assert len(name) <= MOST_NAME
    assert name.isprintable() or all(char.isprintable() or ord(char) > 159 for char in name)
    name.encode("utf-8")
    assert plain_name(name) == name


@given(anything.map(lambda text: text * 20))
def test_a_file_name_fits_every_disk(tmp_path_factory, text):
    name = file_name(text)
    assert len(name.encode()) <= 216
    if name:
        path = tmp_path_factory.mktemp("names") / name
        path.write_bytes(b"")
        assert path.parent.name.startswith("names")


def test_the_end_of_a_long_name_stays():
    name = plain_name("x" * 5_000_000 + " (sha256 0123456789abcdef)")
    assert len(name) == MOST_NAME and name.endswith(" (sha256 0123456789abcdef)")
    assert file_name("😀" * 200 + ".wav").endswith("😀.wav")


@pytest.mark.parametrize(
    "value", [10**5000, -(10**5000), "\x1b[31m" * 999, [10**5000], "\ud800"], ids=range(5)
)
def test_any_value_can_be_quoted(value):
    assert len(shown(value)) <= 80
    shown(value).encode("utf-8")
    assert "\x1b" not in shown(value)


def test_no_error_steers_a_terminal():
    hostile = "'\x1b]0;owned\x07\x1b[2J\u202eevil'"
    for error in (ParameterError(hostile), DataNotFoundError(hostile)):
        assert plain_text(str(error)) == str(error) == "']0;owned[2Jevil'"
