"""The five scorers, each with the best that users would write by hand in other libraries."""

from schemes.abcd import ABCD
from schemes.abcde import ABCDE
from schemes.floors import FLOORS
from schemes.matrix3x3 import MATRIX
from schemes.scheme import Scheme
from schemes.top10 import TOP10

SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in (ABCD, ABCDE, MATRIX, FLOORS, TOP10)}
