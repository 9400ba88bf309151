"""An MCP server made with the library most of them are made with; prints its address."""

import asyncio
import socket
import threading
import time

from fastmcp import FastMCP

mcp = FastMCP("fast")
SEEN = {"begun": 0, "cancelled": 0, "done": 0}


@mcp.tool(annotations={"readOnlyHint": True})
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@mcp.tool
async def slow(seconds: float) -> str:
    """Takes its time."""
    SEEN["begun"] += 1
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        SEEN["cancelled"] += 1
        raise
    SEEN["done"] += 1
    return "done"


@mcp.tool(annotations={"readOnlyHint": True})
def seen() -> dict[str, int]:
    """What became of slow calls."""
    return SEEN


def ready(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    print(f"http://127.0.0.1:{port}/mcp", flush=True)


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    threading.Thread(target=ready, args=(port,), daemon=True).start()
    mcp.run(transport="http", host="127.0.0.1", port=port, log_level="error", show_banner=False)
