"""What people do with the package semantic-kernel, over an engine with known answers."""

import asyncio

import pydantic
import pytest
from conftest import KEY
from openai import AsyncOpenAI
from semantic_kernel.agents import OpenAIResponsesAgent
from semantic_kernel.functions import kernel_function

GREETING = "Hello from the engine."


class Person(pydantic.BaseModel):
    name: str
    born: int


class Weather:
    @kernel_function(description="The weather in a city.")
    def weather(self, city: str) -> str:
        return f"sunny in {city}"


@pytest.fixture
def agent(url):
    def make(**more):
        client = AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        return OpenAIResponsesAgent(ai_model_id="known", client=client, name="a", **more)

    return make


def test_text(agent):
    async def go():
        return await agent(instructions="Be brief.").get_response("Say hello.")

    assert str(asyncio.run(go()).message) == GREETING


def test_stream(agent):
    async def go():
        return [str(piece.message) async for piece in agent().invoke_stream("Say hello.")]

    assert "".join(asyncio.run(go())) == GREETING


def test_structured_output(agent):
    async def go():
        form = OpenAIResponsesAgent.configure_response_format(Person)
        return await agent(text=form).get_response("Who?")

    read = Person.model_validate_json(str(asyncio.run(go()).message))
    assert read == Person(name="Ada Lovelace", born=1815)


def test_tool_loop(agent):
    async def go():
        return await agent(plugins=[Weather()]).get_response("Weather in Paris?")

    assert str(asyncio.run(go()).message) == "The tool said: sunny in Paris."


def test_previous_response(agent):
    async def go():
        made = agent()
        first = await made.get_response("Say hello.")
        return await made.get_response("Again.", thread=first.thread)

    assert str(asyncio.run(go()).message) == GREETING
