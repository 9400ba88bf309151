"""What people do with the package haystack-ai, over an engine with known answers."""

import json

import pydantic
import pytest
from conftest import KEY
from haystack.components.generators.chat import OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack.utils import Secret

GREETING = "Hello from the engine."
WEATHER = Tool(
    name="weather",
    description="The weather in a city.",
    parameters={"type": "object", "properties": {"city": {"type": "string"}}},
    function=lambda city: f"sunny in {city}",
)


class Person(pydantic.BaseModel):
    name: str
    born: int


@pytest.fixture
def generator(url):
    def make(**more):
        return OpenAIResponsesChatGenerator(
            model="known", api_key=Secret.from_token(KEY), api_base_url=url + "/v1", **more
        )

    return make


def test_text(generator):
    (reply,) = generator().run([ChatMessage.from_user("Say hello.")])["replies"]
    assert reply.text == GREETING


def test_stream(generator):
    pieces = []
    streamed = generator(streaming_callback=lambda chunk: pieces.append(chunk.content))
    (reply,) = streamed.run([ChatMessage.from_user("Say hello.")])["replies"]
    assert reply.text == GREETING
    assert "".join(pieces) == GREETING


def test_structured_output(generator):
    form = {"text_format": Person}
    (reply,) = generator(generation_kwargs=form).run([ChatMessage.from_user("Who?")])["replies"]
    assert json.loads(reply.text) == {"name": "Ada Lovelace", "born": 1815}


def test_tool_loop(generator):
    with_tools = generator(tools=[WEATHER])
    messages = [ChatMessage.from_user("Weather in Paris?")]
    (reply,) = with_tools.run(messages)["replies"]
    (call,) = reply.tool_calls
    result = WEATHER.invoke(**call.arguments)
    messages += [reply, ChatMessage.from_tool(result, origin=call)]
    (last,) = with_tools.run(messages)["replies"]
    assert last.text == "The tool said: sunny in Paris."


def test_previous_response(generator):
    (first,) = generator().run([ChatMessage.from_user("Say hello.")])["replies"]
    kept = {"previous_response_id": first.meta["id"]}
    (second,) = generator().run([ChatMessage.from_user("Again.")], generation_kwargs=kept)["replies"]
    assert second.text == GREETING
