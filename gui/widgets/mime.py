"""The data type of an op dragged out of the palette."""

OP_MIME = "application/x-gradloom-op"  # payload: the name of the op, UTF-8
