"""Renders conversations by chat templates twice: by llama.cpp's server, as the child of this server
runs it, and by the Jinja that transformers uses. Prints a line for each template that says where
the two texts are the same.

    python compare.py --model small.gguf [--show] TEMPLATE.jinja …

Wants the packages xllamacpp, transformers and jinja2. The model gives the tokenizer alone: each
template is put in the place of its own.

`same`: the same text, character by character. `rendered`: llama.cpp gives a text where
transformers refuses. `refuses`: the other way round.
"""

import argparse
import datetime
import json
import pathlib
import urllib.error
import urllib.request
from importlib.metadata import version

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "Its name."}},
            "required": ["city"],
        },
    },
}
SYSTEM = {"role": "system", "content": "You are brief."}
USER = {"role": "user", "content": 'What is "5 < 7 & 8"?\n\tSay it in German: schön!'}
ASSISTANT = {"role": "assistant", "content": "Ja."}
AGAIN = {"role": "user", "content": "And in Paris?"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "id": "abcdef123",
            "type": "function",
            "function": {"name": "get_weather", "arguments": {"city": "Paris"}},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": "abcdef123", "name": "get_weather", "content": "21 °C"}

CASES = {
    "user": ([USER], None),
    "system": ([SYSTEM, USER], None),
    "turns": ([SYSTEM, USER, ASSISTANT, AGAIN], None),
    "tools": ([SYSTEM, USER], [WEATHER]),
    "call": ([SYSTEM, AGAIN, CALL, RESULT], [WEATHER]),
}


class Child:
    """llama.cpp's server with one template."""

    def __init__(self, xllamacpp, model, template):
        params = xllamacpp.CommonParams()
        params.model.path = model
        params.port = 0
        params.n_ctx = 512
        params.n_parallel = 1
        params.cpuparams.n_threads = 1
        params.use_jinja = True
        params.chat_template = template
        self.server = xllamacpp.Server(params)

    def render(self, messages, tools):
        """The text that the model would get; arguments are JSON in a string, as in the API."""
        body = {"messages": [as_text(m) for m in messages], **({"tools": tools} if tools else {})}
        request = urllib.request.Request(
            self.server.listening_address + "/apply-template",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["prompt"]
        except urllib.error.HTTPError as e:
            raise ValueError(json.load(e)["error"]["message"]) from e


def as_text(message):
    if "tool_calls" not in message:
        return message
    call = message["tool_calls"][0]
    function = call["function"]
    told = {**function, "arguments": json.dumps(function["arguments"])}
    return {**message, "tool_calls": [{**call, "function": told}]}


def by_transformers(template, messages, tools, bos, eos):
    from transformers.utils.chat_template_utils import render_jinja_template

    rendered = render_jinja_template(
        conversations=[messages],
        tools=tools,
        chat_template=template,
        add_generation_prompt=True,
        bos_token=bos,
        eos_token=eos,
        # What llama.cpp tells every template, too.
        enable_thinking=True,
        date_string=datetime.datetime.now().strftime("%d %b %Y"),
    )
    texts = rendered[0] if isinstance(rendered, tuple) else rendered
    return texts if isinstance(texts, str) else texts[0]


def attempt(render):
    try:
        return render(), None
    except Exception as e:
        return None, str(e).strip().splitlines()[-1] if str(e).strip() else type(e).__name__


def compare(child, template, case, bos, eos, show):
    """One word: same, refused by both, or what differs."""
    messages, tools = CASES[case]
    ours, our_error = attempt(lambda: child.render(messages, tools))
    theirs, their_error = attempt(lambda: by_transformers(template, messages, tools, bos, eos))
    if ours is None or theirs is None:
        if show:
            print("   ", case, "| llama.cpp:", our_error, "| transformers:", their_error)
        return "both refuse" if ours == theirs else "refuses" if ours is None else "rendered"
    # Its tokenizer adds the beginning itself.
    theirs = theirs.removeprefix(bos)
    ours = ours.removeprefix(bos)
    if ours == theirs:
        return "same"
    if show:
        at = next(i for i in range(len(ours) + 1) if ours[: i + 1] != theirs[: i + 1])
        print("   ", case, "at", at)
        print("      llama.cpp:   ", repr(ours[max(0, at - 40) : at + 120]))
        print("      transformers:", repr(theirs[max(0, at - 40) : at + 120]))
    return "differs"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--show", action="store_true", help="show the first difference of each")
    parser.add_argument("templates", nargs="+", type=pathlib.Path)
    told = parser.parse_args()
    import transformers
    import xllamacpp

    print(f"xllamacpp {version('xllamacpp')}, transformers {transformers.__version__}\n")
    print("| template |", " | ".join(CASES), "|")
    print("|---|" + "---|" * len(CASES))
    for path in told.templates:
        template = path.read_text(encoding="utf-8")
        child, error = attempt(lambda: Child(xllamacpp, told.model, template))
        if child is None:
            print("|", path.stem, "| cannot be loaded:", error, "|")
            continue
        found = [
            compare(child, template, case, "<|im_start|>", "<|im_end|>", told.show)
            for case in CASES
        ]
        print("|", path.stem, "|", " | ".join(found), "|", flush=True)
        del child


main()
