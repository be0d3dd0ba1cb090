"""How pages look: the reader's choice, kept on the device, and never a way out of the site."""

import pytest
from flask.testing import FlaskClient


def test_without_a_choice_the_device_decides(client: FlaskClient) -> None:
    page = client.get("/sign-in").text

    assert 'data-theme="auto" data-text-size="standard"' in page
    assert 'media="screen and (prefers-color-scheme: dark)"' in page


def test_a_chosen_theme_stays_without_script(client: FlaskClient) -> None:
    answer = client.get("/appearance/dark?next=/sign-in")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = client.get("/sign-in").text
    assert 'data-theme="dark"' in page
    assert 'media="screen"' in page


def test_by_day_the_night_is_not_even_loaded(client: FlaskClient) -> None:
    client.get("/appearance/light")

    assert "css/dark.css" not in client.get("/sign-in").text


def test_a_chosen_text_size_stays(client: FlaskClient) -> None:
    client.get("/text-size/largest")

    assert 'data-text-size="largest"' in client.get("/sign-in").text


def test_the_choice_outlives_the_browser_and_is_not_for_scripts(client: FlaskClient) -> None:
    [cookie] = client.get("/appearance/dark").headers.getlist("Set-Cookie")

    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("address", ["/appearance/sepia", "/text-size/42", "/appearance/DARK"])
def test_there_are_no_other_choices(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "target", ["//elsewhere.example", "/\\elsewhere.example", "http://elsewhere.example", "x", ""]
)
def test_the_switches_lead_nowhere_else(client: FlaskClient, target: str) -> None:
    for address in ("/appearance/dark", "/text-size/large"):
        assert client.get(address, query_string={"next": target}).location == "/"


def test_a_strange_cookie_counts_as_no_choice(client: FlaskClient) -> None:
    client.set_cookie("yichuang-theme", '"><script>')
    client.set_cookie("yichuang-text-size", "huge")

    assert 'data-theme="auto" data-text-size="standard"' in client.get("/sign-in").text
