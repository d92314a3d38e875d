"""ONNX models as graphs: `read` has the way in; the operators are declared by theme, one function each."""
