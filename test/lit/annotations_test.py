"""Tests of annotations.py itself: it must find agreement, and every kind of disagreement."""
import unittest

from annotations import apply_fixits, compare, read_annotations


def at(text, piece, code="E0304", message="mask has a dimension", severity="error", **more):
    offset = len(text[:text.index(piece)].encode())
    where = {"begin": {"offset": offset}, "end": {"offset": offset + len(piece.encode())}}
    return {"code": code, "severity": severity, "message": message, "range": where, "label": "", "labels": [], "notes": [], "helps": [], **more}


def complaints(text, *diagnostics):
    expectations, labels, unreadable = read_annotations(text.split("\n"))
    return unreadable + compare(text, expectations, labels, list(diagnostics))


PROGRAM = "let σ = seen + 1\n//      ^^^^ error[E0304]: mask has\n"


class Annotations(unittest.TestCase):
    def test_agreement_counts_characters_not_bytes(self):
        self.assertEqual(complaints(PROGRAM, at(PROGRAM, "seen")), [])

    def test_missing_diagnostic(self):
        self.assertEqual(complaints(PROGRAM), ["line 2: expected error[E0304]: mask has"])

    def test_unannotated_diagnostic(self):
        self.assertIn("not annotated: 1:5-5 error[E0999]", complaints(PROGRAM, at(PROGRAM, "seen"), at(PROGRAM, "σ", code="E0999"))[0])

    def test_each_difference_is_seen(self):
        for wrong in (at(PROGRAM, "see"), at(PROGRAM, "een"), at(PROGRAM, "seen", code="E0305"), at(PROGRAM, "seen", severity="warning"),
                      at(PROGRAM, "seen", message="something else"), at(PROGRAM, "seen + 1\n//")):
            self.assertEqual(len(complaints(PROGRAM, wrong)), 2)

    def test_two_in_one_line(self):
        text = "a + b\n//@1-1 error[E0201]: no a\n//  ^ error[E0201]: no b\n"
        found = [at(text, "b", code="E0201", message="no b"), at(text, "a", code="E0201", message="no a")]
        self.assertEqual(complaints(text, *found), [])

    def test_a_range_over_lines(self):
        text = "let x = (1 +\n//      ^^^^... error[E0101]: open\n 2\n"
        self.assertEqual(complaints(text, at(text, text[8:], code="E0101", message="open")), [])
        self.assertEqual(len(complaints(text, at(text, "(1 +", code="E0101", message="open"))), 2)

    def test_labels_notes_and_helps(self):
        text = PROGRAM + "//  - the name\n// note: a rule\n// help: a cure\n"
        name = {"range": at(text, "σ")["range"], "text": "the name"}
        full = at(text, "seen", labels=[name], notes=["it is a rule"], helps=[{"text": "a cure", "fixits": []}])
        self.assertEqual(complaints(text, full), [])
        self.assertEqual(len(complaints(text, at(text, "seen"))), 3)

    def test_a_label_of_the_primary_range(self):
        text = PROGRAM + "//      ---- has shape\n"
        self.assertEqual(complaints(text, at(text, "seen", label="`seen` has shape [N, T]")), [])
        self.assertEqual(len(complaints(text, at(text, "seen"))), 1)

    def test_a_misspelt_annotation_is_no_comment(self):
        self.assertEqual(len(complaints("let x = 1\n//  ^ eror[E0101]: x\n")), 1)

    def test_fixits_apply_from_the_end(self):
        text = "σ = a"
        fixits = [{"range": at(text, "σ")["range"], "replacement": "s"}, {"range": at(text, "a")["range"], "replacement": "bc"}]
        self.assertEqual(apply_fixits(text, fixits), "s = bc")


if __name__ == "__main__":
    unittest.main()
