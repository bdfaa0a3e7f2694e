# SPDX-License-Identifier: MIT
"""Votes that have come to one Tendermint node."""

from collections import defaultdict

PREVOTE, PRECOMMIT = 0, 1
NIL = None


class Tally:
    """By (kind, height, round, block): {validator: stake}."""

    def __init__(self):
        self._votes = defaultdict(dict)

    def add(self, type_, height, round_, block, validator, stake):
        self._votes[type_, height, round_, block][validator] = stake

    def forget_below(self, height):
        self._votes = defaultdict(dict, {key: votes for key, votes in self._votes.items() if key[1] >= height})

    def items(self):
        return self._votes.items()

    def weight(self, types, height, round_, block="any"):
        """Of the validators that voted so; each counts once."""
        voters = {}
        for (type_, its_height, its_round, its_block), votes in self._votes.items():
            if type_ in types and its_height == height and its_round == round_ and block in ("any", its_block):
                voters.update(votes)
        return sum(voters.values())

    def rounds(self, height):
        return sorted({key[2] for key in self._votes if key[1] == height})

    def rounds_after(self, height):
        """(height, round), in order, of all later heights."""
        return sorted({key[1:3] for key in self._votes if key[1] > height})

    def values_of(self, type_, height, round_):
        """Blocks that were voted for."""
        return sorted(key[3] for key in self._votes if key[:3] == (type_, height, round_) and key[3] is not NIL)
