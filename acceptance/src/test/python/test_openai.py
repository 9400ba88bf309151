"""OpenAI's Python client, unchanged but for the address."""

import json
from typing import Literal

import openai
import pytest
from pydantic import BaseModel

from conftest import KEY

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Paris", "Rome"]}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


def test_text(client):
    res = client.responses.create(model="auto", input="Say hello.", max_output_tokens=16)
    assert res.output_text
    assert res.usage.total_tokens == res.usage.input_tokens + res.usage.output_tokens


def test_the_stream_helper(client):
    with client.responses.stream(
        model="auto", input="Say hello.", temperature=0, max_output_tokens=200
    ) as stream:
        for _ in stream:
            pass
        final = stream.get_final_response()
    assert final.output_text


def test_structured_output_is_parsed(client):
    class Person(BaseModel):
        name: Literal["Ada", "Bob"]
        likes_mathematics: bool

    res = client.responses.parse(
        model="auto",
        input="Describe a person called Ada.",
        text_format=Person,
        temperature=0,
        max_output_tokens=300,
    )
    assert res.status == "completed"
    assert res.output_parsed.name in ("Ada", "Bob")


def test_a_loop_with_a_function(client):
    first = client.responses.create(
        model="auto",
        input="What is the weather in Paris?",
        tools=[WEATHER],
        tool_choice="required",
        temperature=0,
        max_output_tokens=100,
    )
    call = next(item for item in first.output if item.type == "function_call")
    assert call.name == "get_weather"
    assert json.loads(call.arguments)["city"] in ("Paris", "Rome")
    second = client.responses.create(
        model="auto",
        previous_response_id=first.id,
        input=[
            {
                "type": "function_call_output",
                "call_id": call.call_id,
                "output": json.dumps({"sky": "clear", "celsius": 21}),
            }
        ],
        tools=[WEATHER],
        tool_choice="none",
        max_output_tokens=40,
    )
    assert second.previous_response_id == first.id
    assert second.output_text


def test_a_streamed_function_call(client):
    arguments = ""
    done = None
    for event in client.responses.create(
        model="auto",
        input="What is the weather in Rome?",
        tools=[WEATHER],
        tool_choice={"type": "function", "name": "get_weather"},
        temperature=0,
        max_output_tokens=100,
        stream=True,
    ):
        if event.type == "response.function_call_arguments.delta":
            arguments += event.delta
        if event.type == "response.function_call_arguments.done":
            done = event
    assert done is not None
    assert done.arguments == arguments
    assert json.loads(arguments)["city"] in ("Paris", "Rome")


def test_an_output_without_its_call_is_refused(client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(
            model="auto",
            input=[{"type": "function_call_output", "call_id": "call_x", "output": "1"}],
        )
    assert refused.value.param == "input[0].call_id"


def test_a_chain_remembers(client):
    first = client.responses.create(
        model="auto", input="My name is Zoe.", max_output_tokens=8
    )
    second = client.responses.create(
        model="auto",
        input="What is my name?",
        previous_response_id=first.id,
        max_output_tokens=8,
    )
    assert second.usage.input_tokens > first.usage.input_tokens
    items = client.responses.input_items.list(second.id)
    assert [item.role for item in items.data] == ["user"]


def test_what_is_not_stored_is_not_found(client):
    res = client.responses.create(model="auto", input="Hi.", store=False, max_output_tokens=4)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(res.id)


def test_a_wrong_key(url):
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(api_key="wrong", base_url=url + "/v1").models.list()


def test_models(client):
    models = list(client.models.list())
    assert models
    assert client.models.retrieve(models[0].id).id == models[0].id


def test_resume(client):
    seen = []
    created = None
    for event in client.responses.create(
        model="auto",
        input="Tell me a story.",
        background=True,
        stream=True,
        max_output_tokens=60,
    ):
        seen.append(event.sequence_number)
        if event.type == "response.created":
            created = event.response.id
        if len(seen) == 8:
            break
    rest = [
        event.sequence_number
        for event in client.responses.retrieve(created, stream=True, starting_after=seen[-1])
    ]
    assert rest == list(range(8, 8 + len(rest)))
    assert client.responses.retrieve(created).status in ("completed", "incomplete")
