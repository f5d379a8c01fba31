"""The arithmetic of bench.py: the interval of a median."""

import unittest

import bench


class Interval(unittest.TestCase):
    def test_fifteen_values_give_the_fourth_and_the_twelfth(self):
        self.assertEqual(bench.interval(range(15, 0, -1)), (4, 12))

    def test_six_values_give_the_first_and_the_last(self):
        self.assertEqual(bench.interval([3, 1, 2, 6, 5, 4]), (1, 6))

    def test_few_values_give_all_of_them(self):
        self.assertEqual(bench.interval([7]), (7, 7))
        self.assertEqual(bench.interval([2, 9, 4]), (2, 9))

    def test_twenty_values_give_the_sixth_and_the_fifteenth(self):
        self.assertEqual(bench.interval(range(1, 21)), (6, 15))


if __name__ == "__main__":
    unittest.main()
