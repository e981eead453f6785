"""Voting power as a section of its own."""

from __future__ import annotations

from fractions import Fraction

from sim.power import CouncilShape, Power, banzhaf, shapley_shubik
from sim.report.sections import Section


def power_section(council: CouncilShape) -> Section:
    """Return each index for a permanent and an elected member, as a share and exactly."""
    indices = (
        ("Shapley-Shubik", shapley_shubik(council, abstention=False)),
        ("Banzhaf", banzhaf(council, abstention=False)),
        ("Shapley-Shubik, with abstention", shapley_shubik(council, abstention=True)),
        ("Banzhaf, with abstention", banzhaf(council, abstention=True)),
    )
    rule = (
        f"{council.n_permanent} permanent and {council.n_elected} elected members; adopted with "
        f"{council.quota} in favour and fewer than {council.vetoes_needed} negative votes of "
        "permanent members."
    )
    note = (
        "The chance that one member decides, before any preference is known; the indices of all "
        "members sum to 1."
    )
    return Section(
        "Voting power",
        [rule, note],
        ("index", "permanent", "elected", "permanent, exactly", "elected, exactly"),
        [_row(name, power) for name, power in indices],
    )


def _row(name: str, power: Power) -> tuple[str, ...]:
    return (
        name,
        *(f"{float(share):.4f}" for share in (power.permanent, power.elected)),
        *(_exact(share) for share in (power.permanent, power.elected)),
    )


def _exact(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"
