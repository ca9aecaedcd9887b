"""The tuner's figures. All were found by simulation over 17 server models.

`python -m bench.simulator` measures what each of them is worth.
"""

from __future__ import annotations

START = 4
"""First guess: harmless on a server of one slot, and enough to see how many it has."""

MOST = 512
"""Never more calls than this in flight to one endpoint, unless the user allows it."""

LARGEST_CAP = 4096

TICK_S = 0.25
"""How often the tuner wants to be asked to look at its streams."""

GAIN_PER_DOUBLING = 1.05
"""Twice the calls must bring at least this much goodput to be kept."""

JUMP = 1.5
"""Twice the calls that brought this much allow four times as many next."""

SHORTEST_WINDOW_S = 0.5
TOKENS_PER_STREAM = 6
"""A window holds at least this many tokens of each stream."""

USUAL_OUTPUT = 250.0
"""Tokens of an answer, until three answers are complete."""

PROMPT_WORK = 0.05
"""Work of a prompt token, in output tokens, where only completions are seen."""

CALL_WORK = 5.0
"""Work of a call apart from its tokens, in output tokens."""

LARGEST_EXACT_SLOTS = 8
"""Published slots up to here are believed without a look at the goodput."""

LARGEST_PUBLISHED_SLOTS = 1023
"""More than this says "no limit" rather than a number somebody chose."""

PROBE_GAP_S = 10.0
LONGEST_PROBE_GAP_S = 600.0
PROBE_WINDOW_S = 2.0
WATCH_WINDOW_S = 6.0
HOPELESS_WINDOW_S = 1.0
CLEAR_WINDOW_S = 0.25
"""A level may be left so early if it is clearly worse, or clearly worth more."""

FELL = 0.75
ROSE = 1.33
"""Goodput that changed by so much at one level: the server is not what it was."""

CEILING_HOLD_S = 3.0
LONGEST_CEILING_HOLD_S = 300.0
TIMEOUT_HOLD_S = 60.0
LONGEST_PAUSE_S = 30.0
LONGEST_ASKED_PAUSE_S = 300.0

LEARNING_PACE_PER_S = 2.0
LEARNING_GROWTH = 1.1
PACE_GROWTH = 1.01
RATE_SPAN_S = 60.0
SLOWEST_PACE_PER_S = 1e-3

WARM_START_MOST = 16
"""First level after a run that held a higher one, where streams do not show at once
whether the server is still the same."""

WARM_LOOK_S = 2.0
"""How soon a level taken over from the last run is compared with a lower one."""

WARM_CEILING_S = 30.0
