"""The Mesa room: the model, the delegations, the penholder, the order of business."""

from sim.chamber.delegation import Delegation
from sim.chamber.model import CouncilModel
from sim.chamber.penholder import Penholder
from sim.chamber.session import convene, map_blocks, voted

__all__ = ["CouncilModel", "Delegation", "Penholder", "convene", "map_blocks", "voted"]
