"""`python -m translator`, and the command of that name."""


def main() -> None:
    """Run the command line; stopped while that is still being loaded, it ends as it does later."""
    try:
        from translator.cli.app import main as run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()


if __name__ == "__main__":
    main()
