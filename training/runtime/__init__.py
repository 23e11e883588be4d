"""What any part of training needs of the machine: files written whole, JSON read strictly, and the device.

It knows nothing of names or networks.
"""
