"""What a name is: how it is told from what stands around it, how it is spelled, how it becomes numbers.

This is the only place that does any of it, for training and serving alike: a network that is fed names
prepared in two ways is the classic bug of sites like this one.
"""

from training.names.alphabet import (
    ALPHABET,
    ANSWERS,
    LABELS,
    LETTERS,
    LONGEST,
    SEPARATORS,
    Label,
    UnreadableName,
    bucket,
    encode,
    fold_of,
    join_separators,
    label_of,
    letters_only,
)
from training.names.reader import of_key, read
from training.names.reading import DOUBT_SENTENCES, Doubt, Form, LeftOut, Reading, Why, titled
from training.names.several import FIRST_PART, combine, first_of
from training.names.tables import PLACEHOLDERS, Placeholders
from training.names.transliteration.latin import is_faithful, is_latin, key_of, normalise, transliterate

__all__ = [
    "FIRST_PART",
    "ALPHABET",
    "ANSWERS",
    "DOUBT_SENTENCES",
    "LABELS",
    "LETTERS",
    "LONGEST",
    "PLACEHOLDERS",
    "SEPARATORS",
    "Doubt",
    "Form",
    "Label",
    "LeftOut",
    "Placeholders",
    "Reading",
    "UnreadableName",
    "Why",
    "bucket",
    "combine",
    "encode",
    "first_of",
    "fold_of",
    "is_faithful",
    "is_latin",
    "join_separators",
    "key_of",
    "label_of",
    "letters_only",
    "normalise",
    "of_key",
    "read",
    "titled",
    "transliterate",
]
