"""``python -m vigencia``: the command line."""

from vigencia.cli import main

if __name__ == "__main__":
    main()
