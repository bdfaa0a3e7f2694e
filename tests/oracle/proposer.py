# SPDX-License-Identifier: MIT
"""CometBFT's proposer selection (spec/consensus/proposer-selection.md), in whole numbers without bounds."""

MAX_TOTAL_VOTING_POWER = (2**63 - 1) // 8
PRIORITY_WINDOW_SIZE_FACTOR = 2


def voting_powers(stakes):
    """Stakes as voting powers: halved until their sum is within CometBFT's bound, at least 1 each."""
    powers = list(stakes)
    while sum(powers) > MAX_TOTAL_VOTING_POWER:
        powers = [power // 2 for power in powers]
    return [max(power, 1) for power in powers]


class ProposerSelection:
    """A validator set that never changes: who proposes at a height and round."""

    def __init__(self, stakes):
        self.powers = voting_powers(stakes)
        self.total = sum(self.powers)
        self._at_height = [None, self._increment([0] * len(self.powers), 1)]  # priorities and proposer of round 0

    def _scale(self, priorities):
        """Keeps the priorities within twice the total power of one another, rounding towards zero."""
        spread = max(priorities) - min(priorities)
        bound = PRIORITY_WINDOW_SIZE_FACTOR * self.total
        if spread > bound:
            ratio = -(-spread // bound)
            priorities = [abs(priority) // ratio * (1 if priority >= 0 else -1) for priority in priorities]
        return priorities

    def _increment(self, priorities, times):
        """Scale and centre once; then in each turn all gain their power, and the first pays the total and proposes."""
        priorities = self._scale(priorities)
        mean = sum(priorities) // len(priorities)
        priorities = [priority - mean for priority in priorities]
        proposer = None
        for _ in range(times):
            priorities = [priority + power for priority, power in zip(priorities, self.powers)]
            proposer = max(range(len(priorities)), key=lambda validator: (priorities[validator], -validator))
            priorities[proposer] -= self.total
        return priorities, proposer

    def proposer(self, height, round_):
        while len(self._at_height) <= height:
            self._at_height.append(self._increment(self._at_height[-1][0], 1))
        priorities, proposer = self._at_height[height]
        if round_ > 0:
            _, proposer = self._increment(priorities, round_)
        return proposer


def follows_specification():
    """The specification's example of a stable set: p1 has power 1 and p2 power 3."""
    selection = ProposerSelection([1, 3])
    return [selection.proposer(height, 0) for height in range(1, 9)] == [1, 0, 1, 1, 1, 0, 1, 1]
