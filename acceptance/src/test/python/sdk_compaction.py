"""Compaction and prompts as the published clients of MKA1 and OpenAI have it."""

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


def test_openai_context_management(client):
    first = client.responses.create(
        model="known",
        input="word " * 2000,
        context_management=[{"type": "compaction", "compact_threshold": 1000}],
    )
    assert [item.type for item in first.output] == ["compaction", "message"]
    again = client.responses.create(
        model="known", input="Once more.", previous_response_id=first.id
    )
    assert again.output_text == GREETING
    items = [item.model_dump(exclude_none=True) for item in first.output]
    own = client.responses.create(
        model="known", input=items + [{"role": "user", "content": "Once more."}]
    )
    assert own.output_text == GREETING


def test_openai_trigger(client):
    events = list(
        client.responses.create(
            model="known",
            input=[{"role": "user", "content": "x"}, {"type": "compaction_trigger"}],
            stream=True,
        )
    )
    assert [item.type for item in events[-1].response.output] == ["compaction"]
    assert "response.output_item.done" in [event.type for event in events]


def test_mka1_prompts(sdk):
    prompt = sdk.llm.prompts.create(name="support", template="You answer for {{company}}.")
    assert prompt.version.version == 1
    version = sdk.llm.prompts.create_version(id=prompt.id, template="Answer for {{company}}, briefly.")
    assert version.version == 2
    shown = sdk.llm.prompts.get(id=prompt.id, variables='{"company":"ACME"}')
    assert shown.rendered_template == "Answer for ACME, briefly."
    assert [one.version for one in sdk.llm.prompts.list_versions(id=prompt.id).data] == [2, 1]
    assert sdk.llm.prompts.get_version(id=prompt.id, version=1).template == prompt.version.template
    assert sdk.llm.prompts.rollback(id=prompt.id, version=1).active_version == 1
    assert sdk.llm.prompts.update(id=prompt.id, name="other").name == "other"
    assert prompt.id in [one.id for one in sdk.llm.prompts.list().data]
    response = sdk.llm.responses.create(
        model="known", input="hi", prompt={"id": prompt.id, "variables": {"company": "ACME"}}
    )
    assert response.instructions == "You answer for ACME."
    assert response.prompt.version == "1"
    assert sdk.llm.prompts.delete(id=prompt.id).deleted
