"""advice: which setting of a model server lets it work on more requests at once."""

from __future__ import annotations

from subak.llm.model import EndpointInfo

_ENOUGH = 8


def advice(info: EndpointInfo, slots_found: int | None) -> str:
    """Return in words what would raise a server's parallelism; "" for nothing.

    Args:
        info: What the server says about itself.
        slots_found: How many requests it was seen to work on at once; None where no
            bound was found.
    """
    slots = slots_found if slots_found is not None else info.slots
    if slots is None or slots < 1:
        return ""
    server = info.server.lower()
    wanted = max(4, 2 * slots)
    if server.startswith("ollama"):
        return _ollama(info, slots, wanted)
    if slots >= _ENOUGH and not server.startswith("vllm"):
        return ""
    if "embedded" in server:
        return ""
    if server.startswith("llama.cpp"):
        return _llama_cpp(info, slots, wanted)
    if server.startswith("lm studio"):
        return (
            f"{_counted(slots)}; in LM Studio set Max Concurrent Predictions to "
            f"{wanted} in the model's load settings and load it again"
        )
    if server.startswith("vllm"):
        return (
            f"{_counted(slots)}; start vLLM with --max-num-seqs {wanted}, and with "
            "more --gpu-memory-utilization if its cache is what is full"
        )
    if server.startswith("gateway"):
        return (
            f"{_counted(slots)}; the gateway or the server behind it sets that: "
            "subak can talk to that server itself, see subak doctor"
        )
    return ""


def _ollama(info: EndpointInfo, slots: int, wanted: int) -> str:
    if "one request at a time" in info.server:
        return (
            "Ollama serves this family of models one request at a time, whatever "
            "OLLAMA_NUM_PARALLEL says; llama.cpp's llama-server or vLLM do not"
        )
    if slots >= _ENOUGH:
        return ""
    default = ", its default" if slots == 1 else ""
    return (
        f"{_counted(slots)} (OLLAMA_NUM_PARALLEL={slots}{default}); if the memory "
        f"allows, start it with more: OLLAMA_NUM_PARALLEL={wanted} ollama serve "
        "(as a service: systemctl edit ollama, "
        f'Environment="OLLAMA_NUM_PARALLEL={wanted}"; '
        f"macOS: launchctl setenv OLLAMA_NUM_PARALLEL {wanted})"
    )


def _llama_cpp(info: EndpointInfo, slots: int, wanted: int) -> str:
    each = info.context_tokens or 4096
    return (
        f"{_counted(slots)}; if the memory allows, start it with more, and a context "
        f"that is shared out to all of them: llama-server -np {wanted} "
        f"-c {wanted * each}"
    )


def _counted(slots: int) -> str:
    noun = "request" if slots == 1 else "requests"
    return f"the server works on {slots} {noun} at once"
