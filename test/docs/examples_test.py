"""Tests of examples.py itself."""
import unittest

from examples import matches, nearly, read_blocks

PAGE = """Text.

<!-- fails: E0304 -->
<!-- file: a.ppl -->

```ppl
model a() {
```
<!-- fails: E0101 -->
More text.
```ppl
dim K = 1
```
"""


class Examples(unittest.TestCase):
    def test_blocks_and_their_directives(self):
        first, second = read_blocks("page.md", PAGE)
        self.assertEqual((first.language, first.text, first.line), ("ppl", "model a() {\n", 6))
        self.assertEqual(first.directives, {"fails": "E0304", "file": "a.ppl"})
        self.assertEqual(second.directives, {})

    def test_matching(self):
        self.assertTrue(matches(["a", "...", "z"], "a\nb\nc\nz\n"))
        self.assertTrue(matches(["took ... ms"], "took 12 ms\n"))
        self.assertFalse(matches(["a"], "a\nb\n"))
        self.assertFalse(matches(["a", "b"], "a\n"))
        self.assertFalse(matches(["a.c"], "abc\n"))

    def test_matching_numbers(self):
        self.assertTrue(nearly(["a  1.52 (n 50)"], "a 1.53  (n 50)\n", 0.05))
        self.assertFalse(nearly(["a 1.52"], "a -1.52\n", 0.05))
        self.assertFalse(nearly(["a 1.52"], "b 1.52\n", 0.05))
        self.assertFalse(nearly(["a 1.52"], "a 1.62\n", 0.05))
        self.assertFalse(nearly(["a 1.52"], "a 1.52 1.52\n", 0.05))
        self.assertTrue(nearly(["a 1.52", "..."], "a 1.52\n\nmore\n", 0.05))
        self.assertFalse(nearly(["a 1.52", "b", "..."], "a 1.52\n", 0.05))


if __name__ == "__main__":
    unittest.main()
