"""What a network learns from: real names with their targets, famous ones often, and what is no name."""

from training.data.minibatches import Examples, repeated
from training.data.synthetic_names import gibberish
from training.fitting.distillation import Opinions
from training.fitting.settings import FitSettings

FAMOUS = 5.0
"""The weight of a name with 10,000 bearers."""


def real_names(settings: FitSettings, train: Examples, opinions: Opinions | None) -> Examples:
    """Return the names to learn with their targets, famous ones as often as they come in a round."""
    targets = opinions.blended_with(train, settings.trust) if opinions else train
    return repeated(targets, FAMOUS, settings.by_heart)


def and_gibberish(settings: FitSettings, lessons: Examples) -> Examples:
    """Return the lessons and strings of consonants, on which doubt is right."""
    return lessons + gibberish(round(settings.gibberish * len(lessons)), settings.seed)
