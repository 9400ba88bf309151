"""Compaction as the published clients of MKA1 and OpenAI have it."""

import openai
import pytest

GREETING = "Hello from the engine."


def test_openai(client):
    first = client.responses.create(model="known", input="Say hello.")
    compacted = client.responses.compact(model="known", previous_response_id=first.id)
    assert compacted.object == "response.compaction"
    assert [item.type for item in compacted.output] == ["message", "compaction"]
    assert compacted.usage.total_tokens > 0
    items = [item.model_dump(exclude_none=True) for item in compacted.output]
    again = client.responses.create(
        model="known", input=items + [{"role": "user", "content": "Once more."}]
    )
    assert again.output_text == GREETING
    with pytest.raises(openai.BadRequestError) as missing:
        client.responses.compact(model="known")
    assert missing.value.param == "input"


def test_mka1(sdk):
    compacted = sdk.llm.responses.compact(
        model="known", input=[{"role": "user", "content": "Say hello."}]
    )
    assert compacted.output[-1].type == "compaction"
    assert compacted.output[-1].encrypted_content
