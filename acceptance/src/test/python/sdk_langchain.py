"""What people do with the package langchain-openai, over an engine with known answers."""

import pydantic
import pytest
from conftest import KEY
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

GREETING = "Hello from the engine."


class Person(pydantic.BaseModel):
    name: str
    born: int


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


@pytest.fixture
def model(url):
    return ChatOpenAI(model="known", api_key=KEY, base_url=url + "/v1", use_responses_api=True)


def test_text(model):
    answer = model.invoke("Say hello.")
    assert answer.text == GREETING
    assert answer.usage_metadata["input_tokens"] == 11


def test_stream(model):
    assert "".join(chunk.text for chunk in model.stream("Say hello.")) == GREETING


def test_structured_output(model):
    answer = model.with_structured_output(Person, method="json_schema").invoke("Who?")
    assert answer == Person(name="Ada Lovelace", born=1815)


def test_tool_loop(model):
    with_tools = model.bind_tools([weather])
    messages = [HumanMessage("Weather in Paris?")]
    answer = with_tools.invoke(messages)
    (call,) = answer.tool_calls
    result = weather.invoke(call["args"])
    messages += [answer, ToolMessage(result, tool_call_id=call["id"])]
    assert with_tools.invoke(messages).text == "The tool said: sunny in Paris."


def test_previous_response(model):
    first = model.invoke("Say hello.")
    identity = first.response_metadata["id"]
    second = model.invoke("Again.", previous_response_id=identity)
    assert second.text == GREETING


def test_chain_by_itself(url):
    model = ChatOpenAI(
        model="known",
        api_key=KEY,
        base_url=url + "/v1",
        use_responses_api=True,
        use_previous_response_id=True,
    )
    first = model.invoke("Say hello.")
    assert model.invoke([HumanMessage("Say hello."), first, HumanMessage("Again.")]).text == GREETING
