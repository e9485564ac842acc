"""``python -m rundoctor``."""

from rundoctor.cli import main

if __name__ == "__main__":
    main(prog_name="rundoctor")
