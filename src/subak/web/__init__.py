"""The dashboard: what `subak serve` shows of a workspace, and its JSON API."""
