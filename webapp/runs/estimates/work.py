"""How much work a training from scratch is, in names read, so that one run tells of another.

Only the ratio of two such figures is used: the speed is that of a run that ended on this machine.
"""

from training.fitting.settings import FitSettings

NAMES, FREQUENT = 498_682, 4_158
"""Names of the base corpus that are learned from, and those of them with 10,000 bearers or more."""
TEACHER_WIDTH, HALVES = 256, 2
"""Of the networks of an ensemble of teachers, each of which learns one half of the names."""
ASKED = 1 / 3
"""What it costs to ask a network about a name, where learning from it costs one."""
CELLS = {"gru": 1.0, "lstm": 1.2, "rnn": 0.2, "elman": 0.35}
"""What a cell costs beside a GRU of the same width; one that was not measured counts as a GRU."""


def work(settings: FitSettings, more_names: int = 0) -> float:
    """Return the work of a training from scratch; `more_names` come from corpora that are counted in."""
    names = NAMES + more_names + FREQUENT * (settings.oversample_frequent - 1)
    directions = 2 if settings.bidirectional else 1
    read = float(names * settings.epochs)
    # Noise comes with what ends the training.
    noise = 1 + settings.noise_ratio
    if not settings.self_training_repeats:
        return _cost(settings) * directions * read * noise + _teachers(settings, names)
    synthetic = settings.synthetic_ratio * (NAMES + more_names)
    generation = (names * settings.self_training_repeats + synthetic) * noise + ASKED * synthetic
    read += generation * settings.self_training_generations
    return _cost(settings) * directions * read + _teachers(settings, names)


def _teachers(settings: FitSettings, names: float) -> float:
    if settings.teacher != "ensemble":
        return 0
    # Each of the two learns from the half that the other is asked about.
    read = names / HALVES * settings.teacher_epochs + ASKED * names / HALVES
    return HALVES * read * _cost_of("gru", TEACHER_WIDTH, settings.readout, settings.batch_size)


def _cost(settings: FitSettings) -> float:
    return _cost_of(settings.cell, settings.width, settings.readout, settings.batch_size)


def _cost_of(cell: str, width: int, readout: int, batch_size: int) -> float:
    """Return microseconds a name and direction, as measured on one core of a CPU."""
    step = 9_500 / batch_size  # what a step costs whatever it holds
    recurrent = CELLS.get(cell, 1.0) * (0.25 * width + 0.000_28 * width**2)
    return 22 + step + recurrent + 0.000_4 * readout * width
