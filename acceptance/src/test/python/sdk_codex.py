"""codex as it comes from npm, with nothing but a base URL and a key."""

import base64
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import httpx
import pytest

CODEX = os.environ["ANTIPHON_CODEX"]
ENGINE = os.environ["ANTIPHON_ENGINE"]
DIRECT = os.environ["ANTIPHON_URL"]
HERE = pathlib.Path(__file__).parent
LIMIT = 60
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def codex(tmp_path):
    return made(tmp_path)


def made(tmp_path, name="antiphon", settings=""):
    """codex in a folder of its own, with further settings."""
    home = tmp_path / "home"
    home.mkdir()
    config = f"""
model = "known"
model_provider = "antiphon"
{settings}

[model_providers.antiphon]
name = "{name}"
base_url = "{DIRECT}/v1"
env_key = "ANTIPHON_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[mcp_servers.demo]
command = {json.dumps(sys.executable)}
args = [{json.dumps(str(HERE / "mcp_server.py"))}]
"""
    (home / "config.toml").write_text(config)
    return Codex(tmp_path, home)


class Codex:
    def __init__(self, folder, home):
        self.folder = folder
        self.environment = {**os.environ, "CODEX_HOME": str(home)}

    def start(self, *arguments):
        command = [CODEX, "exec", "--json", "--skip-git-repo-check"]
        command += ["--dangerously-bypass-approvals-and-sandbox", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments):
        """The items of a turn, which must succeed."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=LIMIT)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        kinds = [event["type"] for event in events]
        assert process.returncode == 0, out + err
        assert "turn.completed" in kinds and "error" not in kinds, out + err
        return [event["item"] for event in events if event["type"] == "item.completed"]


def said(items):
    return [item["text"] for item in items if item["type"] == "agent_message"]


def test_text_and_a_session_that_goes_on(codex):
    assert said(codex.run("[say] my name is Ada")) == ["Hello from the engine."]
    [answer] = said(codex.run("resume", "--last", "[recall] what did I say?"))
    assert "my name is Ada" in answer


@pytest.mark.parametrize("name", ["antiphon", "OpenAI"])
def test_it_compacts_and_goes_on(tmp_path, name):
    """By a turn of its own; or, where it takes the server for OpenAI's, by the server's means."""
    codex = made(tmp_path, name, "model_auto_compact_token_limit = 15")
    codex.run("[say] my name is Ada")
    before = seen("requests")
    [answer] = said(codex.run("resume", "--last", "[recall] what did I say?"))
    assert "my name is Ada" in answer
    assert seen("requests") - before == 2


def test_a_loop_of_shell_commands(codex):
    items = codex.run("[shell] run something")
    [command] = [item for item in items if item["type"] == "command_execution"]
    assert command["exit_code"] == 0
    assert "shell-42" in command["aggregated_output"]
    assert "shell-42" in said(items)[-1]


def test_tools_that_come_as_items_of_the_input(codex):
    items = codex.run("-m", "gpt-5.6-sol", "[script] run something")
    [command] = [item for item in items if item["type"] == "command_execution"]
    assert "shell-42" in command["aggregated_output"]
    assert "shell-42" in said(items)[-1]


def test_agents_that_speak_with_each_other(codex):
    items = codex.run("-m", "gpt-5.6-sol", "[agents] begin one")
    assert said(items)[-1] == "The other one said: Hello from the engine."


def test_a_tool_of_an_mcp_server(codex):
    items = codex.run("[mcp] what is the word?")
    [call] = [item for item in items if item["type"] == "mcp_tool_call"]
    assert (call["server"], call["tool"], call["status"]) == ("demo", "secret_word", "completed")
    assert "adA-marzipan" in said(items)[-1]


def test_an_image_from_a_tool(codex):
    image = codex.folder / "dot.png"
    image.write_bytes(base64.b64decode(PIXEL))
    assert said(codex.run(f"[image] look at {image}")) == ["I see an image."]


def seen(what):
    return httpx.get(ENGINE + "/seen").json()[what]


def until(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_abort_reaches_the_engine(codex):
    gone = seen("gone")
    hanging = seen("hanging")
    process = codex.start("[hang] never answer")
    until(lambda: seen("hanging") > hanging)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(LIMIT)
    until(lambda: seen("gone") > gone)
