"""`python -m antiphon.entry.cli`: how the supervisor starts its children."""

from antiphon.entry.cli.main import main

if __name__ == "__main__":
    main()
