"""What the program costs: `make bench`, or `python -m benchmarks --only turns --runs 5`.

To add one: a module with a function from a folder to figures, and its name in `__main__`.
"""
