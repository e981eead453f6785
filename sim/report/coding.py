"""Who coded the votes of a record, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.facts.figures import percent
from sim.record.keywords import keywords

if TYPE_CHECKING:
    from sim.facts.coding import CodingFacts


def coding_sentences(coding: CodingFacts) -> Iterator[str]:
    """Yield who told the kind of each text, unless it was a person for all of them."""
    n_votes = coding["hand"] + coding["rule"] + coding["nobody"]
    if coding["hand"] == n_votes:
        return
    yield (
        f"Kind of text: coded by hand for {coding['hand']:,} of {n_votes:,} votes, by rules on the "
        f"titles for {coding['rule']:,}, by nobody for {coding['nobody']:,} (read as "
        f"'{keywords().default}')."
    )
    if coding["is_thin"]:
        yield (
            f"Little is coded: nobody has said what {percent(coding['nobody'] / n_votes)} of the "
            "votes were on. So what all members share in a vote, which no preference explains, is "
            "fitted to the past, and forecasts are as wide as that. To code more: unsc votes code."
        )
