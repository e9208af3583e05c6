"""What operators ask a running program: is it alive, can it work, how much has it done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

#: Returns when what it looks at works, raises when not.
Probe = Callable[[], Awaitable[object]]

PROBE_SECONDS = 2.0


class Health:
    """Serves /healthz, /readyz and /metrics."""

    def __init__(self, probes: Mapping[str, Probe], registry: CollectorRegistry) -> None:
        self._probes, self._registry = probes, registry

    async def alive(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(self, request: web.Request) -> web.Response:
        """503 while a probe fails or takes too long; the answer names it and gives no details away."""
        results = await asyncio.gather(*(self._works(probe) for probe in self._probes.values()))
        checks = {
            name: "ok" if works else "failed" for name, works in zip(self._probes, results, strict=True)
        }
        ready = all(results)
        return web.json_response(
            {"status": "ok" if ready else "failed", "checks": checks}, status=200 if ready else 503
        )

    async def metrics(self, request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def _works(self, probe: Probe) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await probe()
        except Exception:  # whatever it is, we are not ready
            return False
        return True
