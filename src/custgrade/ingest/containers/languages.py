"""Whether a word, read in an encoding, could be a word of one of the languages that use the encoding.

The rules are rough: letters of one language only, none where the language never has it. They tell apart readings of
whole files, where most words of a wrong reading break a rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from attrs import field, frozen

_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿąęěůőűăıāēīūėįų"
_C = f"[^{_VOWELS}]"
_V = f"[{_VOWELS}]"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@frozen
class Language:
    """A language: its letters beyond a to z, in lower case, and a pattern of what its words never have."""

    letters: str
    never: re.Pattern[str] = field(converter=_pattern)


_GERMAN = Language("äöüßé", rf"(?:^|{_C})ß|[äöü][äöü]|[aou][äöü]|[äöü][aeo](?!u?e)")
_FRENCH = Language(
    "àâæçéèêëîïôœùûüÿ", rf"à\w|(?<!o)ù|ù\w|è{_V}|è$|^è{_C}{{2}}|(?<![aeou])ï|{_V}œ|æ$|[aeiu]û|[aou]ê|[ûê]{_V}"
)
_SPANISH = Language("áéíñóúü", r"ñ(?![aeiouáéíóú])|ú[aou]|[aeiouáéíóú][áó][aeou]|(?<![gqns])ü(?![ie])")
_PORTUGUESE = Language("áàâãçéêíóôõúü", r"à(?!s?$)|ã(?![oens]|$)|õ(?!e)|(?:^|[aeu])ã|ê[aou]")
_ITALIAN = Language("àèéìòóù", r"[àèìòùóé]\w|[aeiu]è|^[àìòùóé]$")
_CATALAN = Language("àçèéíïòóúü", rf"[àèéíòóú]{_V}|{_V}[èò]|^ò|[àò]$|è$")
_DUTCH = Language("éëïöüè", r"^[ïë]|(?<![aeiou])[ëïö]|ê[aou]|è[aeiou]|è$")
_NORDIC = Language("åäöéü", r"å[åäö]|[äö]å")
_DANISH = Language("æøåéü", r"[aiouy]æ|æ[aou]|[aiou]ø|ø[aou]")
_ICELANDIC = Language("áðéíóúýþæö", r"^ð|þ$|[aeiou][áéóúýæö]")
_ESTONIAN = Language("šžäöüõ", r"^[šž][bcdfghjklmnpqrsvwxz]")
_WEST = (_GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN, _CATALAN, _DUTCH, _NORDIC, _DANISH, _ICELANDIC)
_DOS = (_GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN, _NORDIC, _DANISH)
_ALONE = rf"ič[bcdfghlprtvz]|(?:^|{_C})[čřňćńśźđ](?={_C}|$)(?<!^č(?=t))"
_CENTRAL = (
    Language("áčďéěíňóřšťúůýž", rf"(?!^kč$){_ALONE}|^ů|{_V}ů|ů{_V}|^ě|{_V}ě|ě{_V}|[áéíóúý]{{2}}|ď[bcfzlrnv]|ďs$"),
    Language("áäčďéíľňóôšťúýž", rf"(?!^kč$){_ALONE}|[áéíóôúý]{{2}}|{_V}ô|ô{_V}|ď[bcfzlrnv]|ďs$"),
    Language("ąćęłńóśźż", rf"[ńśź]{_V}|ć[aeouyąęó]|[ąę]{_V}|{_V}[ąę](?<!ią)(?<!ię)|^[ąęń]|[qvx]|^ć(?!w|m|p)|{_C}ń"),
    Language("áéíóöőúüű", rf"[őű]{_V}|[aeiouáéíóú][őű](?<!eő)|[qx]|{_C}{{4}}"),
    Language("čćđšž", rf"{_ALONE}|[qxyw]"),
    Language("ăâîşţ", rf"ă[aeoăâ]|{_V}ă(?<!iă)(?<!uă)|^ă$|[âî]{_V}|{_V}[âî]|[âî]$|[qkwy]|(?:^|{_C})ş$"),
)
_TURKISH = (Language("âçğıîöşü", r"(?<![aâeıiîoöuü])ğ|[qwx]|[aeıioöuü][ıöü]|[ıöü][aeıioöuü]"),)
_BALTIC = (
    Language(
        "ąčęėįšųūž",
        rf"[qwxh]|tt|ll|ss|ič[bcdfghlprtvz]|[ąęįųūė]{_V}|[aeiou]ė|(?:^|{_C})č(?={_C}|$)|^[ęų]|ų(?!$|[stmnčžk])|ę(?!$|[sntmkdž])"
        rf"|\w(?<!{_V})į.",
    ),
    Language(
        "āčēģīķļņšūž",
        rf"[qwxyh]|[aeouāēīū][āēīū]|[āēīū][aeou]|(?:^|{_C})[čģķ](?={_C}|$)|[bcdfglmnpvz]ķ|ič[bcdfghlprtvz]",
    ),
)
_CYRILLIC = (
    Language(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", r"^[ьъы]|[аеёиоуыэюя]ь|ьь|[бвгджзйклмнпрстфхцчшщ]{6}|[аеёиоуыэюя]{4}"
    ),
    Language("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", r"^ь|[аеєиіїоуюя]ь|ьь|[аеєиіїоуюя]{4}"),
    Language("абвгдђежзијклљмнњопрстћуфхцчџш", r"[аеиоу]{4}"),
)
_GREEK = (Language("αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ", r"ς\w|[αεηιουω]{5}"),)

LANGUAGES: Mapping[str, tuple[Language, ...]] = {
    "cp1252": (*_WEST, _ESTONIAN),
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1253": _GREEK,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "iso8859_15": _WEST,
    "cp437": _DOS,
    "cp850": _DOS,
    "cp852": _CENTRAL,
    "mac_roman": _DOS,
}
"""The languages by encoding; those of the encoding that is tried first come first."""

_LETTER = r"[^\W\d_²³¹¼½¾ªº]"
_WORD = re.compile(f"{_LETTER}+")
_CAPITALS = re.compile(r".+[À-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĢĪĮĶĻĽŁŃŅŇŐŒŘŚŞŠŢŤŪŮŰŲŸŹŻŽ]", re.DOTALL)
_ALONE_ALLOWED = "àéèáíóúûøåœöæ"
_WESTERN = ("cp1252", "iso8859_15", "cp437", "cp850", "mac_roman")
_KNOWN = ("kč",)
"""Words that break a rule."""
_APOSTROPHE = re.compile(r"(?:^|\W)\w{1,3}’\w|\w’(?:s|t|d|m|n|re|ll|ve|h\w+)$", re.IGNORECASE)
_BETWEEN = re.compile(f"{_LETTER}’{_LETTER}")
_OUT_OF_PLACE = re.compile(
    rf"{_LETTER}[“”„‚‹›«»§¶†‡•±÷¦¬¨¸¯ˆ˜‰°¡¿£€¥¢²³¹¼½¾ªº©]{_LETTER}|[²³¹¼½¾ªº£¥€ƒ§¦¬¸¯]{_LETTER}|{_LETTER}[ƒ¿¡„«‹‘“§¦¬¸¯]"
    r"|(?<![\w.])[²³¹ªº]|(?<![\dm])[²³]|(?<!\d)[¹‰]|{_LETTER}[‚„]|[©®™]{_LETTER}|(?<!\w)[†‡…]{_LETTER}|[a-z]–[a-z]|¤|[\x80-\x9f]|[\u2500-\u25ff]|\ufffd|[^\x00-\x7f\w\xa0‘’“”…™®©€]{2}"
)


@lru_cache(maxsize=1 << 16)
def makes_sense(text: str, encoding: str) -> bool:
    """Return whether all words of a text could be words of languages that use an encoding.

    encoding: one of `LANGUAGES`. A text that holds U+FFFD, which stands for undefined bytes, makes no sense.
    """
    if _OUT_OF_PLACE.search(text) or (_BETWEEN.search(text) and not _APOSTROPHE.search(text)):
        return False
    return all(
        _could_be_word(match[0], text[: match.start()][-1:] + text[match.end() :][:1], encoding)
        for match in _WORD.finditer(text)
        if not match[0].isascii()
    )


def _could_be_word(word: str, around: str, encoding: str) -> bool:
    """Return whether a word could be one of a language; around: the characters before and after it."""
    lower = word.replace("İ", "ı").lower()
    if any(character.isdigit() for character in around):
        return lower == "µ"
    if lower == "µ" or lower in _KNOWN:
        return True
    if any(_script(letter) != _script(lower[0]) for letter in lower):
        return False
    if _script(lower[0]) == "LATIN":
        if _CAPITALS.match(word) and not word.isupper():
            return False
        if len(word) == 1:
            return lower in _ALONE_ALLOWED
        if not re.search(_V, lower) or (encoding in _WESTERN and re.search("[^\x00-\x7f]{3}", lower)):
            return False
    special = {letter for letter in lower if not letter.isascii()}
    return any(
        special <= set(language.letters) and not language.never.search(lower) for language in LANGUAGES[encoding]
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]
