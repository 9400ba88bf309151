"""Conversations as the published clients of MKA1 and OpenAI have them, and openai-agents' session."""

import asyncio

import openai
import pytest
from agents import Agent, OpenAIConversationsSession, OpenAIResponsesModel, Runner
from conftest import KEY
from mka1 import SDK
from mka1 import errors

GREETING = "Hello from the engine."


def texts(items):
    return [item.content[0].text for item in items]


def test_mka1(sdk):
    made = sdk.llm.conversations.create(
        items=[{"role": "user", "content": "Something about walruses."}],
        metadata={"topic": "animals of the north"},
    )
    found = sdk.llm.conversations.list(metadata={"topic": "animals of the north"})
    assert made.id in [one.id for one in found.data]
    found = sdk.llm.conversations.list(metadata='{"topic": "animals of the north"}', search="WALRUSES")
    assert made.id in [one.id for one in found.data]
    assert not sdk.llm.conversations.list(metadata={"topic": "none"}).data
    response = sdk.llm.responses.create(model="known", input="Say hello.", conversation=made.id)
    assert response.conversation.id == made.id
    items = sdk.llm.conversations.list_items(conversation_id=made.id).data
    assert texts(items) == ["Something about walruses.", "Say hello.", GREETING]
    added = sdk.llm.conversations.create_items(
        conversation_id=made.id, items=[{"role": "user", "content": "More."}]
    )
    one = sdk.llm.conversations.get_item(conversation_id=made.id, item_id=added.data[0].id)
    assert one.content[0].text == "More."
    sdk.llm.conversations.delete_item(conversation_id=made.id, item_id=one.id)
    sdk.llm.conversations.delete_items(
        conversation_id=made.id, item_ids=[item.id for item in items]
    )
    empty = sdk.llm.conversations.list_items(conversation_id=made.id)
    assert empty.data == [] and empty.last_id == ""
    updated = sdk.llm.conversations.update(conversation_id=made.id, metadata={"topic": "none"})
    assert updated.metadata == {"topic": "none"}
    assert sdk.llm.conversations.delete(conversation_id=made.id).deleted
    with pytest.raises(errors.SDKError) as gone:
        sdk.llm.conversations.get(conversation_id=made.id)
    assert gone.value.status_code == 404


def test_mka1_keeps_end_users_apart(sdk):
    made = sdk.llm.conversations.create(x_on_behalf_of="somebody")
    with pytest.raises(errors.SDKError) as foreign:
        sdk.llm.conversations.get(conversation_id=made.id)
    assert foreign.value.status_code == 404
    assert sdk.llm.conversations.get(conversation_id=made.id, x_on_behalf_of="somebody").id


def test_mka1_async(url):
    async def go():
        async with SDK(bearer_auth=KEY, server_url=url) as sdk:
            made = await sdk.llm.conversations.create_async()
            await sdk.llm.responses.create_async(
                model="known", input="Say hello.", conversation={"id": made.id}
            )
            items = await sdk.llm.conversations.list_items_async(conversation_id=made.id)
            assert texts(items.data) == ["Say hello.", GREETING]

    asyncio.run(go())


def test_openai(client):
    made = client.conversations.create(
        items=[{"type": "message", "role": "user", "content": "Remember me."}],
        metadata={"a": "b"},
    )
    with client.responses.stream(model="known", input="Say hello.", conversation=made.id) as stream:
        final = stream.get_final_response()
    assert final.conversation.id == made.id
    page = client.conversations.items.list(made.id)
    assert texts(page.data) == [GREETING, "Say hello.", "Remember me."]
    every = [item.id for item in client.conversations.items.list(made.id, limit=1, order="asc")]
    assert len(every) == 3
    one = client.conversations.items.retrieve(every[0], conversation_id=made.id)
    assert one.status == "completed"
    assert client.conversations.items.delete(one.id, conversation_id=made.id).id == made.id
    assert client.conversations.retrieve(made.id).metadata == {"a": "b"}
    assert client.conversations.update(made.id, metadata={"a": "c"}).metadata == {"a": "c"}
    assert client.conversations.delete(made.id).object == "conversation.deleted"
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(made.id)


def test_openai_refuses(client):
    made = client.conversations.create()
    with pytest.raises(openai.BadRequestError):
        client.conversations.items.create(
            made.id, items=[{"role": "user", "content": str(i)} for i in range(21)]
        )
    with pytest.raises(openai.BadRequestError) as both:
        client.responses.create(
            model="known", input="x", conversation=made.id, previous_response_id="resp_1"
        )
    assert both.value.param == "conversation"
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="known", input="x", conversation="conv_none")


def test_a_session_of_openai_agents(url):
    async def go():
        client = openai.AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        session = OpenAIConversationsSession(openai_client=client)
        agent = Agent(name="a", model=OpenAIResponsesModel("known", client))
        await Runner.run(agent, "My name is Ada.", session=session)
        await Runner.run(agent, "Who am I?", session=session)
        items = await session.get_items()
        assert [item["role"] for item in items] == ["user", "assistant", "user", "assistant"]
        await session.pop_item()
        assert len(await session.get_items()) == 3
        assert len(await session.get_items(limit=2)) == 2
        await session.clear_session()

    asyncio.run(go())


def test_an_agent_in_a_conversation(url):
    async def go():
        client = openai.AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        made = await client.conversations.create()
        agent = Agent(name="a", model=OpenAIResponsesModel("known", client))
        for _ in range(2):
            result = await Runner.run(agent, "Say hello.", conversation_id=made.id)
            assert result.final_output == GREETING
        items = await client.conversations.items.list(made.id)
        assert len(items.data) == 4

    asyncio.run(go())
