"""The words of a text, each told for what it is: part of the name, a title, a suffix, an initial, a sign."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.names.alphabet import UnreadableName
from training.names.reading import LeftOut, Why
from training.names.tables import (
    ALIASES,
    AND,
    MAIDEN,
    PARENT,
    PARTICLES,
    SHORT,
    SHORT_DOTTED,
    SUFFIXES,
    TITLES,
    Words,
    fold,
)
from training.names.words.kinds import (
    VOWELS,
    Marriage,
    by_marriage,
    is_honorific,
    is_initials,
    title_at_end,
    title_at_start,
)

_PIECES = re.compile(r"[^.]+\.?")
OF_ANOTHER = "This names a relative: the person's own given name is not in it."


@dataclass(frozen=True)
class Word:
    """One word; `why` says what it is if no part of the name, `joins` that it stands between two people."""

    text: str
    why: Why | None = None
    joins: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it may be part of the name."""
        return self.why is None and not self.joins

    @property
    def left_out(self) -> LeftOut:
        """The word as something that is not read."""
        return LeftOut(self.text, self.why or Why.SURNAME)


def tell_words(text: str, is_later: bool = False, around: str = "") -> list[Word]:
    """Return the words of a text in order; `is_later` says that a name went before, in what is `around`.

    Raises UnreadableName for digits among letters, and for somebody's wife, widow or child without a name.
    """
    tokens = _tokens(text)
    if not is_later and _is_of_another(tokens):
        raise UnreadableName(OF_ANOTHER)
    words: list[Word] = []
    at = 0
    while at < len(tokens):
        has_name = is_later or any(word.is_name for word in words)
        if has_name and (why := _opens_rest(tokens, at)):
            words.append(Word(" ".join(tokens[at:]), why))
            break
        if has_name and _is_rank(tokens, at):
            words.append(Word(tokens[at], Why.TITLE))
            at += 1
            continue
        if fold(" ".join(tokens[at : at + 2])) in TITLES.two:
            words.append(Word(" ".join(tokens[at : at + 2]), Why.TITLE))
            at += 2
            continue
        if has_name and fold(tokens[at]) in PARTICLES.always and at + 1 < len(tokens):
            words.append(Word(tokens[at].rstrip(".")))  # Emily St. John: no title there
        else:
            words += _told(tokens[at], has_name, around or text)
        at += 1
    if words and words[-1].joins:  # nobody follows
        words[-1] = Word(words[-1].text, Why.SIGN)
    words = _with_couples(words)
    words = _with_initials(words if is_later else _without_slashes(words))
    return _without_husbands(_without_honorifics(words))


def _is_of_another(tokens: Sequence[str]) -> bool:
    starts = {fold(" ".join(tokens[:n])) for n in (1, 2)}
    return len(tokens) > 1 and not starts.isdisjoint(PARENT.first)


def _with_couples(words: list[Word]) -> list[Word]:
    """Return words with what stands between two forms of address as what joins people: M. et Mme Dupont."""
    told = list(words)
    for at in range(1, len(words) - 1):
        before, after = fold(words[at - 1].text), fold(words[at + 1].text)
        # M. e M. may be initials, M. et M. is two men.
        are_told = before != after or len(before) > 1 or fold(words[at].text) in AND.always
        are_two = before in AND.between and after in AND.between and are_told
        if are_two and fold(words[at].text) in AND.always | AND.small:
            told[at] = Word(words[at].text, joins=True)
    return told


def _is_rank(tokens: Sequence[str], at: int) -> bool:
    # Otto Graf von Bismarck: before such a particle it is no name.
    is_before = at + 1 < len(tokens) and tokens[at + 1] in PARTICLES.noble
    return is_before and fold(tokens[at]) in TITLES.perhaps


def _with_initials(words: list[Word]) -> list[Word]:
    # Dr. M. Müller is not Monsieur, Mevr. P. Jansen no Polish lady; but Sr. D. Juan.
    return [
        Word(word.text, Why.INITIAL)
        if at > 0 and words[at - 1].why == Why.TITLE and word.why == Why.TITLE and _is_letter(word)
        else word
        for at, word in enumerate(words)
    ]


def _is_letter(word: Word) -> bool:
    return len(word.text) == 2 and word.text.endswith(".") and word.text[0] not in "dD"


def _without_slashes(words: list[Word]) -> list[Word]:
    """Return words with slashes beside titles told as signs: "Mr/Ms Kiran" is one person, "د/ نور" too."""
    first = next((at for at, word in enumerate(words) if word.is_name), len(words))
    return [
        Word(word.text, Why.SIGN) if at < first and _parts_titles(words, at) else word
        for at, word in enumerate(words)
    ]


def _parts_titles(words: Sequence[Word], at: int) -> bool:
    beside = [words[n] for n in (at - 1, at + 1) if 0 <= n < len(words)]
    are_titles = any(word.why == Why.TITLE or _ARABIC.fullmatch(word.text) for word in beside)
    return at > 0 and words[at].joins and words[at].text in AND.slashes and are_titles


def _without_honorifics(words: list[Word]) -> list[Word]:
    """Return words with titles that only stand behind a name told as such: Kiran bhai, Yuki san."""
    told = words[:1]
    for word in words[1:]:
        before = told[-1]
        may_be_one = before.is_name and word.is_name
        is_one = may_be_one and is_honorific(before.text, word.text, is_last=word is words[-1])
        told.append(Word(word.text, Why.TITLE) if is_one else word)
    return told


def _without_husbands(words: list[Word]) -> list[Word]:
    """Return words with those by which a Hungarian woman is called after her husband told as surnames."""
    kinds = [by_marriage(word.text) if word.is_name else None for word in words]
    # Kovács Jánosné Nagy Éva: up to the husband's given name all are his.
    his = max((at for at, kind in enumerate(kinds) if kind == Marriage.HUSBAND), default=-1)
    return [
        Word(word.text, Why.SURNAME) if word.is_name and (at <= his or kind) else word
        for at, (word, kind) in enumerate(zip(words, kinds, strict=True))
    ]


def _tokens(text: str) -> list[str]:
    return [token for token in text.split() if token]


def _opens_rest(tokens: Sequence[str], at: int) -> Why | None:
    """Return what a word makes of itself and all that follows: a maiden name, a nickname, a parent."""
    # Nothing follows, so there is nothing that it could open.
    if at == len(tokens) - 1:
        return None
    for table, why in ((MAIDEN, Why.MAIDEN_NAME), (ALIASES, Why.NICKNAME), (PARENT, Why.SURNAME)):
        if _is_in(table, tokens[at]) or fold(f"{tokens[at]} {tokens[at + 1]}") in table.two:
            return why
    return None


def _is_in(table: Words, token: str) -> bool:
    folded = fold(token)
    return (
        folded in table.always
        or (folded in table.dotted and token.endswith("."))
        or (folded in table.small and token.rstrip(".") == folded)
    )


def _told(token: str, has_name: bool, text: str) -> Iterator[Word]:
    """Yield the words of one token: itself, or the pieces between its periods."""
    # As a whole first: "Ph.D." is a suffix, while "Dr.Anna" comes apart at its period.
    told = _told_whole(token, has_name, text)
    if told:
        yield told
        return
    if title := title_at_start(token):
        yield Word(title, Why.TITLE)
        yield from _told(token.removeprefix(title), has_name, text)
        return
    pieces = _PIECES.findall(token) if "." in token.rstrip(".") else []
    for piece in pieces:
        yield from _told(piece, has_name, text)
    if not pieces:
        yield from _plain(token)


def _told_whole(token: str, has_name: bool, text: str) -> Word | None:
    folded = fold(token)
    if not has_name and _ARABIC.fullmatch(token) and text.partition(token)[2][:2] in ("/ ", " /"):
        return Word(token, Why.TITLE)
    if not any(map(str.isalpha, token)):
        return Word(token, joins=True) if token in AND.signs else Word(token, Why.SIGN)
    if has_name and _is_suffix(token, text):
        return Word(token, Why.SUFFIX)
    if full := _spelled_out(token):
        return Word(full)
    if _DOTTED_PAIR.fullmatch(token) and folded in TITLES.always:
        return Word(token, Why.INITIAL)  # M.S. is neither Ms nor anybody's degree
    # M. is Monsieur before a name; behind one it is an initial.
    is_dotted = folded in TITLES.dotted and "." in token and not (has_name and len(folded) == 1)
    if folded in TITLES.always or is_dotted or (token in TITLES.exact and not has_name):
        return Word(token, Why.TITLE)
    if folded == "et" and not has_name:
        return Word(token, Why.TITLE)  # Mgr. et Mgr.: one person, two degrees
    if _joins_people(token, text, has_name):
        return Word(token, joins=True)
    return Word(token, Why.INITIAL) if is_initials(token) else None


def _spelled_out(token: str) -> str | None:
    folded = fold(token)
    is_dotted = token.endswith(".") and token.count(".") == 1
    return SHORT.get(folded) or (SHORT_DOTTED.get(folded) if is_dotted else None)


def _is_suffix(token: str, text: str) -> bool:
    bare = token.replace(".", "")
    # Where all is in capitals, "MA" may be a name: only what no name can be is taken for a suffix.
    if text.isupper() and bare in SUFFIXES.exact:
        return not VOWELS & set(bare.casefold()) or set(bare) <= set("IVX")
    return bare in SUFFIXES.exact or _is_in(SUFFIXES, token)


def _joins_people(token: str, text: str, has_name: bool) -> bool:
    folded = fold(token)
    if folded in AND.always:  # also between titles: Mr. and Mrs. Smith
        return not token.endswith(".") and text.split()[0] != token
    if token in AND.exact:
        return has_name
    if not has_name:
        return False
    if folded not in AND.small or token.endswith("."):
        return False
    if text == text.lower() and len(folded) == 1 and folded not in "yи":
        return False  # where nothing has a capital, a single letter is rather an initial
    return token == folded or (text.isupper() and len(folded) > 1)


_ARABIC = re.compile("[\u0621-\u064a]")
_DOTTED_PAIR = re.compile(r"[A-Z]\.-?[A-Z]\.")
_DIGITS_AT_END = re.compile(r"^(\D+?)(\d+)$")
_INITIAL_AT_END = re.compile(r"^(.+)(-[^\W\d_]\.)$")


def _plain(token: str) -> Iterator[Word]:
    """Yield a token that is part of the name, less an initial, digits or a title at its end."""
    if (found := _DIGITS_AT_END.match(token)) and len(found[1]) > 1:
        # "Anna2" is Anna, "Jean-P." is Jean: what is left is looked at again.
        yield from _plain(found[1])
        yield Word(found[2], Why.SIGN)
    elif any(map(str.isdigit, token)):
        raise UnreadableName("Digits stand among the letters of this.")
    elif found := _INITIAL_AT_END.match(token):
        yield from _plain(found[1])
        yield Word(found[2], Why.INITIAL)
    elif token.casefold() in PARTICLES.small:
        yield Word(token)  # 't keeps its sign
    # Languages that write a title at the end of the name, as in Japanese.
    elif ending := title_at_end(token):
        yield Word(token.removesuffix(ending))
        yield Word(ending, Why.TITLE)
    else:
        yield Word(token.rstrip(".").strip("'-"))
