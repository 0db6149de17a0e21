"""What must not be parted by the end of a page: a heading, what introduces and what it opens, a sum and the boxes that sign it, the last row and the notes.

Heights only: for each block, how much of what follows it has to stand on the page where it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.reports.content import Block, Heading, KeyValues, Paragraph, Signatures, Table

# A chain longer than this part of a page is let go: it would push half a page of rows before it.
_MOST = 0.6


def tails(
    blocks: Sequence[Block], body: float, height: Callable[[int], float], opening: Callable[[int, float], float], notes: float
) -> list[float]:
    """For each block the height of what must follow it on its page.

    ``height(index)`` is a whole block's, ``opening(index, tail)`` the least part of one that may stand under its heading;
    ``notes`` is the height of the closing notes, or of their beginning when they are long.
    """
    most = body * _MOST
    found = [0.0] * len(blocks)
    signed = [False] * len(blocks)
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if index + 1 == len(blocks):
            found[index] = notes
            continue
        following = blocks[index + 1]
        if isinstance(following, Heading) and following.new_page:
            continue
        if isinstance(block, Heading):
            found[index] = min(opening(index + 1, found[index + 1]), most)
        elif isinstance(following, Signatures) or (isinstance(following, Paragraph | KeyValues) and signed[index + 1]):
            chain = height(index + 1) + found[index + 1]
            bare = chain - notes if found[index + 1] >= notes and index + 2 == len(blocks) else chain
            if chain <= most or bare <= most:
                found[index] = chain if chain <= most else bare
                signed[index] = True
        elif isinstance(block, Table) and block.shown and isinstance(following, Paragraph):
            found[index] = min(height(index + 1) + found[index + 1], most)  # how many rows there are besides those shown
        elif isinstance(block, Paragraph) and isinstance(following, Table) and index and isinstance(blocks[index - 1], Heading):
            # A line under a heading that says what the table below it is.
            found[index] = min(opening(index + 1, found[index + 1]), most - height(index))
    return found
