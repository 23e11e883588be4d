"""What Prometheus reads of a site: how it answers, and how it is.

The figures that people read are in `scoreboard`, whose gauges are part of what is given here.
"""
