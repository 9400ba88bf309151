"""What people do with the openai package, over an engine with known answers."""

import json

import pydantic

GREETING = "Hello from the engine."
TOOL = {
    "type": "function",
    "name": "weather",
    "description": "The weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


class Person(pydantic.BaseModel):
    name: str
    born: int


def test_text(client):
    response = client.responses.create(model="known", input="Say hello.")
    assert response.output_text == GREETING
    assert response.usage.input_tokens == 11


def test_stream(client):
    with client.responses.stream(model="known", input="Say hello.") as stream:
        text = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        assert text == GREETING
        assert stream.get_final_response().output_text == GREETING


def test_structured_output(client):
    response = client.responses.parse(model="known", input="Who?", text_format=Person)
    assert response.output_parsed == Person(name="Ada Lovelace", born=1815)


def test_tool_loop(client):
    first = client.responses.create(model="known", input="Weather in Paris?", tools=[TOOL])
    call = first.output[-1]
    assert (call.type, call.name, json.loads(call.arguments)) == (
        "function_call", "weather", {"city": "Paris"})
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    second = client.responses.create(
        model="known", input=[result], previous_response_id=first.id, tools=[TOOL])
    assert second.output_text == "The tool said: sunny."


def test_tool_loop_without_state(client):
    question = {"role": "user", "content": "Weather in Paris?"}
    first = client.responses.create(model="known", input=[question], tools=[TOOL])
    result = {
        "type": "function_call_output", "call_id": first.output[-1].call_id, "output": "rainy"}
    second = client.responses.create(
        model="known", input=[question, *first.output, result], tools=[TOOL])
    assert second.output_text == "The tool said: rainy."
