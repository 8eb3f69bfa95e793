"""The command line: python -m siamese_core train | evaluate | compare | map | convert.

Bad input gives one line on stderr and exit code 2. With --json the last line printed is one JSON object.
"""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from siamese_core.cli import commands
from siamese_core.config import IMAGE_SIZE, RECIPES, SHIPPED_MODEL, SIDES


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {_one_line(message)}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ValueError, FloatingPointError, OSError) as error:
        sys.stderr.write(f"siamese_core {parsed.command}: {_one_line(error)}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write(f"siamese_core {parsed.command}: stopped\n")
        return 130
    return 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="siamese_core", description="Train, evaluate and use Siamese networks.")
    adder = parser.add_subparsers(dest="command", required=True)

    train = adder.add_parser("train", help="train a model and write its folder")
    train.set_defaults(run=commands.train)
    train.add_argument("--recipe", choices=RECIPES, default="fast")
    train.add_argument("--epochs", type=int, help="passes over the training images")
    train.add_argument("--margin", type=float, help="margin of the contrastive loss")
    train.add_argument("--min-equals", type=int, help="images that get a partner of their own class")
    train.add_argument("--seed", type=int, help="seed of all random draws")
    train.add_argument(
        "--symbols", type=Path, metavar="FILE", help="symbols that people wrote, for the recipe `anything`"
    )
    train.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="a folder or zip with a folder of pictures a class, or a CSV",
    )
    train.add_argument(
        "--leave-out", type=_names, default=(), metavar="NAME,...", help="classes not to train on, measured apart"
    )
    train.add_argument("--side", type=int, choices=SIDES, default=IMAGE_SIZE, help="pixels of the images of --data")
    train.add_argument("--as-they-are", action="store_true", help="see the pictures of --data in greys, not their ink")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model folder to write")

    evaluate = adder.add_parser("evaluate", help="measure a model on all pairs of the test images")
    evaluate.set_defaults(run=commands.evaluate)
    evaluate.add_argument("model", type=Path, nargs="?", default=SHIPPED_MODEL, metavar="DIR")

    compare = adder.add_parser("compare", help="compare two image files")
    compare.set_defaults(run=commands.compare)
    compare.add_argument("left", type=Path, metavar="A")
    compare.add_argument("right", type=Path, metavar="B")
    compare.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="DIR")

    map_ = adder.add_parser("map", help="make the UMAPs of a model's test embeddings and write them into its folder")
    map_.set_defaults(run=commands.make_map)
    map_.add_argument("model", type=Path, nargs="?", default=SHIPPED_MODEL, metavar="DIR")

    convert = adder.add_parser("convert", help="add the encoder for LiteRT to a model folder of an earlier version")
    convert.set_defaults(run=commands.convert)
    convert.add_argument("model", type=Path, metavar="DIR")

    for command in (train, evaluate, compare, map_, convert):
        command.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser
