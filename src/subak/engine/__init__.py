"""The engine: stages, graph, runner, limiter, retry, memo, journal, events.

Knows neither models nor the web; standard library, apsw and zstandard only.
"""
