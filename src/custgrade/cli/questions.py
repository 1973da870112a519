"""The former names of `model_command`, until `compare` uses the new ones."""

from custgrade.cli.model_command import settings_and_models as asked

__all__ = ["asked"]
