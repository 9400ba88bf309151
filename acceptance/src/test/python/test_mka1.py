"""MKA1's published client, unchanged but for the address."""

import asyncio

import pytest
from mka1 import SDK
from mka1 import errors

from conftest import KEY


def text_of(response):
    return response.output_text


def test_the_example_of_the_page(url):
    with SDK(bearer_auth=KEY, server_url=url) as sdk:
        made = sdk.llm.responses.create(
            model="auto", input="Tell me a very long story.", background=True, temperature=0
        )
        res = sdk.llm.responses.cancel(response_id=made.id)
        assert res.id == made.id
        assert res.status == "cancelled"
        assert res.completed_at is not None


def test_a_plain_answer(sdk):
    res = sdk.llm.responses.create(model="auto", input="Say hi.", max_output_tokens=12)
    assert res.status in ("completed", "incomplete")
    assert text_of(res)
    assert res.usage.output_tokens <= 12
    again = sdk.llm.responses.get(response_id=res.id)
    assert again.model_dump() == res.model_dump()


def test_a_stream(sdk):
    kinds = []
    text = ""
    with sdk.llm.responses.create(
        model="auto", input="Count to five.", max_output_tokens=20, stream=True
    ) as events:
        for event in events:
            kinds.append(event.event)
            assert type(event.data).__name__ != "UnknownResponseStreamingEvent", event
            if event.event == "response.output_text.delta":
                text += event.data.delta
    assert kinds[0] == "response.created"
    assert kinds[-1] in ("response.completed", "response.incomplete")
    assert text


def test_every_other_operation(sdk):
    made = sdk.llm.responses.create(
        model="auto",
        input=[{"role": "user", "content": "Say yes."}],
        max_output_tokens=8,
        metadata={"a": "1"},
        store=True,
    )
    items = sdk.llm.responses.list_input_items(response_id=made.id)
    assert len(items.data) == 1
    updated = sdk.llm.responses.update(response_id=made.id, metadata={"b": "2"})
    assert updated.metadata == {"b": "2"}
    listed = sdk.llm.responses.list(limit=5)
    assert made.id in [response.id for response in listed.data]
    events = sdk.llm.responses.get(response_id=made.id, stream=True, starting_after=0)
    with events as stream:
        numbers = [event.data.sequence_number for event in stream]
    assert numbers[0] == 1
    deleted = sdk.llm.responses.delete(response_id=made.id)
    assert deleted.deleted
    with pytest.raises(errors.SDKError) as gone:
        sdk.llm.responses.get(response_id=made.id)
    assert gone.value.status_code == 404


def test_models(sdk):
    listed = sdk.llm.models.list()
    assert listed.data
    one = sdk.llm.models.get(model_id=listed.data[0].id)
    assert one.id == listed.data[0].id


def test_an_end_user_sees_only_its_own(sdk):
    mine = sdk.llm.responses.create(
        model="auto", input="Hi.", max_output_tokens=4, x_on_behalf_of="user-1"
    )
    seen = sdk.llm.responses.get(response_id=mine.id, x_on_behalf_of="user-1")
    assert seen.id == mine.id
    for other in ({}, {"x_on_behalf_of": "user-2"}):
        with pytest.raises(errors.SDKError) as hidden:
            sdk.llm.responses.cancel(response_id=mine.id, **other)
        assert hidden.value.status_code == 404


def test_async(url):
    async def run():
        async with SDK(bearer_auth=KEY, server_url=url) as sdk:
            made = await sdk.llm.responses.create_async(
                model="auto", input="Tell me a long story.", background=True, temperature=0
            )
            cancelled = await sdk.llm.responses.cancel_async(response_id=made.id)
            assert cancelled.status == "cancelled"
            again = await sdk.llm.responses.get_async(response_id=made.id)
            assert again.model_dump() == cancelled.model_dump()

    asyncio.run(run())
