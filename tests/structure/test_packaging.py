"""The root distribution and the plug-ins' folders agree, and both are what an author would copy."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


def project(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def test_there_are_plugins():
    """The tests below compare something."""
    assert "abcde" in [folder.name for folder in PLUGINS]


def test_entry_points_are_the_union_of_those_of_the_plugins():
    """The root declares each plug-in's entry point exactly as the plug-in itself would."""
    declared = {}
    for folder in PLUGINS:
        declared |= project(folder)["project"]["entry-points"]["custgrade"]
    assert project(ROOT)["project"]["entry-points"]["custgrade"] == declared


def test_wheel_packages_are_the_core_and_every_plugin():
    """The one wheel holds the core and the package of every plug-in folder, and nothing else."""
    packages = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("plugins/*/src/custgrade_*")]
    wheel = project(ROOT)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(["src/custgrade", *packages]) == sorted(wheel["packages"])


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_a_plugin_folder_is_complete(folder):
    """A plug-in folder has what an author would copy, under names that follow from the scheme's."""
    package = folder / "src" / f"custgrade_{folder.name}"
    expected = [folder / "README.md", folder / "tests", package / "__init__.py", package / "py.typed"]
    assert [path for path in expected if not path.exists()] == []
    assert project(folder)["project"]["entry-points"]["custgrade"] == {folder.name: package.name}
    assert project(folder)["project"]["name"] == f"custgrade-{folder.name}"


def test_type_checking_covers_every_plugin():
    """mypy checks the core and every plug-in."""
    assert {"custgrade", *(f"custgrade_{folder.name}" for folder in PLUGINS)} == set(
        project(ROOT)["tool"]["mypy"]["packages"]
    )
