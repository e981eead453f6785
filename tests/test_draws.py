"""Joint draws: what a fit knows together is drawn together, and nothing else changes."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
import pytest

from sim import load_scenario
from sim.chance import Block
from sim.draws import Draws, at_levels, drawn
from sim.errors import InvalidInput
from sim.fit import fit_record, read_prior
from sim.preferences import Estimate
from sim.record import read_record
from sim.roster import council_on

RUSSIA = next(m for m in council_on(date(2024, 3, 28)) if m.code == "RUS")
KYRGYZSTAN = next(m for m in council_on(date(2027, 3, 28)) if m.code == "KGZ")
TWO = {"stances.any": Estimate(0.5, 0.4), "sides.P3": Estimate(1.0, 0.5)}
WORLDS = Block(7, 0, 20_000)


@pytest.fixture(scope="module")
def fit():
    """The fit to some votes."""
    return fit_record(read_record()[-120:], read_prior())


@pytest.fixture(scope="module")
def draws(fit) -> Draws:
    return fit.joint()


def test_a_file_holds_them(draws):
    """Written and read again they are the same, and so is their hash."""
    again = Draws.from_bytes(draws.content)
    assert again.parameters == draws.parameters
    assert (again.steps == draws.steps).all()
    assert again.sha256 == draws.sha256
    assert all(x.level != "vote" for x in draws.parameters)


def test_steps_are_fine(fit, draws):
    """Kept in steps, spreads are those of the fit within the error of so many draws."""
    kept = [k for k, x in enumerate(fit.design.parameters) if x.level != "vote"]
    spreads = fit.design.spreads * np.sqrt(fit.covariance.diagonal())
    ours = (draws.steps * draws.scale[:, None]).std(axis=1)
    np.testing.assert_allclose(ours, spreads[kept], rtol=5 * (2 * draws.n) ** -0.5)


def test_they_vary_as_the_fit_says(fit, draws):
    """Two stances of one member have the fit's correlation, each its own spread."""
    values = drawn(TWO, WORLDS, RUSSIA, draws, draws.of_worlds(WORLDS))
    np.testing.assert_allclose(values.std(axis=1), [0.4, 0.5], rtol=0.03)
    np.testing.assert_allclose(values.mean(axis=1), [0.5, 1.0], atol=0.02)
    index = fit.design.index
    sums = np.zeros((2, len(index)))
    for row, (trait, name) in enumerate((("stances", "any"), ("sides", "P3"))):
        sums[row, [index[x] for x in at_levels(trait, name, RUSSIA)]] = 1
    sums *= fit.design.spreads
    covariance = sums @ fit.covariance @ sums.T
    expected = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert abs(expected) > 0.1
    assert np.corrcoef(values)[0, 1] == pytest.approx(expected, abs=3 * draws.n**-0.5)


def test_who_was_never_met_has_a_share_of_its_own(draws):
    """A member without a record shares its group's part; the rest of its spread is its own."""
    joint = draws.joint("opposition_cost", KYRGYZSTAN)
    assert joint is not None
    assert joint.own > 0.3
    assert joint.common.var() + joint.own**2 == pytest.approx(1, abs=1e-3)
    cost = {"opposition_cost": Estimate(1.0, 0.5)}
    values = drawn(cost, WORLDS, KYRGYZSTAN, draws, draws.of_worlds(WORLDS))
    np.testing.assert_allclose(values.std(axis=1), [0.5], rtol=0.03)


def test_a_number_that_is_changed_moves_its_draws_alone(draws):
    """Another mean shifts them, another spread stretches them; all others stay bit for bit."""
    of_worlds = draws.of_worlds(WORLDS)
    before = drawn(TWO, WORLDS, RUSSIA, draws, of_worlds)
    changed = {**TWO, "stances.any": Estimate(1.5, 0.8)}
    after = drawn(changed, WORLDS, RUSSIA, draws, of_worlds)
    np.testing.assert_allclose((after[0] - 1.5) / 0.8, (before[0] - 0.5) / 0.4, atol=1e-5)
    assert after[1].tobytes() == before[1].tobytes()


def test_without_them_each_number_is_drawn_by_itself():
    """`draws=null` switches them off; means stay, and the sums vary more."""
    together = load_scenario("dprk-panel-2024")
    alone = together.with_settings(["draws=null"])
    assert together.draws is not None
    assert alone.draws is None
    assert together.fingerprint != alone.fingerprint
    assert "draws" not in alone.document
    assert replace(together, draws_from=None).fingerprint == together.fingerprint


@pytest.mark.parametrize(
    ("name", "content", "hashed", "said"),
    [
        ("missing.draws", None, "0" * 64, "draws.file: there is no file 'missing.draws'"),
        ("other.draws", b"nonsense", "", "draws.file: 'other.draws' holds no draws"),
        ("other.draws", b'{"draws":1}\n', "", "draws.file: 'other.draws' holds no draws"),
        ("other.draws", b"[" * 99_999, "", "draws.file: 'other.draws' holds no draws"),
        ("other.draws", b"sound", "0" * 64, "draws.sha256: 'other.draws' is not the file of this"),
    ],
)
def test_a_file_that_is_not_the_one_named(tmp_path, name, content, hashed, said):
    """It is refused by name, with its place, whatever it holds."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "mine.yaml"
    digest = hashed or sha256(content).hexdigest()
    path.write_text(
        f"kind: preferences\nextends: calibrated\ndraws: {{file: {name}, sha256: '{digest}'}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput, match=r"mine\.yaml:3:") as refused:
        load_scenario("dprk-panel-2024", [f"preferences={path}"])
    assert said in str(refused.value)
