"""SCENARIOS: the server models, and the job each of them gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.simulator.batch_server import BatchServer, BatchSpec
from bench.simulator.flaky import Flaky
from bench.simulator.gateway import Gateway, GatewaySpec
from bench.simulator.server import Refusal, Server

Build = Callable[[int, float], Sequence[Server]]
"""Make the servers for a seed and a rough duration of the job."""

LAPTOP = BatchSpec(0.018, 0.002, 1 / 800, 512, 4)  # 4 streams: 3.1 times one
CPU = BatchSpec(0.0073, 0.0147, 1 / 150, 512, 4)  # measured: 0.5B on two cores
KNEE_32 = BatchSpec(0.020, 0.000625, 1 / 8000, 2048, 256)
KNEE_128 = BatchSpec(0.015, 0.000117, 1 / 25000, 8192, 256)
HOSTED = BatchSpec(0.015, 0.0, 1 / 50000, 8192, 4096)
_FLAKY_SHARE = 0.05
_SLOW_POOL = BatchSpec(0.06, 0.02, 1 / 200, 512, 2)
_FAST_POOL = BatchSpec(0.02, 0.001, 1 / 2000, 512, 8)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A server model.

    Args:
        most: Highest static level worth a try.
        like: Scenario whose duration tells when the throttling begins and ends.
        is_extra: Not counted in the summary.
    """

    build: Build
    mix: str = "mixed"
    most: int = 320
    like: str | None = None
    is_extra: bool = False


def _one(spec: BatchSpec) -> Build:
    return lambda seed, _: [BatchServer(spec, seed)]


def _behind(spec: BatchSpec, gateway: GatewaySpec) -> Build:
    return lambda seed, _: [Gateway(BatchServer(spec, seed), gateway)]


def _throttled(spec: BatchSpec) -> Build:
    def build(seed: int, expected_s: float) -> Sequence[Server]:
        begin, end = expected_s * 0.33, expected_s * 0.75
        return [BatchServer(spec, seed, lambda now: 2.0 if begin <= now < end else 1.0)]

    return build


def _pool(seed: int, _: float) -> Sequence[Server]:
    return [
        BatchServer(LAPTOP, seed),
        BatchServer(_FAST_POOL, seed + 1000),
        BatchServer(_SLOW_POOL, seed + 2000),
    ]


def _flaky(refusal: Refusal) -> Scenario:
    def build(seed: int, _: float) -> Sequence[Server]:
        return [Flaky(KNEE_32, seed).fail(_FLAKY_SHARE, refusal, seed)]

    return Scenario(build, is_extra=True)


def _rate(gateway: GatewaySpec, *, is_extra: bool = False) -> Scenario:
    return Scenario(_behind(HOSTED, gateway), most=48, is_extra=is_extra)


_RPM = GatewaySpec(requests_per_minute=60)
_TPM = GatewaySpec(tokens_per_minute=90_000)
_BUSY = BatchSpec(0.015, 0.0005, 1 / 8000, 2048, 4096)
_KV = BatchSpec(0.02, 0.0003, 1 / 12000, 2048, 256, cache_tokens=60_000)
_DROP = BatchSpec(0.018, 0.001, 1 / 1500, 512, 10, connections=10)
_TIMEOUT = BatchSpec(0.035, 0.005, 1 / 500, 512, 2, timeout_s=90)

SCENARIOS: dict[str, Scenario] = {
    "ollama1": Scenario(_one(replace(LAPTOP, slots=1, queue=512))),
    "ollama4": Scenario(_one(replace(LAPTOP, queue=512))),
    "llama8": Scenario(_one(replace(LAPTOP, slots=8))),
    "cpu2": Scenario(_one(CPU), mix="small"),
    "vllm32": Scenario(_one(KNEE_32)),
    "vllm128": Scenario(_one(KNEE_128)),
    "vllm_kv": Scenario(_one(_KV)),
    "rpm_ra": _rate(replace(_RPM, tells_wait=True)),
    "rpm_nora": _rate(_RPM),
    "tpm_ra": _rate(replace(_TPM, tells_wait=True)),
    "conc429": Scenario(_behind(_BUSY, GatewaySpec(at_once=12))),
    "drop10": Scenario(_one(_DROP)),
    "throttle4": Scenario(_throttled(LAPTOP), like="ollama4"),
    "throttle32": Scenario(_throttled(KNEE_32), like="vllm32"),
    "thrash6": Scenario(_one(replace(LAPTOP, slots=64, thrash=(6, 0.35))), most=16),
    "timeout2": Scenario(_one(_TIMEOUT), most=16),
    "pool3": Scenario(_pool),
    "rpm_hdr": _rate(replace(_RPM, tells_wait=True, tells_limits=True), is_extra=True),
    "tpm_hdr": _rate(replace(_TPM, tells_wait=True, tells_limits=True), is_extra=True),
    "flaky429_ra": _flaky(Refusal("rate_limited", 1.0)),
    "flaky429": _flaky(Refusal("rate_limited")),
    "flaky503": _flaky(Refusal("turned_away")),
}
