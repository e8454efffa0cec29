"""However long a text is, twice as much of it costs twice as much: nobody is kept waiting by what a manifest holds."""

import os
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

from case import Case
from growth import KINDS, MANNERS, TASKS, Cost

# What takes the square of a text's length.
SQUARE = "import sys\ntext = open(sys.argv[-3]).read()\nfor _ in text[::200]: text.count('b')"


class Growth(Case):
    def test_twice_the_text(self):
        """Each kind of text as `lint` sees it, and in one of the other manners, which have nearly all in common."""
        others = [manner for manner in MANNERS if manner != "lint"]
        self.demand_growth(
            (f"{manner} {kind}", MANNERS[manner], *KINDS[kind]) for place, kind in enumerate(KINDS)
            for manner in ("lint", others[place % len(others)]))

    def test_twice_the_work(self):
        self.demand_growth((name, *task) for name, task in TASKS.items())

    def demand_growth(self, tasks):
        tasks = list(tasks)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for (name, *_), growth in zip(tasks, pool.map(self.growth, *zip(*tasks))):
                with self.subTest(name):
                    self.assertLessEqual(growth, Cost.MOST_FOR_TWICE)

    def growth(self, name, words, made, count):
        cost = self.cost(name.replace(" ", "_"), words)
        count = cost.length(made, count)
        growth = cost.growth(made, count)
        # Instructions have the last word, where they can be counted: they are the same under every load.
        counted = cost.counted_growth(made, count) if growth > Cost.MOST_FOR_TWICE else None
        return counted or growth

    def cost(self, name, *options):
        folder = self.folder / name
        folder.mkdir()
        return Cost(folder, *options)

    def test_the_square_is_told(self):
        cost = self.cost("square", [], (sys.executable, "-c", SQUARE))
        made = "b".__mul__
        self.assertGreater(cost.growth(made, cost.length(made, 25_000)), Cost.MOST_FOR_TWICE)

    def test_instructions_are_counted(self):
        cost = self.cost("counted", ["-f"])
        made, _ = KINDS["other annotations"]
        growth = cost.counted_growth(made, 200)
        if growth is None:
            raise unittest.SkipTest("there is no valgrind, or no strip, on this machine")
        self.assertTrue(1.5 < growth < Cost.MOST_FOR_TWICE, growth)


if __name__ == "__main__":
    unittest.main()
