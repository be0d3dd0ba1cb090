"""The public front page, and the two addresses for supervisors."""

from flask import Flask
from flask.testing import FlaskClient

from core.database import Database


def test_a_stranger_sees_what_can_be_done_and_the_way_to_the_guide(client: FlaskClient) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert "企业开办一件事" in page.text
    assert "/guide/business_start_up" in page.text


def test_the_page_is_whole_in_english(client: FlaskClient) -> None:
    client.get("/language/en")

    assert "Start a business" in client.get("/").text


def test_the_process_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200


def test_health_asks_neither_the_database_nor_a_session(app: Flask, client: FlaskClient) -> None:
    app.extensions["database"] = Database("postgresql://nobody@127.0.0.1:1/nothing")

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 503)
    assert "Set-Cookie" not in alive.headers
