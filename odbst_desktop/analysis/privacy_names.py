"""Find what may be a name: by lists of names, and by what stands around a capitalised word.

First everything that is known to be no child is blotted out (adults of the school, organisations,
phrases), letter for letter, so that places in the text stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from odbst_desktop.analysis.privacy_words import PrivacyWords, privacy_words, straight

Place = tuple[int, int, str]
"""Where something starts and ends, and why it is pointed out."""

_NAME, _ONE_CHILD = "may be a name", "may point to one child"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Master)\.?"
_YEAR = r"(?:Year ?\d{1,2}|Y ?\d{1,2}|[Rr]eception|Nursery|YR)"
_INITIALS = r"(?:[A-Z]\.? ?[A-Z]\.?)"
_INITIALS_AND_YEAR = re.compile(
    rf"\b(?P<initials>{_INITIALS})(?:,? ?(?:in |from |\()?){_YEAR}\b\)?"
    rf"|\b{_YEAR}(?: (?:pupil|child|boy|girl))? (?P<after>{_INITIALS})(?![\w’'])"
)
_SENTENCE = re.compile(r"(?:^|[.!?:;\n•]\s*|^\s*[-–]\s*)$")
_LEAST_SMALL = 5
_CALENDAR = frozenset(
    {"april", "may", "june", "august", "summer", "autumn", "jan", "art", "will", "mark", "bill",
     "hope", "grant", "chance", "chase", "guy", "pat", "rob", "sue", "star", "sky"}
)  # fmt: skip
"""Words that at the beginning of a sentence are hardly ever a name."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the text, without ’s; ``is_first`` begins a sentence."""

    start: int
    end: int
    text: str
    is_first: bool
    is_owner: bool

    @property
    def folded(self) -> str:
        return straight(self.text.casefold())

    @property
    def is_capitalised(self) -> bool:
        return self.text[0].isupper() and not (self.text.isupper() and len(self.text) > 1)

    def is_in(self, names: frozenset[str]) -> bool:
        return self.folded in names or any(part in names for part in self.folded.split("-"))


def find_names(text: str, known: tuple[str, ...]) -> Iterator[Place]:
    """Give what may be a name, in no order and perhaps twice."""
    listed = privacy_words()
    masked = _masked(text, known, listed)
    words = _words(masked)
    yield from _by_list(masked, words, listed)
    yield from _by_pairs(masked, words, listed)
    yield from _by_cues(masked, words, listed)
    yield from _by_year(masked, listed)


def _masked(text: str, known: tuple[str, ...], listed: PrivacyWords) -> str:
    def blot(match: re.Match[str]) -> str:
        return re.sub(r"[^\W\d_]", "x", match[0])

    text = listed.phrases.sub(blot, text)
    if known:
        whole, alone = _known(known)
        text = alone.sub(blot, whole.sub(blot, text))
    text = re.sub(r"\bSt\.? [A-Z]\w+(?:[’']s?)?", blot, text)
    return listed.organisations.sub(blot, text)


@lru_cache(maxsize=8)
def _known(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the adults of the school by their whole names, and by one of them."""
    listed = [name.split() for name in sorted(names, key=len, reverse=True) if name.split()]
    whole = "|".join(r"\s+".join(map(re.escape, parts)) for parts in listed)
    single = {part for parts in listed for part in (parts[0], parts[-1])}
    alone = "|".join(re.escape(part) for part in sorted(single, key=len, reverse=True))
    return (
        re.compile(rf"(?<!\w)(?:{whole or '(?!)'})(?!\w)", re.IGNORECASE),
        # “Ruth Jones” is somebody else than the Ruth of the school.
        re.compile(rf"\b(?:(?:{_TITLE}|Dr) )?(?:{alone or '(?!)'})\b(?!-)(?!\s[A-Z][a-z])"),
    )


def _words(text: str) -> list[_Word]:
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        is_owner = word[-2:] in {"’s", "'s"}
        word = word[:-2] if is_owner else word
        if not word:
            continue
        before = text[max(match.start() - 4, 0) : match.start()].lstrip("“‘\"'( ")
        is_first = match.start() == 0 or (bool(_SENTENCE.search(before)) and before != "")
        found.append(_Word(match.start(), match.start() + len(word), word, is_first, is_owner))
    return found


def _is_plain(word: _Word, listed: PrivacyWords) -> bool:
    folded = word.folded
    if folded in listed.plain or folded.rstrip("s") in listed.plain:
        return True
    if all(part in listed.plain for part in folded.split("-")):
        return True
    return word.is_first and folded.endswith(("ed", "ing")) and not word.is_in(listed.first)


def _by_list(text: str, words: list[_Word], listed: PrivacyWords) -> Iterator[Place]:
    """Find first names of the lists, with a surname behind them."""
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        small = word.text.islower() and len(word.text) >= _LEAST_SMALL and "-" not in word.text
        is_name = word.is_in(listed.first) and (word.is_capitalised or small)
        if not is_name and word.is_in(listed.either) and word.is_capitalised:
            is_name = _is_meant_as_name(text, word, following, listed)
        if is_name:
            end = word.end
            if following and following.start == word.end + 1 and following.is_capitalised:
                end = end if _is_plain(following, listed) else following.end
            yield word.start, end, _NAME


def _is_meant_as_name(
    text: str, word: _Word, following: _Word | None, listed: PrivacyWords
) -> bool:
    """Say whether a word that is also a name is one here."""
    is_near = following is not None and following.start - word.end <= 3
    after = following.folded if following and is_near else ""
    is_surname = following is not None and is_near and (
        following.is_capitalised and after in listed.surnames
    )  # fmt: skip
    if is_surname or (word.is_owner and word.folded not in listed.plain):
        return True
    if word.folded in _CALENDAR or word.folded in listed.plain:
        is_kin = word.is_owner and re.fullmatch(
            rf"(?:{listed.kin}|teacher|class|plan|coat|bag)s?", after
        )
        return bool(is_kin) or after in listed.saying
    if word.is_first:
        return after in listed.doing or text[word.end : word.end + 2] in {" (", ": "}
    return not (following and is_near and following.is_capitalised)


def _by_pairs(text: str, words: list[_Word], listed: PrivacyWords) -> Iterator[Place]:
    """Find two capitalised words in a row of which neither is plain."""
    for one, other in pairwise(words):
        is_pair = text[one.end : other.start] in {" ", "\t"} and not one.is_owner
        if not is_pair or not (one.is_capitalised and other.is_capitalised):
            continue
        if len(one.text) > 1 and not _is_plain(one, listed) and not _is_plain(other, listed):
            yield one.start, other.end, _NAME


def _by_cues(text: str, words: list[_Word], listed: PrivacyWords) -> Iterator[Place]:
    """Find a capitalised word that what stands around it makes a person."""
    unknown = {
        word.start: word
        for word in words
        if word.is_capitalised and not word.is_first and not _is_plain(word, listed)
    }
    # At the beginning of a sentence only what follows can say that somebody is meant.
    begins = {
        word.start: word
        for word in words
        if word.is_capitalised and word.is_first and not _is_plain(word, listed)
    }
    name = r"(?P<name>[A-Z][\w’'-]{0,30})"
    for pattern in (
        rf"\b{_TITLE} {name}",
        rf"\b(?:{listed.kin}|{listed.child})(?: (?:of|called|named|is|was))*,? {name}",
        rf"\b(?:nick-?named?|known as|goes by|is called|called|named)(?: is)?:? ?[“‘\"']?{name}",
        rf"\b(?:[Tt]he|[Bb]oth|[Aa]ll)? ?{name} "
        r"(?:family|twins?|brothers|sisters|siblings|children|household|boys|girls)\b",
    ):
        for match in re.finditer(pattern, text):
            is_title = pattern.startswith(rf"\b{_TITLE}")
            is_known = match.start("name") in unknown or (
                match.end("name") < match.end() and match.start("name") in begins
            )
            if is_known or (is_title and match["name"][1:].islower()):
                start = match.start() if is_title else match.start("name")
                yield start, match.end("name"), _NAME
    either = unknown | begins
    for word, following in pairwise(words):
        if word.start not in either:
            continue
        is_kin = word.is_owner and re.fullmatch(rf"(?:{listed.kin})s?", following.folded)
        if is_kin or following.folded in listed.saying:
            yield word.start, word.end, _NAME


def _by_year(text: str, listed: PrivacyWords) -> Iterator[Place]:
    """Find initials with a year or the word pupil, and one boy or girl of a year."""
    for match in _INITIALS_AND_YEAR.finditer(text):
        initials = re.sub(r"\W", "", match["initials"] or match["after"])
        if initials not in listed.acronyms:
            yield match.start(), match.end(), "may be a pupil’s initials"
    for match in re.finditer(rf"\b(?i:{listed.child}) (?P<initials>{_INITIALS})(?![\w’'])", text):
        initials = re.sub(r"\W", "", match["initials"])
        if initials not in listed.acronyms:
            yield match.start("initials"), match.end("initials"), "may be a pupil’s initials"
    one = r"(?:boy|girl|lad|pupil|child)(?![\w’'-])"
    for pattern in (rf"\b{_YEAR} {one}", rf"\b(?:boy|girl|lad) (?:in|from) {_YEAR}\b"):
        for match in re.finditer(pattern, text):
            yield match.start(), match.end(), _ONE_CHILD
