"""A client of the socket that acts on the wire as eric_sse's SocketClient does: one JSON request a connection, then its
half is closed; what comes is read to the end, a stream line by line.

    python3 eric_client.py PATH '{"v":"c"}'           prints the answer, as it came
    python3 eric_client.py PATH --stream '{"v":"l"}'   prints a stream line by line, until it ends
"""
import asyncio
import sys
from pathlib import Path


async def request(path, text):
    reader, writer = await asyncio.open_unix_connection(Path(path))
    writer.write(text.encode())
    writer.write_eof()
    answer = await reader.read()
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    return answer.decode()


async def stream(path, text):
    reader, writer = await asyncio.open_unix_connection(Path(path))
    writer.write(text.encode())
    writer.write_eof()
    await writer.drain()
    while not reader.at_eof():
        line = await reader.readline()
        yield line.decode()


async def main(path, *words):
    if words[0] == "--stream":
        async for line in stream(path, words[1]):
            print(line, end="", flush=True)
    else:
        print(await request(path, words[0]), end="")


asyncio.run(main(*sys.argv[1:]))
