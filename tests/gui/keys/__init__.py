"""Every key in F1's list is pressed: a file for each section of the list. `test_keys` collects the rows by itself."""
