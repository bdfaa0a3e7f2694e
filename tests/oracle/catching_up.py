# SPDX-License-Identifier: MIT
"""How a Tendermint node gets what it lacks: posim's own, as sim/protocol/tendermint/README.md tells it."""

from recorded import Difference
from tally import NIL, PRECOMMIT, PREVOTE


class CatchingUp:
    """The part of a Node that asks, answers, and follows an answer."""

    def watch_heights(self):
        """f+1 votes of a later height: ask soon."""
        if "behind" in self.armed:
            return
        for height, round_ in self.votes.rounds_after(self.height):
            if self.chain.some_honest(self.votes.weight((PREVOTE, PRECOMMIT), height, round_)):
                self.armed["behind"] = self.instants.now
                self.set_timer("help", self.chain.settings["catch_up_after"])
                return

    def ask(self):
        """One who voted at a later height, or any other validator's node: the draw is posim's, and is taken from it."""
        self.set_timer("help", self.chain.settings["catch_up_after"])
        if "behind" in self.armed:
            nodes = {self.chain.world.node_of(voter) for key, votes in self.votes.items()
                     if key[1] > self.height for voter in votes}
        else:
            nodes = {node.number for node in self.chain.nodes} - {self.number}
        if not nodes:
            return
        self.chain.count("request")
        message = self.send("request", 0, self.height, self.round, NIL, 0, self.validators[0])
        for replica, _ in message.arrivals if message is not None else ():
            if replica not in nodes:
                raise Difference(message.at_ns, self.number, f"posim asks node {replica}, which should not be asked")

    def answer(self, request):
        """
        The last decision and its precommits to who lacks it; all votes of the height to who is at the same, with the
        block that a quorum of them may be for.
        """
        if request.height > self.height:
            return
        if request.height < self.height:
            place = (self.height - 1, self.last_round, self.last)
            held = [(key, votes) for key, votes in self.votes.items() if key == (PRECOMMIT, *place)]
        else:
            place = (self.height, self.round, self.valid_value)
            held = [(key, votes) for key, votes in self.votes.items() if key[1] == self.height]
        message = self.send("response", 0, *place, 0, self.validators[0])
        if message is not None:
            self.chain.certificates[message.id] = [(*key, voter) for key, votes in held for voter in votes]

    def take_answer(self, response):
        """A decision of a later height counts once its precommits do; line 49 sees to the present height."""
        if response.block is NIL or response.height <= self.height or not self.descends_from_last(response.block):
            return
        self.caught = (response.height, response.round, response.block)
        self.arm("caught")

    def descends_from_last(self, block):
        while self.chain.height_of(block) > self.height - 1:
            block = self.chain.parent(block)
        return block == self.last

    def watch_caught(self):
        height, round_, block = self.caught
        if height < self.height or not self.descends_from_last(block):
            self.caught = None
        elif self.chain.quorum(self.votes.weight((PRECOMMIT,), height, round_, block)):
            self.chain.count("caught up")
            self.decide(block, round_)
