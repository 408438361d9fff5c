"""`python -m translator`."""

from translator.cli.app import main

if __name__ == "__main__":
    main()
