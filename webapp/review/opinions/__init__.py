"""What each reviewer thinks of a correction: kept beside what was decided, asked of a colleague, compared.

Deciding is in `review.service`; an opinion decides nothing.
"""
