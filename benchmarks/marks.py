"""Whether a mark of the script helps: names of the lands that write it, without a country and with one.

    python -m benchmarks.marks

Each name weighs as frequent as it is there; only names that a list gives to one kind are asked.
"""

from training.data.world.countries import read_countries
from training.model.artifact import SHIPPED
from training.model.inference.cpu_network import CpuNetwork, load
from training.names import with_country

LANDS = {
    "Cyrillic": ("RU", ("RU", "BY", "UA", "BG", "RS", "MK", "KZ")),
    "Greek": ("GR", ("GR",)),
    "Armenian": ("AM", ("AM",)),
    "Georgian": ("GE", ("GE",)),
    "Indian scripts": ("IN", ("IN",)),
}
"""By script: the country whose token would be its mark, and the countries that write it."""


def main() -> None:
    """Print the share of bearers whose name is answered right, without the mark and with it."""
    network = load(SHIPPED.read_bytes())
    rows = read_countries(frozenset()).rows
    print(f"{'script':<16} {'names':>6}  without    with")
    for script, (mark, lands) in LANDS.items():
        named = [row for row in rows if row.name[:2] in lands and row.share != 0.5]
        shares = [row.share for row in named]
        weights = [10 ** (row.weight - 1) for row in named]
        plain = right(network, [row.name[3:] for row in named], shares, weights)
        marked = right(network, [with_country(mark, row.name[3:]) for row in named], shares, weights)
        print(f"{script:<16} {len(named):>6,}  {plain:>7.4f} {marked:>7.4f}")


def right(network: CpuNetwork, names: list[str], shares: list[float], weights: list[float]) -> float:
    """Return the weighted share of names that are answered with the majority label."""
    told = zip(network.shares(names), shares, weights, strict=True)
    return sum(weight for p, share, weight in told if (p > 0.5) == (share > 0.5)) / sum(weights)


if __name__ == "__main__":
    main()
