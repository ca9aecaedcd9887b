"""`python -m subak`."""

from subak.cli.main import main

if __name__ == "__main__":
    main()
