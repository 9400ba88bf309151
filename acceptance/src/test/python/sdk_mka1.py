"""MKA1's client takes what is null for Open Responses' sake, over an engine with known answers."""

import pytest

FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": False}
SCHEMA = {"type": "json_schema", "name": "person", "schema": {"type": "object"}}


@pytest.mark.parametrize("more", [{}, {"text": {"format": SCHEMA}}])
def test_answers_with_nulls(sdk, more):
    made = sdk.llm.responses.create(
        model="known", input="Who?", tools=[FUNCTION], tool_choice="none", **more
    )
    assert made.status == "completed"
    assert made.prompt_cache_key is None
    assert made.tools[0].name == "f"
    assert made.tools[0].description is None
    again = sdk.llm.responses.get(response_id=made.id)
    assert again.model_dump() == made.model_dump()


def test_a_stream_with_nulls(sdk):
    with sdk.llm.responses.create(
        model="known", input="Hi.", tools=[FUNCTION], tool_choice="none", stream=True
    ) as events:
        last = list(events)[-1]
    assert last.event == "response.completed"
    assert last.data.response.tools[0].name == "f"
