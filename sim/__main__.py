"""`python -m sim` is `unsc`."""

from sim.cli import main

if __name__ == "__main__":
    main()
