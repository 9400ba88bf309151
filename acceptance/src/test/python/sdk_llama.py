"""A real second engine: llama.cpp's own server behind Antiphon."""

import json
import os
import time
import urllib.request

import pydantic

ENGINE = os.environ["ENGINE_URL"]


class Person(pydantic.BaseModel):
    name: str
    born: int


def engine(path):
    with urllib.request.urlopen(ENGINE.removesuffix("/v1") + path, timeout=10) as answer:
        return json.load(answer)


def busy():
    return sum(slot["is_processing"] for slot in engine("/slots"))


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def model(client):
    return client.models.list().data[0].id


def test_text(client):
    response = client.responses.create(
        model=model(client), input="Say hello.", max_output_tokens=30, temperature=0)
    assert response.output_text
    assert response.usage.input_tokens > 5
    assert 0 < response.usage.output_tokens <= 30


def test_stream(client):
    text = ""
    with client.responses.stream(
        model=model(client), input="Count to five.", max_output_tokens=40, temperature=0
    ) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
            if event.type in ("response.completed", "response.incomplete"):
                assert event.response.output_text == text
    assert text


def test_structured_output(client):
    response = client.responses.parse(
        model=model(client), input="Who was Ada Lovelace?", text_format=Person,
        max_output_tokens=200, temperature=0)
    assert isinstance(response.output_parsed, Person)


def test_cancel_stops_the_engine(client):
    until(lambda: busy() == 0)
    made = client.responses.create(
        model=model(client), background=True, max_output_tokens=1500, temperature=0,
        input="Tell me a very long story about the sea, in many chapters.")
    until(lambda: busy() == 1 and client.responses.retrieve(made.id).output_text)
    cancelled = client.responses.cancel(made.id)
    until(lambda: busy() == 0, seconds=2)
    assert cancelled.status == "cancelled"
    assert client.responses.retrieve(made.id).output_text == cancelled.output_text != ""


def test_a_client_that_leaves_stops_the_engine(client):
    until(lambda: busy() == 0)
    stream = client.responses.create(
        model=model(client), stream=True, max_output_tokens=1500, temperature=0,
        input="Tell me a very long story about the sea, in many chapters.")
    next(event for event in stream if event.type == "response.output_text.delta")
    assert busy() == 1
    stream.close()
    until(lambda: busy() == 0, seconds=2)


def test_the_input_is_counted_by_the_engine(api, client):
    body = {"model": model(client), "input": "one two three four five six seven eight"}
    counted = api.post("/responses/input_tokens", json=body)
    assert counted.status_code == 200, counted.text
    used = client.responses.create(**body, max_output_tokens=16).usage.input_tokens
    assert abs(counted.json()["input_tokens"] - used) <= 2
