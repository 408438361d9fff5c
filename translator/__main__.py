"""`python -m translator`, which is also what torchrun starts: `torchrun -m translator train …`."""

from translator.cli.app import main

if __name__ == "__main__":
    main()
