"""`unsc`, and `python -m sim`: signals are heeded before anything that takes time is imported."""

from sim import stopping


def main() -> None:
    """Run the command line, and end the process."""
    stopping.heed()
    try:
        from sim.cli import main

        main()
    finally:
        stopping.ignore()


if __name__ == "__main__":
    main()
