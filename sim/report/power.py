"""Voting power as a section of its own."""

from __future__ import annotations

from sim.power import CouncilShape, banzhaf, shapley_shubik
from sim.report.sections import Row, Section, Written, number


def power_section(council: CouncilShape) -> Section:
    """Return each index for a permanent and an elected member, as a share and exactly."""
    rows: list[Row] = []
    for with_abstention in (False, True):
        for name, index in (("Shapley-Shubik", shapley_shubik), ("Banzhaf", banzhaf)):
            power = index(council, abstention=with_abstention)
            shares = (power.permanent, power.elected)
            decimals = (number(float(share), ".4f") for share in shares)
            exact = (Written(f"{share.numerator}/{share.denominator}") for share in shares)
            called = f"{name}, with abstention" if with_abstention else name
            rows.append((called, *decimals, *exact))
    rule = (
        f"{council.n_permanent} permanent and {council.n_elected} elected members; adopted with "
        f"{council.quota} in favour and fewer than {council.vetoes_needed} negative votes of "
        "permanent members."
    )
    note = (
        "How often one member's vote is decisive, before any preference is known; the indices of "
        "all members sum to 1."
    )
    return Section(
        "Voting power",
        [rule, note],
        ("index", "permanent", "elected", "permanent, exactly", "elected, exactly"),
        rows,
    )
