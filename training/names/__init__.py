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
from training.names.scripts.countries import COUNTRIES, TOKENS, Country, split_country, with_country
from training.names.scripts.letters import Script, own_letters, script_of
from training.names.several import FIRST_PART, combine, first_of
from training.names.tables import PLACEHOLDERS, Placeholders
from training.names.transliteration.latin import (
    in_latin,
    is_faithful,
    is_learnable,
    key_of,
    normalise,
    transliterate,
)

__all__ = [
    "FIRST_PART",
    "ALPHABET",
    "ANSWERS",
    "COUNTRIES",
    "DOUBT_SENTENCES",
    "LABELS",
    "LETTERS",
    "LONGEST",
    "PLACEHOLDERS",
    "SEPARATORS",
    "TOKENS",
    "Country",
    "Doubt",
    "Form",
    "Label",
    "LeftOut",
    "Placeholders",
    "Reading",
    "Script",
    "UnreadableName",
    "Why",
    "bucket",
    "combine",
    "encode",
    "first_of",
    "fold_of",
    "in_latin",
    "is_faithful",
    "is_learnable",
    "join_separators",
    "key_of",
    "label_of",
    "letters_only",
    "normalise",
    "of_key",
    "own_letters",
    "read",
    "script_of",
    "split_country",
    "titled",
    "transliterate",
    "with_country",
]
