"""Names to learn from: the corpus, lists of names, the split, minibatches, corrections, synthetic names,
and the groups that they are scored in.

What a name is stands in `training.names`; learning from these is in `fitting`.
"""
