"""What visitors say, in slices: by the script that a name was typed in, by the country that was asked for.

All of it together, and the views, are in `scoreboard.service`; slices of a holdout are its card's.
"""
