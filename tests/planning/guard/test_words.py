"""R25: grades, ranks and belittling words are found in texts for customers, and ordinary English isn't."""

import pytest

from custgrade.planning.guard.words import BELITTLING, words_about

LETTERS = ("A", "B", "C", "D", "E")
CELLS = ("Large/High", "Large/Low", "Small/High", "Small/Low", "Large", "Small", "High", "Low")
FLOORS = ("meets", "near", "below")
TOP = ("top", "rest")
SCORES = ("5/5", "5/1", "1/1", "5", "1")

FOUND = [
    (LETTERS, "you are in grade B", "grade B"),
    (LETTERS, "as a B customer you pay more", "a B"),
    (LETTERS, "C customers wait", "C customers"),
    (LETTERS, "become an A", "an A"),
    (LETTERS, "order twice a month to reach B", "reach B"),
    (LETTERS, "move up from C", "from C"),
    (LETTERS, "what our Ds get", "Ds"),
    (LETTERS, "the same as for As", "for As"),
    (LETTERS, "class 'D' of our list", "'D'"),
    (LETTERS, "D-grade service", "D-grade"),
    (CELLS, "you are Large/Low", "Large/Low"),
    (CELLS, "what a large/low customer needs", "large/low"),
    (CELLS, "your place is category Small", "category Small"),
    (FLOORS, "you are graded below", "you are graded"),
    (FLOORS, "you are in the class 'near'", "'near'"),
    (FLOORS, "grade below", "grade below"),
    (TOP, "for the top tier only", "top tier"),
    (TOP, "you are one of the 'rest'", "'rest'"),
    (SCORES, "you are in segment 5", "segment 5"),
    (("gold", "bronze"), "order more to become gold", "become gold"),
    (("Gold", "Bronze"), "what gold members get", "gold members"),
    (("Gold", "Bronze"), "you are bronze now", "you are bronze"),
    (LETTERS, "we rate you C", "we rate you"),
    (LETTERS, "you are B now", "you are B"),
    (LETTERS, "you are in gr\u200bade\u00a0 B", "grade B"),
    (LETTERS, "a C\u2011customer", "C-customer"),
    (LETTERS, "you are in \uff47rade B", "grade B"),
    ((), "your rank is not high enough", "your rank"),
    ((), "to get a better grade, order more", "better grade"),
    ((), "your current score", "your current score"),
    ((), "you are ranked by profit", "you are ranked"),
    ((), "for lower-tier customers", "lower-tier customers"),
    ((), "a customer class of its own", "customer class"),
    ((), "we don't help time-wasters", "time-wasters"),
    ((), "Unprofitable customers pay more", "Unprofitable customers"),
]

PLAIN = [
    (LETTERS, "A new price covers the work"),
    (LETTERS, "As soon as you order, we deliver"),
    (LETTERS, "everything from A to Z"),
    (LETTERS, "I explain plan B, vitamin C and a B2B offer on an A4 sheet"),
    (LETTERS, "Smith & C and a C-level contact"),
    (LETTERS, "is it a good day?"),
    (CELLS, "large orders at a low price, small parcels, high volumes"),
    (CELLS, "Small parcels go out the same day"),
    (FLOORS, "below cost, near you, which meets your needs; test scores below 10"),
    (("gold", "new"), "a gold ring for new customers; you are new here and reach gold mines"),
    (TOP, "the rest of the order comes on top"),
    (SCORES, "bring 5 customers and 1 friend at 5/5 odds"),
    ((), "first-class shipping and a world-class team"),
    ((), "upgrade to high-grade steel, or a higher grade of paper"),
    ((), "we score a goal in the top class"),
    ((), "poor weather, difficult ground, a bad road"),
    ((), ""),
]


@pytest.mark.parametrize(("labels", "text", "words"), FOUND)
def test_what_says_a_grade_or_rank_is_found(labels, text, words):
    """The words that say it are returned as they stand in the text."""
    assert words_about(text, labels) == words


@pytest.mark.parametrize(("labels", "text"), PLAIN)
def test_ordinary_english_passes(labels, text):
    """Letters and words that are also labels may be used in their ordinary sense."""
    assert words_about(text, labels) is None


@pytest.mark.parametrize("words", BELITTLING)
def test_each_belittling_word_is_found(words):
    """Each word of the list is found, in capitals and in the plural too."""
    assert words_about(f"they are {words}.", ()) == words
    assert words_about(f"{words.upper()}S", ()) == f"{words.upper()}S"
