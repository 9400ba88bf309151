"""What people do with the package pydantic-ai, over an engine with known answers."""

import asyncio

import openai
import pydantic
import pytest
from conftest import KEY
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.providers.openai import OpenAIProvider

GREETING = "Hello from the engine."


class Person(pydantic.BaseModel):
    name: str
    born: int


@pytest.fixture
def model(url):
    provider = OpenAIProvider(base_url=url + "/v1", api_key=KEY)
    return OpenAIResponsesModel("known", provider=provider)


def test_text(model):
    result = Agent(model, instructions="Be brief.").run_sync("Say hello.")
    assert result.output == GREETING
    assert result.usage.input_tokens == 11


def test_stream(model):
    async def go():
        async with Agent(model).run_stream("Say hello.") as result:
            return [text async for text in result.stream_text(delta=True, debounce_by=None)]

    pieces = asyncio.run(go())
    assert "".join(pieces) == GREETING
    assert len(pieces) > 1


def test_structured_output(model):
    result = Agent(model, output_type=NativeOutput(Person)).run_sync("Who?")
    assert result.output == Person(name="Ada Lovelace", born=1815)


def test_tool_loop(model):
    agent = Agent(model)

    @agent.tool_plain
    def weather(city: str) -> str:
        """The weather in a city."""
        return f"sunny in {city}"

    assert agent.run_sync("Weather in Paris?").output == "The tool said: sunny in Paris."


def test_previous_response(model):
    agent = Agent(model)
    first = agent.run_sync("Say hello.")
    settings = OpenAIResponsesModelSettings(openai_previous_response_id="auto")
    second = agent.run_sync(
        "Again.", message_history=first.all_messages(), model_settings=settings
    )
    assert second.output == GREETING


def test_conversation(model, url):
    with openai.OpenAI(api_key=KEY, base_url=url + "/v1") as client:
        made = client.conversations.create()
        settings = OpenAIResponsesModelSettings(openai_conversation_id=made.id)
        agent = Agent(model, model_settings=settings)
        for _ in range(2):
            assert agent.run_sync("Say hello.").output == GREETING
        items = client.conversations.items.list(made.id, order="asc").data
        assert [item.role for item in items] == ["user", "assistant", "user", "assistant"]
