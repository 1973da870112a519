"""`python -m custgrade` is the same as `custgrade`."""

from custgrade.cli.main import run

if __name__ == "__main__":
    run()
