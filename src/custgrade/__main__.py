"""The command line as a module: `python -m custgrade`."""

from custgrade.cli.main import run

if __name__ == "__main__":
    run()
