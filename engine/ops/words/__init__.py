"""The words that op texts are written in: `table` has each of them once, `arrays` and `floats` compute them."""
