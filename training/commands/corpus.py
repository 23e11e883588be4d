"""`python -m training corpus`: what a corpus holds after cleaning, and where to get another."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training.commands import Subparsers, format_table
from training.data import corpus as corpora
from training.data.corpus import PARTS, TRAIN, Corpus, Origin
from training.data.download import download
from training.data.name_lists import UTF_8, read_name_list, read_rows
from training.data.ngrams import table_of_trigrams
from training.data.world import countries
from training.fitting.readers.both import read_world
from training.fitting.readers.sample import keep_sample, sample_of

EDGES = (1, 2, 10, 100, 1_000, 10_000)
EXAMPLES = """examples of --download:
  https://www.ssa.gov/oact/babynames/names.zip   US Social Security Administration, since 1880
  https://www.cs.cmu.edu/afs/cs/project/ai-repository/ai/areas/nlp/corpora/names/   (female.txt, male.txt)
"""


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    from argparse import RawDescriptionHelpFormatter

    parser = commands.add_parser(
        "corpus",
        help="what a corpus holds; write it; download another",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument(
        "--encoding", type=encoding, default=UTF_8, metavar="NAME", help="of the files, as cp1252 (utf-8)"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write it as SQLite for the site")
    parser.add_argument(
        "--lessons", type=Path, metavar="FILE", help="keep what readers are scored and corrected by for runs"
    )
    parser.add_argument("--trigrams", type=Path, metavar="FILE", help="write which letters follow each other")
    parser.add_argument("--download", metavar="URL", help="fetch a corpus over https")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where the download goes (its own name)")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Download, write and print as asked."""
    if args.download:
        args.files = [download(args.download, args.to)]
        print(f"Downloaded {args.files[0]}")
    corpus = read_corpora(args.files, not args.files, args.encoding)
    if args.write:
        told = read_origins(args.files, args.encoding) if args.files else countries.origins()
        # The list of countries tells powers of two, and no counts.
        corpora.write_corpus(corpus, args.write, told, is_estimate=not args.files)
        print(f"Wrote {len(corpus):,} names to {args.write}")
    if args.lessons:
        keep_sample(sample_of(read_world(corpus)), args.lessons)
        print(f"Wrote {args.lessons}")
    if args.trigrams:
        args.trigrams.write_text(table_of_trigrams(corpus.only(TRAIN).names) + "\n", encoding="ascii")
    if not (args.write or args.lessons or args.trigrams):
        print(describe_corpus(corpus))
    return 0


def encoding(name: str) -> str:
    """Return the encoding that an option names, for a parser of options."""
    try:
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise ArgumentTypeError(f"there is no encoding {name[:40]!r}") from error
    return name


def read_corpora(files: list[Path], with_base: bool, encoding: str = UTF_8) -> Corpus:
    """Return the base corpus if asked, and the files, counted together."""
    found = [corpora.read_base_corpus()] if with_base else []
    found += [read_name_list(path, encoding) for path in files]
    # One after the other, so that a name stays in the part in which the first of them has it.
    whole = found[0]
    for more in found[1:]:
        whole = corpora.combine_corpora(whole, more)
    return whole


def read_origins(files: list[Path], encoding: str = UTF_8) -> Iterator[Origin]:
    """Give what lists tell of where and when their names were counted."""
    for path in files:
        for row in read_rows(path, encoding):
            if row.country or row.year:
                yield row.name, row.country, row.year, row.share * row.count, row.count


def describe_corpus(corpus: Corpus) -> str:
    """Return the counts of a corpus as a table: names by bearers and part, and how many are unisex."""
    rows = []
    for low, high in zip(EDGES, (*EDGES[1:], None), strict=True):
        # (names,) bool
        inside = (corpus.people >= low) & (corpus.people < (high or np.inf))
        rows.append((_range(low, high), *_counts(corpus, inside)))
    rows.append(("all", *_counts(corpus, np.ones(len(corpus), bool))))
    head = ("bearers", "names", *PARTS, "mostly women", "mostly men", "unisex")
    facts = f"{corpus.source}: {int(corpus.people.sum()):,} people, fingerprint {corpus.fingerprint[:16]}"
    return f"{facts}\n\n{format_table(head, rows)}\n\nunisex: more than 10% and less than 90% women"


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low:,}+"
    return f"{low:,}" if high == low + 1 else f"{low:,}–{high - 1:,}"


def _counts(corpus: Corpus, rows: np.ndarray) -> tuple[int, ...]:
    part, share = corpus.part[rows], corpus.share[rows]
    parts = (int((part == code).sum()) for code in range(len(PARTS)))
    # (names of the row,) bool
    unisex = (share > 0.1) & (share < 0.9)
    kinds = (int((share > 0.5).sum()), int((share < 0.5).sum()), int(unisex.sum()))
    return (int(rows.sum()), *parts, *kinds)
