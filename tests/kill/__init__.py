"""The real program, killed at random instants under load: nothing may be lost, nothing done twice.

`make test` kills it fifty times; `python -m tests.kill --kills 1000 --mode polling` as often as one likes.
"""
