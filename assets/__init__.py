"""The data files of the program: icons, example graphs, datasets. Read them with importlib.resources."""
