"""`unsc`, and `python -m sim`: signals are heeded before anything that takes time is imported."""

from sim.stopping import heeding


def main() -> None:
    """Run the command line."""
    with heeding():
        from sim.cli import main

        main()


if __name__ == "__main__":
    main()
