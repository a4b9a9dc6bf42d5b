"""The optional sentence model, with a tiny one that is made here: synonyms lie in one place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from typer.testing import CliRunner

from followthrough.cli.main import app
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.similarity import embeddings, index_store, tasks
from followthrough.similarity.models import Embedding
from followthrough.similarity.queries.similarity_search import similar_to, similar_to_sentence
from followthrough.similarity.sentence_model import SentenceModel
from tests.factories import make_incident, make_person

pytest.importorskip("onnxruntime", reason="the extra `semantic` is not installed")

MEANINGS = [
    ["checkout", "payments", "till"],
    ["login", "password"],
    ["outage", "was", "slow", "for", "customers"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that puts each word of a meaning on that meaning's own axis, with its tokenizer."""
    import numpy as np  # noqa: PLC0415
    from onnx import TensorProto, helper, numpy_helper, save  # noqa: PLC0415 - skipped above without it
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415

    made = tmp_path_factory.mktemp("model")
    words = ["[UNK]", *(word for row in MEANINGS for word in row)]
    axes = np.zeros((len(words), 3), np.float32)
    for place, word in enumerate(words[1:], 1):
        axes[place, next(at for at, row in enumerate(MEANINGS) if word in row)] = 1
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(made / "tokenizer.json"))
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["axes", "input_ids"], ["last_hidden_state"])],
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, 3])],
        [numpy_helper.from_array(axes, "axes")],
    )
    opset = [helper.make_opsetid("", 17)]
    save(helper.make_model(graph, opset_imports=opset, ir_version=8), str(made / "model.onnx"))
    return made


def use(folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = settings.ENVIRONMENT.model_copy(update={"sentence_model": folder})
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)


def reports() -> tuple[Incident, Incident, Incident]:
    """Two that share as many words with the third, of which the first means the same."""
    titles = ("Payments slow for customers", "Login slow for customers", "Checkout slow for customers")
    made = [
        make_incident(title, began_at=timezone.now() - timedelta(days=30 - at))
        for at, title in enumerate(titles)
    ]
    index_store.write([one.pk for one in made])
    index_store.fit_index()
    return made[0], made[1], made[2]


def test_a_synonym_is_near_and_padding_counts_for_nothing(folder: Path) -> None:
    found = SentenceModel(folder).vectors_of(["checkout", "payments was till for customers", "password"])
    assert found[0] @ found[1] == pytest.approx(2 / 13**0.5)
    assert found[0] @ found[2] == 0


@pytest.mark.django_db
def test_what_means_the_same_comes_first_once_there_is_a_model(folder: Path, monkeypatch) -> None:
    same, other, asked = reports()
    reader = make_person()
    assert [one.incident for one in similar_to(asked, reader)] == [other, same]
    assert not Embedding.objects.exists()
    use(folder, monkeypatch)
    tasks.fit_index_nightly()
    assert Embedding.objects.count() == 3
    assert next(one.incident for one in similar_to(asked, reader)) == same
    assert similar_to_sentence("till slow for customers", reader)[0].incident in {same, asked}
    same.title = "Login slow for customers"
    same.save()
    tasks.write_embeddings.call([same.pk])
    assert not list(embeddings.missing_embeddings())
    assert next(one.incident for one in similar_to(asked, reader)) == other


@pytest.mark.django_db
def test_a_model_that_cannot_be_read_leaves_it_to_the_words(tmp_path: Path, monkeypatch) -> None:
    _, other, asked = reports()
    use(tmp_path, monkeypatch)
    tasks.fit_index_nightly()
    assert similar_to(asked, make_person())[0].incident == other
    (tmp_path / "model.onnx").write_text("no model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(DomainError, match="cannot be read"):
        SentenceModel(tmp_path)


def test_it_is_measured_beside_the_words_alone(folder: Path, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "docs.jsonl"
    rows = [
        {"id": word, "title": f"{word} slow for customers", "cluster": str(at)}
        for at, row in enumerate(MEANINGS[:2])
        for word in row
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    asked = ["evaluate", "similar", str(file), "--semantic"]
    monkeypatch.delenv("FOLLOWTHROUGH_SENTENCE_MODEL", raising=False)
    assert "FOLLOWTHROUGH_SENTENCE_MODEL" in str(CliRunner().invoke(app, asked).exception)
    monkeypatch.setenv("FOLLOWTHROUGH_SENTENCE_MODEL", str(folder))
    output = CliRunner().invoke(app, asked).output
    assert "followthrough           with the model          bm25s" in output
    first = next(line for line in output.splitlines() if line.startswith("Hit@1"))
    alone, with_model, _ = (float(cell) for cell in first.split() if cell[0].isdigit())
    assert with_model == 1 > alone
