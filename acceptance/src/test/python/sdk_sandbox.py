"""Code and containers, through the published clients. Skipped where the machine has no sandboxes."""

import asyncio
import io
import json
import struct
import zlib

import openai
import pytest
from agents import Agent, CodeInterpreterTool, OpenAIResponsesModel, Runner, set_tracing_disabled
from conftest import KEY

set_tracing_disabled(True)
AUTO = {"type": "code_interpreter", "container": {"type": "auto"}}
OUTPUTS = ["code_interpreter_call.outputs"]
ENDLESS = "while True: pass"
# A picture without a library that draws.
DRAW = """
import struct, zlib
def part(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
rows = b''.join(b'\\0' + b''.join(bytes([x * 30, y * 30, 128]) for x in range(8)) for y in range(8))
open('squares.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + part(b'IHDR', struct.pack('>IIBBBBB', 8, 8, 8, 2, 0, 0, 0))
    + part(b'IDAT', zlib.compress(rows)) + part(b'IEND', b''))
print('drawn')
"""


def code(*cells):
    """A prompt after which the model runs these one after the other."""
    return "\n".join(f"[call python {json.dumps({'code': cell})}]" for cell in cells)


@pytest.fixture(autouse=True)
def sandboxes(client):
    # Something is checked against the contract, also where all else is skipped.
    client.responses.create(model="auto", input="hello")
    try:
        client.containers.delete(client.containers.create(name="try").id)
    except openai.BadRequestError as e:
        pytest.skip(str(e))


def calls(response):
    return [item for item in response.output if item.type == "code_interpreter_call"]


def pixels(png):
    """The picture's size and its raw rows."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    size = struct.unpack(">II", png[16:24])
    length = struct.unpack(">I", png[33:37])[0]
    return size, zlib.decompress(png[41:41 + length])


def test_openai_a_container_and_its_files(client):
    container = client.containers.create(name="numbers")
    client.containers.files.create(container_id=container.id, file=("in.csv", io.BytesIO(b"1\n2\n39\n")))
    tool = {"type": "code_interpreter", "container": container.id}
    cell = "total = sum(int(line) for line in open('in.csv'))\nopen('out.txt', 'w').write(str(total))\nprint(total)"
    done = client.responses.create(model="auto", input=code(cell), tools=[tool], include=OUTPUTS)
    [call] = calls(done)
    assert (call.status, call.container_id, call.code) == ("completed", container.id, cell)
    assert [(one.type, one.logs.strip()) for one in call.outputs] == [("logs", "42")]
    files = {file.path.rsplit("/", 1)[-1]: file.id for file in client.containers.files.list(container.id)}
    content = client.containers.files.content.retrieve(files["out.txt"], container_id=container.id)
    assert content.read() == b"42"
    client.containers.delete(container.id)
    with pytest.raises(openai.NotFoundError):
        client.containers.retrieve(container.id)


def test_variables_stay_and_a_picture_comes_back(client):
    first = client.responses.create(model="auto", input=code("x = 41", DRAW), tools=[AUTO], include=OUTPUTS)
    assert len(calls(first)) == 2 and "drawn" in calls(first)[1].outputs[0].logs
    container = calls(first)[0].container_id
    [picture] = [file for file in client.containers.files.list(container) if file.path.endswith("squares.png")]
    size, rows = pixels(client.containers.files.content.retrieve(picture.id, container_id=container).read())
    assert size == (8, 8) and rows[4:7] == bytes([30, 0, 128])
    second = client.responses.create(
        model="auto", input=code("print(x + 1)"), tools=[AUTO], include=OUTPUTS, previous_response_id=first.id)
    assert calls(second)[-1].outputs[0].logs.strip() == "42"


def test_an_error_is_seen_and_mended(client):
    done = client.responses.create(
        model="auto", input=code("print(1 / 0)", "print(84 / 2)"), tools=[AUTO], include=OUTPUTS)
    first, second = calls(done)
    assert "ZeroDivisionError" in first.outputs[0].logs
    assert second.outputs[0].logs.strip() == "42.0"
    assert done.status == "completed" and "42.0" in done.output_text


def test_openai_stream(client):
    with client.responses.create(model="auto", input=code("print(6 * 7)"), tools=[AUTO], stream=True) as stream:
        events = list(stream)
    types = [event.type for event in events]
    wanted = [
        "response.code_interpreter_call.in_progress", "response.code_interpreter_call_code.delta",
        "response.code_interpreter_call_code.done", "response.code_interpreter_call.interpreting",
        "response.code_interpreter_call.completed", "response.output_text.delta", "response.completed",
    ]
    places = [types.index(one) for one in wanted]
    assert places == sorted(places), types
    written = "".join(e.delta for e in events if e.type == "response.code_interpreter_call_code.delta")
    assert written == "print(6 * 7)"


def test_mka1_cancels_an_endless_loop(sdk, client):
    made = sdk.llm.responses.create(model="auto", input=code(ENDLESS), tools=[AUTO], background=True)
    with client.responses.retrieve(made.id, stream=True) as stream:
        assert any(event.type == "response.code_interpreter_call.interpreting" for event in stream)
    cancelled = sdk.llm.responses.cancel(response_id=made.id)
    assert cancelled.status == "cancelled"
    # Its container is free at once.
    container = calls(client.responses.retrieve(made.id))[0].container_id
    tool = {"type": "code_interpreter", "container": container}
    done = client.responses.create(model="auto", input=code("print('free')"), tools=[tool], include=OUTPUTS)
    assert calls(done)[-1].outputs[0].logs.strip() == "free"


def test_mka1(sdk):
    done = sdk.llm.responses.create(model="auto", input=code("print(6 * 7)"), tools=[AUTO], include=OUTPUTS)
    call = next(item for item in done.output if item.type == "code_interpreter_call")
    assert call.status == "completed" and "42" in call.outputs[0].logs


def test_openai_agents(url):
    async def go():
        client = openai.AsyncOpenAI(api_key=KEY, base_url=url + "/v1")
        tools = [CodeInterpreterTool(tool_config=AUTO)]
        agent = Agent(name="a", model=OpenAIResponsesModel("auto", client), tools=tools)
        whole = await Runner.run(agent, code("print(6 * 7)"))
        streamed = Runner.run_streamed(agent, code("print(6 * 7)"))
        kinds = [event.type async for event in streamed.stream_events()]
        return whole.final_output, streamed.final_output, kinds

    whole, streamed, kinds = asyncio.run(go())
    assert "42" in whole and "42" in streamed and "run_item_stream_event" in kinds
