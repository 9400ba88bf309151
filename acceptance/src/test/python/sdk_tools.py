"""Tools that the server runs, through the published clients, with published MCP servers."""

import asyncio
import json
import os
import time

import openai
import pytest
from agents import Agent, HostedMCPTool, OpenAIResponsesModel, Runner, set_tracing_disabled
from conftest import KEY

set_tracing_disabled(True)
EVERYTHING = os.environ["ANTIPHON_EVERYTHING"]
FAST = os.environ["ANTIPHON_FASTMCP"]


def server(url, **more):
    return {"type": "mcp", "server_label": "srv", "server_url": url, "require_approval": "never", **more}


def prompt(ending, **arguments):
    return f"[call {ending} {json.dumps(arguments)}]"


def ended(get, response):
    deadline = time.monotonic() + 30
    while response.status in ("queued", "in_progress"):
        assert time.monotonic() < deadline, response
        time.sleep(0.05)
        response = get(response.id)
    return response


@pytest.mark.parametrize(
    "place, ending, arguments, said",
    [
        (EVERYTHING, "echo", {"message": "hi"}, "Echo: hi"),
        (EVERYTHING, "get-sum", {"a": 2, "b": 40}, "42"),
        (EVERYTHING, "get-structured-content", {"location": "New York"}, "temperature"),
        (FAST, "add", {"a": 2, "b": 40}, "42"),
    ],
)
def test_openai_sync(client, place, ending, arguments, said):
    done = client.responses.create(model="auto", input=prompt(ending, **arguments), tools=[server(place)])
    assert done.status == "completed"
    assert [item.type for item in done.output] == ["mcp_list_tools", "mcp_call", "message"]
    assert said in done.output[1].output
    assert said in done.output_text
    assert client.responses.retrieve(done.id).output[1].output == done.output[1].output


def test_openai_stream(client):
    types = []
    with client.responses.create(
        model="auto", input=prompt("echo", message="hi"), tools=[server(EVERYTHING)], stream=True
    ) as stream:
        types = [event.type for event in stream]
    wanted = [
        "response.created", "response.mcp_list_tools.in_progress", "response.mcp_list_tools.completed",
        "response.mcp_call.in_progress", "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done", "response.mcp_call.completed", "response.output_text.delta",
        "response.completed",
    ]
    places = [types.index(one) for one in wanted]
    assert places == sorted(places), types


def test_a_picture_reaches_the_model(client):
    done = client.responses.create(
        model="auto", input=prompt("get-tiny-image"), tools=[server(EVERYTHING)])
    assert "(1 images)" in done.output_text, done.output_text


def test_mka1_background(sdk):
    made = sdk.llm.responses.create(
        model="auto", input=prompt("add", a=2, b=40), tools=[server(FAST)], background=True)
    done = ended(lambda id: sdk.llm.responses.get(response_id=id), made)
    assert done.status == "completed"
    assert "42" in done.output_text


def test_openai_agents(url):
    async def go():
        client = openai.AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        tools = [HostedMCPTool(tool_config=server(FAST)), HostedMCPTool(tool_config={
            **server(EVERYTHING), "server_label": "other"})]
        agent = Agent(name="a", model=OpenAIResponsesModel("auto", client), tools=tools)
        whole = await Runner.run(agent, prompt("add", a=2, b=40))
        streamed = Runner.run_streamed(agent, prompt("echo", message="hi"))
        async for _ in streamed.stream_events():
            pass
        return whole.final_output, streamed.final_output

    whole, streamed = asyncio.run(go())
    assert "42" in whole and "Echo: hi" in streamed


def test_approval_with_openai_agents(url):
    async def go():
        client = openai.AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        asked = []

        def approve(request):
            asked.append(json.loads(request.data.arguments))
            return {"approve": True}

        tool = {**server(FAST), "require_approval": "always"}
        agent = Agent(
            name="a", model=OpenAIResponsesModel("auto", client),
            tools=[HostedMCPTool(tool_config=tool, on_approval_request=approve)])
        return (await Runner.run(agent, prompt("add", a=2, b=40))).final_output, asked

    said, asked = asyncio.run(go())
    assert asked == [{"a": 2, "b": 40}] and "42" in said


def test_approval_with_openai(client):
    tool = {k: v for k, v in server(FAST).items() if k != "require_approval"}
    asked = client.responses.create(model="auto", input=prompt("add", a=2, b=40), tools=[tool])
    request = next(item for item in asked.output if item.type == "mcp_approval_request")
    assert json.loads(request.arguments) == {"a": 2, "b": 40}
    answer = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": True}
    done = client.responses.create(
        model="auto", input=[answer], previous_response_id=asked.id, tools=[tool])
    call = next(item for item in done.output if item.type == "mcp_call")
    assert call.output == "42" and call.approval_request_id == request.id
    again = client.responses.create(
        model="auto", input=[answer], previous_response_id=asked.id, tools=[tool])
    assert "one call" in next(item for item in again.output if item.type == "mcp_call").error


def test_cancel_reaches_the_tool(sdk, client):
    def seen():
        done = client.responses.create(model="auto", input=prompt("seen"), tools=[server(FAST)])
        return json.loads(next(item for item in done.output if item.type == "mcp_call").output)

    before = seen()
    made = sdk.llm.responses.create(
        model="auto", input=prompt("slow", seconds=60), tools=[server(FAST)], background=True)
    deadline = time.monotonic() + 30
    while seen()["begun"] == before["begun"]:
        assert time.monotonic() < deadline
    cancelled = sdk.llm.responses.cancel(response_id=made.id)
    assert cancelled.status == "cancelled"
    while seen()["cancelled"] == before["cancelled"]:
        assert time.monotonic() < deadline
    assert seen()["done"] == before["done"]


def test_mka1_wakes_a_sleeper(sdk):
    made = sdk.llm.responses.create(
        model="auto", input=prompt("sleep", duration_seconds=600), tools=[{"type": "sleep"}], background=True)
    deadline = time.monotonic() + 30
    while True:
        try:
            woken = sdk.llm.responses.wake(response_id=made.id, input="the tea is ready")
            break
        except Exception as e:  # Not asleep yet.
            assert "409" in str(e) or "not sleeping" in str(e), e
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert woken.response_id == made.id
    done = ended(lambda id: sdk.llm.responses.get(response_id=id), made)
    assert "the tea is ready" in done.output_text


def test_a_place_that_is_not_public_is_refused(client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(
            model="auto", input="x", tools=[server("http://169.254.169.254/latest/meta-data")])
    assert refused.value.param == "tools[0].server_url"
