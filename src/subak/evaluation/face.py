"""verify and evaluate as a notebook calls them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from subak.engine.control import Control
from subak.evaluation.document_file import read_document
from subak.evaluation.evaluate import EvaluationRequest
from subak.evaluation.evaluate import evaluate as evaluate_async
from subak.evaluation.judge import Verification
from subak.evaluation.judge import verify as judge
from subak.evaluation.trial import Trial
from subak.evaluation.verify_files import read_fact_schema
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.schema import FactSchema
from subak.mapping.run_beside import run_beside


def verify(
    record: Mapping[str, object],
    document: Document | Path | str,
    schema: FactSchema | Path | str,
    *,
    entity: str = "",
    language: str = "",
) -> Verification:
    """Judge a record against its document; needs no model.

    Args:
        record: Value by field.
        document: A Document, the path of a file, or the text itself.
        schema: A FactSchema, the path of a schema file or a recipe, or the name of a
            recipe that ships.
        entity: What the document is about, where only its text tells.
        language: Its language, where it doesn't say so itself.

    Raises:
        UserError: A file cannot be read, or the record has a key the schema hasn't.
    """
    wanted = schema if isinstance(schema, FactSchema) else read_fact_schema(str(schema))
    if isinstance(document, Path):
        document = read_document(
            document, entity=entity, language=language, category=wanted.category
        )
    if isinstance(document, str):
        document = Document(
            document_id("", document),
            "",
            "",
            document,
            language=language,
            entity=entity,
            category=wanted.category,
        )
    return judge(record, document, wanted)


def evaluate(request: EvaluationRequest) -> list[Trial]:
    """Try designs and models on a labelled set; works where a loop is running, too."""
    control = Control()
    return run_beside(lambda: evaluate_async(request, control=control), control.drain)
