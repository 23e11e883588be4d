"""How a network learns: settings, the trainer, teachers, self-training, fine-tuning, checkpoints.

The names are in `data`; how good the outcome is, in `evaluation`.
"""
