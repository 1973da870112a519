"""What the tests of policy files share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from custgrade import read_policy
from custgrade.errors import ConfigurationError


@pytest.fixture
def message(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that reads a policy file, makes sure that it is refused with its line, and returns the error.

    The folder is left out: `shop.toml, line 3: [treatment.A]: …`.
    """

    def refused(text: str) -> str:
        path = tmp_path / "shop.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError) as caught:
            read_policy(path)
        found = str(caught.value).replace(f"{tmp_path}/", "")
        assert re.match(r"shop\.toml, line \d+: ", found)
        return found

    return refused
