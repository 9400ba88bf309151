"""WebSocket mode: OpenAI's client, and what the compliance suite asks of it, in our own words."""

import json

import openai
import pytest
from conftest import KEY
from websockets.sync.client import connect

GREETING = "Hello from the engine."


@pytest.fixture
def socketed(direct):
    with openai.OpenAI(api_key=KEY, base_url=direct + "/v1") as client:
        with client.responses.connect() as connection:
            yield connection


def completed(connection):
    for event in connection:
        if event.type == "error":
            raise AssertionError(event)
        if event.type == "response.completed":
            return event.response
    raise AssertionError("the connection was closed")


def test_openai(socketed):
    socketed.response.create(model="known", input="Say hello.")
    first = completed(socketed)
    assert first.output_text == GREETING
    socketed.response.create(model="known", input="Once more.", previous_response_id=first.id)
    assert completed(socketed).previous_response_id == first.id


def test_openai_not_stored(socketed):
    socketed.response.create(model="known", input="Say hello.", store=False)
    first = completed(socketed)
    socketed.response.create(
        model="known", input="Once more.", previous_response_id=first.id, store=False
    )
    assert completed(socketed).output_text == GREETING


def test_openai_warm_up(socketed):
    socketed.response.create(model="known", input="Say hello.", generate=False)
    first = completed(socketed)
    assert first.output == []
    socketed.response.create(model="known", input="Now.", previous_response_id=first.id)
    assert completed(socketed).output_text == GREETING


class Plain:
    """A connection without a client's help; each event is held against the specification."""

    def __init__(self, socket, contract):
        self.socket, self.contract = socket, contract

    def send(self, **message):
        self.socket.send(json.dumps(message))

    def next(self):
        event = json.loads(self.socket.recv(timeout=20))
        if not event["type"].startswith("response.steer") and event["type"] != "error":
            self.contract.check_events([event], True, "WebSocket")
        return event

    def until(self, kind):
        event = self.next()
        while event["type"] != kind:
            assert event["type"] != "error", event
            event = self.next()
        return event


@pytest.fixture
def plain(direct, contract):
    headers = {"Authorization": "Bearer " + KEY}
    url = direct.replace("http://", "ws://") + "/v1/responses"
    with connect(url, additional_headers=headers) as socket:
        yield Plain(socket, contract)


def test_several_after_each_other(plain):
    for _ in range(3):
        plain.send(type="response.create", model="known", input="Say hello.")
        assert plain.until("response.completed")["response"]["status"] == "completed"


def test_a_chain_that_is_not_stored(plain):
    plain.send(type="response.create", model="known", input="Say hello.", store=False)
    first = plain.until("response.completed")["response"]["id"]
    plain.send(
        type="response.create", model="known", input="And?", store=False, previous_response_id=first
    )
    plain.until("response.completed")


def test_a_mistake_is_told_and_the_connection_goes_on(plain):
    plain.send(type="response.create", model="known", input="x", previous_response_id="resp_none")
    error = plain.next()
    assert (error["type"], error["status"]) == ("error", 400)
    assert error["error"]["code"] == "previous_response_not_found"
    plain.send(type="response.create", model="known", input="Say hello.")
    plain.until("response.completed")


def test_what_is_said_to_nobody_is_given_back(plain):
    plain.send(type="response.steer", previous_response_id="resp_none", input="More.")
    failed = plain.next()
    assert failed["type"] == "response.steer.failed"
    assert failed["error"]["code"] == "response_not_found"
    assert failed["steer"]["input"] == "More."
