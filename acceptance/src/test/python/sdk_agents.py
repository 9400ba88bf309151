"""What people do with the package openai-agents, over an engine with known answers."""

import asyncio

import pydantic
import pytest
from agents import Agent, OpenAIResponsesModel, Runner, function_tool, set_tracing_disabled
from conftest import KEY
from openai import AsyncOpenAI
from openai.types.responses import ResponseTextDeltaEvent

GREETING = "Hello from the engine."
set_tracing_disabled(True)


class Person(pydantic.BaseModel):
    name: str
    born: int


@function_tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


@pytest.fixture
def model(url):
    client = AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
    return OpenAIResponsesModel(model="known", openai_client=client)


def test_text(model):
    result = Runner.run_sync(Agent(name="a", instructions="Be brief.", model=model), "Say hello.")
    assert result.final_output == GREETING


def test_stream(model):
    async def go():
        result = Runner.run_streamed(Agent(name="a", model=model), "Say hello.")
        text = ""
        async for event in result.stream_events():
            if event.type == "raw_response_event" and isinstance(
                event.data, ResponseTextDeltaEvent
            ):
                text += event.data.delta
        return text, result.final_output

    assert asyncio.run(go()) == (GREETING, GREETING)


def test_structured_output(model):
    result = Runner.run_sync(Agent(name="a", model=model, output_type=Person), "Who?")
    assert result.final_output == Person(name="Ada Lovelace", born=1815)


def test_tool_loop(model):
    result = Runner.run_sync(Agent(name="a", model=model, tools=[weather]), "Weather in Paris?")
    assert result.final_output == "The tool said: sunny in Paris."
