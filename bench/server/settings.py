"""Settings: how the stand-in server takes its time, refuses and fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Streaming = Literal["tokens", "lump"]
Hint = Literal["none", "seconds", "milliseconds", "date", "mixed"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything one server model is; times in milliseconds, shares from 0 to 1.

    Args:
        base_ms: Time that needs no slot ("200 ms, any number at once"). A server
            without ``token_ms`` streams its tokens evenly over it.
        token_ms: Time for one step of decoding, alone.
        batch_ms: What each sequence that decodes along adds to a step.
        prefill_per_s: Prompt tokens read in a second, one prompt at a time; 0: free.
        prefix_cache_tokens: Prompt tokens kept for prompts that begin alike.
        slots: Sequences that decode at once, 0 for any number.
        thrash_knee: Requests in the house above which every step takes longer.
        thrash_power: How much: (requests / knee) to this power.
        throttle_from_s: When steps become longer, counted from the first call.
        throttle_until_s: When they are as before.
        throttle_factor: How many times longer.
        tokens_out: Median length of an answer.
        spread: Sigma of the lognormal length, 0 for all alike.
        streaming: Token by token, or a first event and then all in one lump.
        queue_limit: Waiting requests above which one is turned away, -1: never.
        max_in_flight: Requests in the house above which one is turned away, 0: never.
        busy_status: With what status, 429 or 503.
        per_minute: Requests a minute (token bucket), 0 for no bound.
        burst: Size of that bucket.
        retry_after: The hint that goes with a refusal.
        refused: Share of attempts answered with ``busy_status``.
        failed: Share answered with 500.
        hung: Share read and never answered.
        reset: Share whose connection breaks after the work was done.
        broken: Share whose content is malformed JSON.
        publishes_slots: What /props tells, 0 for a server that tells nothing.
        seed: Of the faults, the lengths and the answers.
    """

    base_ms: float = 0.0
    token_ms: float = 0.0
    batch_ms: float = 0.0
    prefill_per_s: float = 0.0
    prefix_cache_tokens: int = 0
    slots: int = 0
    thrash_knee: int = 0
    thrash_power: float = 1.0
    throttle_from_s: float = 0.0
    throttle_until_s: float = 0.0
    throttle_factor: float = 2.0
    tokens_out: int = 40
    spread: float = 0.0
    streaming: Streaming = "tokens"
    queue_limit: int = -1
    max_in_flight: int = 0
    busy_status: int = 429
    per_minute: float = 0.0
    burst: int = 10
    retry_after: Hint = "none"
    refused: float = 0.0
    failed: float = 0.0
    hung: float = 0.0
    reset: float = 0.0
    broken: float = 0.0
    publishes_slots: int = 0
    seed: int = 1
