"""The small site of the main job, and the recipe that reads it."""

from __future__ import annotations

from subak.testing.site import FakePage

PAGE = """<!doctype html><html lang="en"><head><title>{name}</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>{name}</h1>
<h2>Taxes</h2><p>The standard rate of value added tax is {vat} percent.</p>
<p>Companies pay a corporate tax of {corporate} percent on their profits.</p>
<h2>People</h2><p>About {people} million people live in {name}, most of them in
cities near the coast, and many of them work in trade.</p></article></body></html>"""
COUNTRIES = {"Germany": (19, 15, 84), "Italy": (22, 24, 59), "Kenya": (16, 30, 55)}
FACTS = """
[[facts]]
category = "tax"
title = "Taxes"
[[facts.fields]]
name = "vat"
title = "VAT"
meaning = "standard rate of value added tax"
kind = "percent"
words = ["value added tax"]
statement = "The standard VAT rate of {entity} is {value}."
[[facts.fields]]
name = "corporate"
title = "Corporate tax"
kind = "percent"
words = ["corporate tax"]
statement = "The corporate tax rate of {entity} is {value}."
"""


def source(url: str, entity: str) -> str:
    """Return a recipe's lines for one page about one country."""
    return (
        f'[[source]]\nkind = "page"\nurl = "{url}"\ncategory = "tax"\n'
        f'entities = ["{entity}"]\nallow_hosts = ["127.0.0.0/8"]\n'
    )


def pages() -> dict[str, FakePage | str]:
    """Return the site's pages by path."""
    return {
        f"/{name.lower()}": PAGE.format(name=name, vat=v, corporate=c, people=p)
        for name, (v, c, p) in COUNTRIES.items()
    }
