"""Ways out of subak that a run does not need: messages, metrics, traces."""
