"""tree.py - small trees of files for the tests of the checks: made, used, removed."""

import os
import tempfile


class Tree:
    """A temporary directory with FILES, {path: text}; gone when the `with` ends."""

    def __init__(self, files):
        self.folder = tempfile.TemporaryDirectory(prefix="ipcmark-checks-")
        for path, text in files.items():
            self.write(path, text)

    def write(self, path, text, mode=0o644):
        full = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(full, mode)

    def __enter__(self):
        return self.folder.name

    def __exit__(self, *_):
        self.folder.cleanup()
