"""A sentence model: how near short summaries are in meaning. Knows nothing of the database.

The model is a sentence transformer as ONNX; its packages come with the extra `semantic`, and none of this is loaded
before it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthrough.core.errors import DomainError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followthrough.similarity.inverted_index import Match

    Vectors = NDArray[np.float32]

OPENING_CHARACTERS = 300
"""So many characters of a text follow its title: models of sentences see little of long reports."""
MAX_TOKENS, BATCH_SUMMARIES = 128, 32
MODELS = ("model.onnx", "onnx/model.onnx")


class SentenceModel:
    """A model and its tokenizer, from a folder with `model.onnx` and `tokenizer.json`. DomainError where that fails."""

    def __init__(self, folder: Path) -> None:
        found = next((folder / name for name in MODELS if (folder / name).is_file()), None)
        if found is None or not (folder / "tokenizer.json").is_file():
            raise DomainError(f"There is no model.onnx with its tokenizer.json in {folder}.")
        try:
            from onnxruntime import InferenceSession  # noqa: PLC0415 - optional, and heavy
            from tokenizers import Tokenizer  # noqa: PLC0415 - optional, and heavy
        except ImportError as error:
            raise DomainError(
                "The sentence model needs packages that are not installed: pip install 'followthrough[semantic]'."
            ) from error
        try:
            self._session = InferenceSession(str(found), providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both raise their own kinds
            raise DomainError(f"The sentence model in {folder} cannot be read: {error}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._wanted = [given.name for given in self._session.get_inputs()]
        self.token = sha256(found.read_bytes()).hexdigest()[:16]

    def vectors_of(self, summaries: Sequence[str]) -> Vectors:
        """One row of length 1 for each."""
        import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

        pieces = [
            summaries[first : first + BATCH_SUMMARIES] for first in range(0, len(summaries), BATCH_SUMMARIES)
        ]
        return np.concatenate([self._read(piece) for piece in pieces])

    def _read(self, summaries: Sequence[str]) -> Vectors:
        import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

        found = self._tokenizer.encode_batch(list(summaries))
        given = {
            "input_ids": np.array([one.ids for one in found], np.int64),
            "attention_mask": np.array([one.attention_mask for one in found], np.int64),
            "token_type_ids": np.array([one.type_ids for one in found], np.int64),
        }
        answer = self._session.run(None, {name: given[name] for name in self._wanted})[0]
        vectors = _pooled(answer, given["attention_mask"]) if answer.ndim == 3 else answer
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors / lengths, np.float32)


def _pooled(tokens: Any, mask: Any) -> Any:
    """The mean over the tokens of each text."""
    weights = mask[:, :, None]
    return (tokens * weights).sum(axis=1) / weights.sum(axis=1).clip(1)


def summary_of(title: str, text: str) -> str:
    return f"{title}. {text[:OPENING_CHARACTERS]}"


def mean_pooled(matches: Sequence[Match], alike: dict[int, float]) -> list[Match]:
    """The matches with their likeness in meaning added, as far as it lies above or below the usual; best first."""
    from followthrough.similarity.inverted_index import Match  # noqa: PLC0415 - brings numpy

    usual = sum(alike.values()) / (len(alike) or 1)
    found = [Match(one.key, one.score + alike.get(one.key, usual) - usual) for one in matches]
    return sorted(found, key=lambda one: (-one.score, one.key))
