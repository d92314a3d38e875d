"""The tabs: one window in which several documents are open, each with a page of its own."""
