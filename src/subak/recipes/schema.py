"""The shape of a recipe: every key a TOML file may hold, with its meaning.

The docs page of all keys is generated from these classes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from subak.recipes.machine_section import MachineSection
from subak.recipes.notify_section import NotifySection
from subak.recipes.schedule_section import ScheduleSection

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Period = Annotated[str, Meta(pattern=r"^([1-9][0-9]{0,3}[mhdw])?$")]
Count = Annotated[int, Meta(ge=1)]
Kind = Literal["page", "sitemap", "index", "feed", "wikipedia", "files", "extractor"]
Format = Literal[
    "json",
    "jsonl",
    "csv",
    "markdown",
    "website",
    "rss",
    "digest",
    "texts",
    "changes",
    "esmodule",
    "sqlite",
    "parquet",
]

Part = Literal["summary", "findings", "analysis", "actions", "stakeholders"]


def says(text: str) -> Meta:
    """Attach the sentence the docs show for a key."""
    return Meta(description=text)


class ModelSection(Struct, forbid_unknown_fields=True, frozen=True):
    """Which model answers."""

    use: Annotated[
        str, says("Model spec, or a name from the config; empty: the config's model.")
    ] = ""
    max_parallel: Annotated[
        int | None, says("Upper bound of calls at once; the number itself is found.")
    ] = None


class FetchSection(Struct, forbid_unknown_fields=True, frozen=True):
    """How pages are fetched."""

    contact: Annotated[
        str, says("Mail or URL put into the user agent, so that sites can reach you.")
    ] = ""
    timeout_s: Annotated[float, Meta(gt=0, le=600), says("Limit for one page.")] = 30.0
    max_bytes: Annotated[Count, says("Limit for one page, decompressed.")] = 8_000_000


class SourceSection(Struct, forbid_unknown_fields=True, frozen=True):
    """One place documents come from."""

    kind: Annotated[Kind, says("How the source is read.")]
    name: Annotated[str, says("Shown in messages; default: kind and number.")] = ""
    url: Annotated[
        str, says("Address; `{entity}` in it makes one page of each entity.")
    ] = ""
    urls: Annotated[tuple[str, ...], says("Several addresses.")] = ()
    entities: Annotated[tuple[str, ...], says("What the pages are about.")] = ()
    include: Annotated[
        tuple[str, ...], says("Globs to take, e.g. `/tax/*` or `//press.example/*`.")
    ] = ()
    exclude: Annotated[tuple[str, ...], says("Globs to leave out.")] = ()
    limit: Annotated[
        Count | None, says("At most that many pages; else an index 20, a feed 50.")
    ] = None
    category: Annotated[str, says("Category of its documents.")] = ""
    tier: Annotated[
        Literal[1, 2, 3], says("1 official, 2 press, 3 community; 1 wins conflicts.")
    ] = 2
    language: Annotated[str, says("Language tag when pages don't say.")] = ""
    licence: Annotated[str, says("Licence note kept with each document.")] = ""
    allow_hosts: Annotated[
        tuple[str, ...],
        says("Private hosts or networks it may reach, e.g. `127.0.0.1`."),
    ] = ()
    every: Annotated[
        Period, says("Asked at most that often: `6h`, `1d`, `2w`; empty: each run.")
    ] = ""
    list: Annotated[
        str,
        says(
            "CSV or TOML file of sources beside the recipe; keys given here count "
            "for each of them."
        ),
    ] = ""
    selector: Annotated[
        str, says("index: CSS selector of the part whose links count, e.g. `main`.")
    ] = ""
    depth: Annotated[
        int, Meta(ge=1, le=3), says("index: levels of index pages followed.")
    ] = 1
    with_front: Annotated[
        bool, says("index: the index page itself is a document too.")
    ] = False
    hints: Annotated[
        bool,
        says("index: read `/sitemap.xml` for dates though nothing names it."),
    ] = False
    reading: Annotated[
        Literal["", "article", "forum", "service", "listing"],
        says("What its pages are, for extraction; empty: found out page by page."),
    ] = ""
    render: Annotated[
        bool, says("A browser runs the pages' scripts; needs the extra `browser`.")
    ] = False
    paths: Annotated[
        tuple[str, ...],
        says("files: globs relative to the workspace, e.g. `texts/**/*.pdf`."),
    ] = ()
    titles: Annotated[
        tuple[str, ...],
        says("wikipedia: titles; `{entity}` in one makes a page of each entity."),
    ] = ()


class FieldSection(Struct, forbid_unknown_fields=True, frozen=True):
    """One value to find in each document."""

    name: Annotated[Name, says("Key of the value in `facts.json`.")]
    kind: Annotated[
        Literal[
            "percent", "money", "number", "date", "enum", "text", "boolean", "ranges"
        ],
        says("How the value is read and checked; ranges: a list of brackets."),
    ]
    title: Annotated[str, says("Shown to people; default: the name.")] = ""
    meaning: Annotated[str, says("One line that tells the model what is asked.")] = ""
    unit: Annotated[
        str, says("Unit of a number, e.g. `years`; of ranges that of their bounds.")
    ] = ""
    rate_unit: Annotated[
        str, says("ranges: unit of each bracket's value, e.g. `%` or `points`.")
    ] = "%"
    structure: Annotated[
        tuple[Literal["starts", "joins", "rises", "open"], ...],
        says(
            "ranges: what the list must keep: it starts at zero or where the text's "
            "does, each joins the one before, values rise, the last is open."
        ),
    ] = ("starts", "joins", "rises", "open")
    words: Annotated[
        tuple[str, ...],
        says("Words by which the text names the field, in its languages."),
    ] = ()
    negations: Annotated[tuple[str, ...], says("Phrases that deny the field.")] = ()
    values: Annotated[tuple[str, ...], says("Allowed values of an enum.")] = ()
    minimum: Annotated[float | None, says("Smallest plausible number.")] = None
    maximum: Annotated[float | None, says("Largest plausible number.")] = None
    statement: Annotated[
        str, says("Sentence with `{entity}` and `{value}` that states the fact.")
    ] = ""
    statements: Annotated[
        dict[str, str], says("Sentence by value, for `yes`/`no` and enums.")
    ] = field(default_factory=dict)
    titles: Annotated[dict[str, str], says("Title by language, as `it`, `id`.")] = (
        field(default_factory=dict)
    )
    sentences: Annotated[
        dict[str, str | dict[str, str]],
        says("By language: `statement` in it, or its `statements`."),
    ] = field(default_factory=dict)
    concerns: Annotated[
        tuple[str, ...],
        says("Who has to know of a change, e.g. `employers`."),
    ] = ()


class FactsSection(Struct, forbid_unknown_fields=True, frozen=True):
    """The values to find in the documents of one category."""

    fields: Annotated[tuple[FieldSection, ...], Meta(min_length=1)]
    category: Annotated[str, says("Category it applies to; empty: all.")] = ""
    title: Annotated[str, says("Headline of the category's article.")] = ""
    titles: Annotated[dict[str, str], says("Headline by language.")] = field(
        default_factory=dict
    )
    entity: Annotated[Literal["country", "title"], says("What a row is about.")] = (
        "country"
    )
    max_chars: Annotated[
        Count, says("Longest text given to the model; more is selected by words.")
    ] = 1_600


class ClaimsSection(Struct, forbid_unknown_fields=True, frozen=True):
    """What documents of a category without facts say, in their own words."""

    category: Annotated[
        str, says("Category it applies to; empty: all without facts.")
    ] = ""
    title: Annotated[str, says("Headline of the category's article.")] = ""
    titles: Annotated[dict[str, str], says("Headline by language.")] = field(
        default_factory=dict
    )
    topics: Annotated[
        tuple[str, ...],
        says("Topics to choose from; empty: as the documents call them."),
    ] = ()
    concerns: Annotated[
        dict[str, tuple[str, ...]], says("Topics by who is concerned with them.")
    ] = field(default_factory=dict)
    max_claims: Annotated[
        int, Meta(ge=1, le=40), says("Sentences taken of one document at most.")
    ] = 6
    max_chars: Annotated[
        Count, says("Longest text given to the model; of a longer one a selection.")
    ] = 6_000


class QuestionSection(Struct, forbid_unknown_fields=True, frozen=True):
    """One section of a profile: a question that the documents are asked."""

    title: Annotated[str, Meta(min_length=1), says("Heading of the section.")]
    question: Annotated[str, says("What it answers; default: its heading.")] = ""
    words: Annotated[
        tuple[str, ...],
        says("Words by which texts speak of it, in their languages."),
    ] = ()
    max_sentences: Annotated[
        int, Meta(ge=1, le=40), says("Sentences in it at most.")
    ] = 6


class ProfileSection(Struct, forbid_unknown_fields=True, frozen=True):
    """One text for each entity, made of what its documents say."""

    sections: Annotated[tuple[QuestionSection, ...], Meta(min_length=1)]
    name: Annotated[
        str,
        Meta(pattern=r"^([a-z0-9][a-z0-9_-]*)?$"),
        says("Tells several texts about one entity apart; ends their file names."),
    ] = ""
    title: Annotated[str, says("Headline, with `{entity}` in it.")] = "{entity}"
    category: Annotated[str, says("Category of its documents; empty: all.")] = ""
    entity: Annotated[
        Literal["country", "title"],
        says("What a document without an entity is about, found in its title."),
    ] = "country"
    max_chars: Annotated[
        Count, says("Longest text shown in one call; a long page is read in parts.")
    ] = 2_400
    max_calls: Annotated[Count, says("Parts read for one section at most.")] = 3


class ArticleSection(Struct, forbid_unknown_fields=True, frozen=True):
    """How articles are written."""

    write: Annotated[bool, says("Write an article for each category.")] = True
    facts_per_call: Annotated[Count, says("Sentences asked for in one call.")] = 6
    max_rewrites: Annotated[
        int, Meta(ge=0), says("Sentences the model may rewrite in one article.")
    ] = 48
    parts: Annotated[
        tuple[Part, ...], says("Sections an article of facts has, in order.")
    ] = ("summary", "findings", "analysis", "actions", "stakeholders")
    length: Annotated[
        Literal["short", "normal", "long"], says("How much an article tells.")
    ] = "normal"
    audience: Annotated[
        str, Meta(max_length=200), says("Who reads it; sets the tone only.")
    ] = ""
    stakeholders: Annotated[
        dict[str, tuple[str, ...]],
        says("Fields or topics by who is concerned; beside the `concerns` of each."),
    ] = field(default_factory=dict)


class ReviewSection(Struct, forbid_unknown_fields=True, frozen=True):
    """A second model that reads articles; it can take back, never write."""

    model: Annotated[str, says("Model spec; empty: no review.")] = ""
    rubric: Annotated[str, says("What it looks for, in a sentence or two.")] = ""


class PreviousSection(Struct, forbid_unknown_fields=True, frozen=True):
    """Values from before the first run, and the form of the file they stand in."""

    file: Annotated[
        str,
        says(
            "`.js`, `.json`, `.jsonl` or `.csv`, relative to the workspace; read only."
        ),
    ] = ""
    map: Annotated[
        dict[str, str],
        says(
            'Field by path in a record: `"vat.standard" = "vat_standard"`; '
            "`field?` is whether it is above zero, `field.system` whether ranges are "
            "none, flat or progressive."
        ),
    ] = field(default_factory=dict)
    category: Annotated[
        str, says("Category of the fields; empty: that of the first `[[facts]]`.")
    ] = ""
    entity: Annotated[
        str, says("Path of the record's name; empty: its key in the table.")
    ] = "name"
    date: Annotated[
        str,
        Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$"),
        says("Date of the file, as 2025-12-31."),
    ] = ""


class OutputSection(Struct, forbid_unknown_fields=True, frozen=True):
    """What is written, and where."""

    formats: Annotated[tuple[Format, ...], says("Formats to write.")] = (
        "json",
        "jsonl",
        "csv",
        "markdown",
        "website",
        "rss",
        "changes",
    )
    folder: Annotated[str, says("Folder of results, relative to the workspace.")] = (
        "out"
    )
    base_url: Annotated[str, says("Address the site will have, for the feed.")] = ""


class Recipe(Struct, forbid_unknown_fields=True, frozen=True):
    """What is wanted: sources in, facts and articles out."""

    name: Annotated[Name, says("Name of the recipe and its runs.")]
    source: Annotated[tuple[SourceSection, ...], Meta(min_length=1)]
    title: Annotated[str, says("Title of the site and the feed.")] = ""
    language: Annotated[str, says("Language of articles.")] = "en"
    model: ModelSection = field(default_factory=ModelSection)
    fetch: FetchSection = field(default_factory=FetchSection)
    facts: tuple[FactsSection, ...] = ()
    claims: tuple[ClaimsSection, ...] = ()
    profile: tuple[ProfileSection, ...] = ()
    article: ArticleSection = field(default_factory=ArticleSection)
    review: ReviewSection = field(default_factory=ReviewSection)
    previous: PreviousSection = field(default_factory=PreviousSection)
    output: OutputSection = field(default_factory=OutputSection)
    schedule: ScheduleSection = field(default_factory=ScheduleSection)
    machine: MachineSection = field(default_factory=MachineSection)
    notify: tuple[NotifySection, ...] = ()
