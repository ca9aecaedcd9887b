"""web_link: http and https, and nothing that only looks like them."""

from __future__ import annotations

import pytest

from subak.outputs.links import web_host, web_link


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "//example.com/",
        "/relative",
        "https:",
        "https:///path",
        "http://[::1",
        "https://exa mple.com",
        "https://example.com/\u202efdp.exe",
        "https:\\\\example.com",
        "",
    ],
)
def test_web_link_refuses(url: str) -> None:
    """Anything but a plain web address has no link."""
    assert web_link(url) == ""
    assert web_host(url) == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("HTTP://example.com", "http://example.com"),
        ("https://u:secret@example.com/x", "https://example.com/x"),
        ('https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"),
        ("https://example.com/{{x}}", "https://example.com/%7B%7Bx%7D%7D"),
        ("https://example.com/ä", "https://example.com/%C3%A4"),
        ("https://example.com/%C3%A4", "https://example.com/%C3%A4"),
    ],
)
def test_web_link_cleans(url: str, link: str) -> None:
    """What is left can stand in an attribute and names no secret."""
    assert web_link(url) == link


def test_web_host_is_short() -> None:
    """The host is shown without its usual prefix."""
    assert web_host("https://www.example.com:8080/x") == "example.com"
