"""Every page besides "Now", for the dashboard to serve."""

from __future__ import annotations

from subak.web.page import Page
from subak.web.pages.article import ARTICLE
from subak.web.pages.articles import ARTICLES
from subak.web.pages.ask import ASK
from subak.web.pages.call import CALL
from subak.web.pages.changes import CHANGES
from subak.web.pages.compare import COMPARE
from subak.web.pages.course import COURSE
from subak.web.pages.document import DOCUMENT
from subak.web.pages.document_diff import DOCUMENT_DIFF
from subak.web.pages.documents import DOCUMENTS
from subak.web.pages.fact import FACT
from subak.web.pages.facts import FACTS
from subak.web.pages.refused import REFUSED
from subak.web.pages.run import RUN
from subak.web.pages.runs import RUNS
from subak.web.pages.search import SEARCH
from subak.web.pages.settings import SETTINGS
from subak.web.pages.task import TASK
from subak.web.pages.tasks import TASKS

# Of two paths that fit an address the first one counts.
PAGES: tuple[Page, ...] = (
    RUNS,
    RUN,
    COURSE,
    COMPARE,
    DOCUMENTS,
    DOCUMENT,
    DOCUMENT_DIFF,
    FACTS,
    FACT,
    CHANGES,
    REFUSED,
    ARTICLES,
    ARTICLE,
    SEARCH,
    ASK,
    TASKS,
    TASK,
    CALL,
    SETTINGS,
)
