"""Subcommands that teach several networks to learn something of them: `compare`, `crossvalidate`, `curves`.

What they measure is in `training/evaluation`.
"""
