"""The hostile clients of bench/abuse. Each runs in a process of its own until its time is over."""

import asyncio
import contextlib
import gzip
import itertools
import json
import socket
import struct
import time

BODY_LIMIT = 16 * 1024 * 1024
KEYLESS_POST = b"POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"


def post(key, length, more=""):
    return (KEYLESS_POST.decode() + f"Authorization: Bearer {key}\r\nContent-Length: {length}\r\n{more}\r\n").encode()


async def connect(port, small=False):
    sock = socket.socket()
    sock.setblocking(False)
    if small:  # Little room for what is not read.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    # Leaves with a reset: the machine's ports are free again at once.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    try:
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock


async def send(sock, data):
    await asyncio.get_running_loop().sock_sendall(sock, data)


async def held(port, end, count, data):
    """So many connections that send this much and no more, made within four seconds; who is closed comes again later."""

    async def one(number):
        await asyncio.sleep(4 * number / count)
        while time.time() < end:
            sock = None
            try:
                sock = await connect(port)
                await send(sock, data)
                await asyncio.wait_for(asyncio.get_running_loop().sock_recv(sock, 4096), end - time.time())
            except (OSError, TimeoutError, ValueError):
                pass
            finally:
                if sock:
                    sock.close()
            await asyncio.sleep(4)

    await asyncio.gather(*(one(i) for i in range(count)))


async def repeated(port, end, count, data, pause=0.0, wait=30):
    """So many clients that send this again and again, and read the answer."""

    async def one():
        while time.time() < end:
            with contextlib.suppress(OSError, TimeoutError):
                sock = await connect(port)
                try:
                    await send(sock, data)
                    await asyncio.wait_for(asyncio.get_running_loop().sock_recv(sock, 65536), wait)
                finally:
                    sock.close()
            await asyncio.sleep(pause)

    await asyncio.gather(*(one() for _ in range(count)))


async def half_bodies(port, end, key, scale):
    await held(port, end, int(10_000 * scale), KEYLESS_POST + b"Content-Length: 65536\r\n\r\n{")


async def half_heads(port, end, key, scale):
    await held(port, end, int(2_000 * scale), b"GET / HTTP/1.1\r\nHost: h\r\n" + b"a:b\r\n" * 5_000)


async def idle(port, end, key, scale):
    await held(port, end, int(10_000 * scale), b"")


async def bad_keys(port, end, key, scale):
    numbers = itertools.count()

    async def one():
        while time.time() < end:
            with contextlib.suppress(OSError):
                sock = await connect(port)
                try:
                    while time.time() < end:
                        head = f"GET /v1/models HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sk-{next(numbers)}\r\n\r\n"
                        await send(sock, head.encode())
                        if not await asyncio.get_running_loop().sock_recv(sock, 65536):
                            break
                finally:
                    sock.close()

    await asyncio.gather(*(one() for _ in range(8)))


def json_of(begin, entry, end, limit=BODY_LIMIT):
    count = (limit - len(begin) - len(end)) // (len(entry) + 1)
    return (begin + ",".join([entry] * count) + end).encode()


async def amplified(port, end, key, scale):
    body = json_of('{"model":"mock-t20-d0","input":"x","extra_body":{"a":[', "{},[]", "]}}")
    await repeated(port, end, 10, post(key, len(body)) + body)


async def many_items(port, end, key, scale):
    body = json_of('{"model":"mock-t20-d0","input":[', '{"role":"user","content":"x"}', "]}")
    await repeated(port, end, 10, post(key, len(body)) + body)


async def bombs(port, end, key, scale):
    body = gzip.compress(bytes(200 << 20), 6)
    await repeated(port, end, 10, post(key, len(body), "Content-Encoding: gzip\r\n") + body)


async def drips(port, end, key, scale):
    """Bodies with a key, a byte at a time; and heads without one."""

    async def one(head):
        while time.time() < end:
            with contextlib.suppress(OSError):
                sock = await connect(port)
                try:
                    await send(sock, head)
                    while time.time() < end:
                        await send(sock, b" ")
                        await asyncio.sleep(0.2)
                finally:
                    sock.close()
            await asyncio.sleep(0.2)

    heads = [post(key, BODY_LIMIT), b"GET / HTTP/1.1\r\nHost: h\r\nX: "]
    await asyncio.gather(*(one(heads[i % 2]) for i in range(int(500 * scale))))


async def pipelined(port, end, key, scale):
    """Many small requests in one piece, whose answers nobody reads; without a key."""
    data = b"GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * 1_600

    async def one():
        while time.time() < end:
            with contextlib.suppress(OSError, TimeoutError):
                sock = await connect(port, small=True)
                try:
                    await asyncio.wait_for(send(sock, data * 4), max(0.1, end - time.time()))
                    await asyncio.sleep(max(0.0, min(5.0, end - time.time())))
                finally:
                    sock.close()
            await asyncio.sleep(0.1)

    await asyncio.gather(*(one() for _ in range(int(200 * scale))))


async def unread_streams(port, end, key, scale):
    """Streams of one response whose events have its 12 MB of instructions, each read by nobody."""
    body = json.dumps({
        "model": "mock-t200-d50", "input": "x", "instructions": "x" * (12 << 20), "background": True, "store": True,
    }).encode()
    answer = b""
    sock = await connect(port)
    try:
        await send(sock, post(key, len(body), "Connection: close\r\n") + body)
        while part := await asyncio.get_running_loop().sock_recv(sock, 1 << 20):
            answer += part
    finally:
        sock.close()
    response = json.loads(answer.split(b"\r\n\r\n", 1)[1])["id"]
    get = f"GET /v1/responses/{response}?stream=true HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {key}\r\n\r\n".encode()

    async def one():
        while time.time() < end:
            with contextlib.suppress(OSError):
                sock = await connect(port, small=True)
                try:
                    await send(sock, get)
                    await asyncio.sleep(max(0.0, end - time.time()))
                finally:
                    sock.close()

    await asyncio.gather(*(one() for _ in range(40)))


CLIENTS = {
    "10,000 half bodies without a key": half_bodies,
    "2,000 half heads of 25 KB without a key": half_heads,
    "10,000 idle connections": idle,
    "8 clients that try bad keys": bad_keys,
    "10 clients with 16 MB of JSON values": amplified,
    "10 clients with 16 MB of input items": many_items,
    "10 clients with gzip bombs": bombs,
    "500 dripping clients": drips,
    "200 pipelining clients that do not read": pipelined,
    "40 streams of 12 MB events that nobody reads": unread_streams,
}


def run(name, port, end, key, scale):
    asyncio.run(CLIENTS[name](port, end, key, scale))
