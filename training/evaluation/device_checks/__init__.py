"""Whether a device does what a training needs: every stage once in small, types, equal bits, resuming, speed.

`python -m training doctor` shows it; the tests run the same stages on a device without numbers and on a GPU.
"""
