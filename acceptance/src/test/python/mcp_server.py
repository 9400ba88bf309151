"""A small MCP server over standard input and output, with one tool."""

import json
import sys

TOOL = {
    "name": "secret_word",
    "description": "Tells somebody's secret word.",
    "inputSchema": {
        "type": "object",
        "properties": {"of": {"type": "string"}},
        "required": ["of"],
    },
    "annotations": {"readOnlyHint": True},
}


def result(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "demo", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method == "tools/call":
        word = params["arguments"]["of"][::-1] + "-marzipan"
        return {"content": [{"type": "text", "text": word}]}
    return {}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        reply = {
            "jsonrpc": "2.0",
            "id": message["id"],
            "result": result(message["method"], message.get("params") or {}),
        }
        print(json.dumps(reply), flush=True)
