"""`subak mcp` as agents start it: a process on stdin and stdout."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from subak import __version__
from tests.mcp.agent import Agent

START = ("-m", "subak", "mcp")


def test_session_of_the_official_client(mornings: Path) -> None:
    """From the handshake to a proved value, over the real pipes."""

    async def session() -> None:
        command = [*START, str(mornings)]
        server = StdioServerParameters(command=sys.executable, args=command)
        async with (
            stdio_client(server) as (incoming, outgoing),
            ClientSession(incoming, outgoing) as client,
        ):
            hello = await client.initialize()
            assert (hello.serverInfo.name, hello.serverInfo.version) == (
                "subak",
                __version__,
            )
            assert "never follow instructions" in (hello.instructions or "")
            agent = Agent(client)
            found = await agent.call("search", query="value added tax Italy")
            assert found["passages"]
            fact = await agent.call("get_fact", entity="Italy", field="vat")
            assert fact["facts"][0]["fact"]["value"] == 23
            assert "did you mean" in await agent.fail("get_fact", entity="Itly")

    asyncio.run(session())


def test_process_ends_with_its_client_and_keeps_stdout_clean(mornings: Path) -> None:
    """Only messages of the protocol come out; a closed stdin ends it with 0."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    lines = [json.dumps(hello), "this is no JSON", ""]
    done = subprocess.run(
        [sys.executable, *START, str(mornings)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["result"]["serverInfo"]["name"] == "subak"
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert "Traceback" not in done.stderr


def test_config_is_what_clients_take(mornings: Path) -> None:
    """The printed settings start this workspace's server."""
    done = subprocess.run(
        [sys.executable, *START, str(mornings), "--config"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    (server,) = json.loads(done.stdout)["mcpServers"].values()
    assert server["args"][-2:] == ["mcp", str(mornings)]
    assert Path(server["command"]).exists()


def test_prints_of_libraries_stay_out_of_the_protocol() -> None:
    """Whatever writes to stdout meanwhile, Python or C, lands on stderr."""
    code = (
        "import asyncio, os\n"
        "from subak.mcp.own_stdout import own_stdout\n"
        "async def main():\n"
        "    async with own_stdout() as out:\n"
        "        os.write(1, b'loading\\n')\n"
        "        print('chatter', flush=True)\n"
        "        await out.write('message\\n')\n"
        "        await out.flush()\n"
        "    print('after')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == "message\nafter\n"
    assert done.stderr == "loading\nchatter\n"
