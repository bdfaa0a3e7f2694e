# SPDX-License-Identifier: MIT
"""Tendermint: algorithm 1 of Buchman, Kwon, Milosevic 2018 (arXiv 1807.04938), with CometBFT's timeouts.

One `Node` is one process p of the paper; comments give the lines. What the paper leaves open is said in README.md.
"""

from collections import Counter
from fractions import Fraction

from catching_up import CatchingUp
from proposer import ProposerSelection
from tally import NIL, PRECOMMIT, PREVOTE, Tally

NEW_HEIGHT, PROPOSE, PREVOTED, PRECOMMITTED = range(4)  # step_p; NEW_HEIGHT: timeout_commit runs
GENESIS = 0
SECOND = 10**9

# CometBFT v0.38, config/config.go, DefaultConsensusConfig; the last two are posim's own.
DEFAULTS = {
    "timeout_propose": 3 * SECOND, "timeout_propose_delta": SECOND // 2,
    "timeout_prevote": SECOND, "timeout_prevote_delta": SECOND // 2,
    "timeout_precommit": SECOND, "timeout_precommit_delta": SECOND // 2,
    "timeout_commit": SECOND, "skip_timeout_commit": False,
    "catch_up_after": SECOND, "help_after": 10 * SECOND,
}
# What wakes a node, beside messages.
RECOVERED, TIMER = range(2)
TIMERS = ("propose", "prevote", "precommit", "commit", "help")


class Rules:
    """What the self-test breaks, one at a time; without arguments the paper's rules."""

    def __init__(self, quorum=Fraction(2, 3), skip=Fraction(1, 3), locks=True, unlocks=True, keeps_valid=True,
                 in_turn=False, longer=None, **settings):
        self.quorum, self.skip, self.locks, self.unlocks = quorum, skip, locks, unlocks
        self.keeps_valid, self.in_turn, self.longer = keeps_valid, in_turn, longer or {}
        self.settings = settings  # these replace the world's


class Proposal:
    def __init__(self, message):
        self.height, self.round, self.block = message.height, message.round, message.block
        self.valid_round = message.payload - 1  # a proposal's payload is its valid round + 1
        self.sender, self.id = message.sender, message.id


class Chain:
    """What all nodes share: the world, its trace, the rules, and what came of it."""

    def __init__(self, world, recorded, instants, rules):
        self.world, self.recorded, self.instants, self.rules = world, recorded, instants, rules
        self.settings = {**DEFAULTS, **world.protocol, **rules.settings}
        self.total = sum(world.stakes)
        self.selection = ProposerSelection(world.stakes)
        self.votes, self.heads, self.finals = [], [], []
        self.counts = Counter()  # how often a rule was followed: what the worlds exercise
        self.horizon_ns = None   # nothing here keeps the comparison from going on to the end
        self.certificates = {}   # by the id of a response: the votes that it carries
        self.nodes = [Node(self, number) for number in range(world.node_count)]

    def quorum(self, weight):
        """2f+1: more than two thirds."""
        return weight > self.rules.quorum * self.total

    def some_honest(self, weight):
        """f+1: more than a third."""
        return weight > self.rules.skip * self.total

    def count(self, rule):
        self.counts[rule] += 1

    def parent(self, block):
        return self.recorded.blocks[block].parent

    def height_of(self, block):
        return 0 if block == GENESIS else self.recorded.blocks[block].height


class Node(CatchingUp):
    def __init__(self, chain, number):
        self.chain, self.number, self.instants = chain, number, chain.instants
        self.validators = chain.world.validators_of(number)
        self.blocks = {GENESIS}                         # with all their ancestors
        self.waiting_for_block = []                     # messages with a block whose ancestors are not here
        self.votes = Tally()
        self.proposals = []                             # as they came, of this height and later ones
        self.landed = []                                # proposals, requests and responses of this instant
        self.timers = {}                                # name -> (due, height, round)
        self.started = False
        self.last, self.last_round = GENESIS, 0         # decision_p[h_p - 1], and the round that decided it
        self.height, self.round, self.step = 1, 0, NEW_HEIGHT  # lines 2 to 4
        self.locked_value, self.locked_round = NIL, -1  # lines 6, 7
        self.valid_value, self.valid_round = NIL, -1    # lines 8, 9
        self.known, self.done = set(), set()
        self.armed = {}                                 # from which (ns, microstep) on a rule is looked at
        self.proof = None                               # line 28: (block, valid round) that is looked for
        self.caught = None

    # Sending.

    def send(self, kind, type_, height, round_, block, payload, sender):
        """Broadcasts, with the delays that posim recorded. Silent nodes send nothing, not even to themselves."""
        now = self.instants.now[0]
        if self.chain.world.is_silent(self.number, now):
            return None
        message = self.chain.recorded.sent(now, self.number, kind, type_, height, round_, block, payload, sender)
        for replica, at_ns in message.arrivals:
            self.instants.land(at_ns, self.chain.nodes[replica], message)
        return message

    def vote(self, type_, block):
        for validator in self.validators:
            message = self.send("vote", type_, self.height, self.round, block, 0, validator)
            if message is not None:
                self.chain.votes.append((message.at_ns, type_, self.height, self.round, validator, self.number, block,
                                         self.chain.world.stakes[validator], message.id))

    def set_timer(self, name, after_ns):
        due = self.instants.now[0] + after_ns
        self.timers[name] = (due, self.height, self.round)
        if not self.chain.world.is_down(self.number, due) or after_ns == 0:
            self.instants.wake(due, self, (TIMER, TIMERS.index(name), (due, self.height, self.round)))

    def timeout(self, name):
        settings = self.chain.settings
        timeout = settings[f"timeout_{name}"] + self.round * settings[f"timeout_{name}_delta"]
        return timeout + self.chain.rules.longer.get(name, 0)

    # What has come.

    def land(self, message):
        if message.kind == "vote":
            self.count_vote(message.type, message.height, message.round, message.block, message.sender)
            return
        if message.kind in ("proposal", "response") and message.block is not NIL and message.block not in self.blocks:
            if message.kind == "response":  # brings the ancestors, too
                block = message.block
                while block not in self.blocks:
                    self.blocks.add(block)
                    block = self.chain.parent(block)
            self.waiting_for_block.append(message)
            self.take_blocks()
        else:
            self.landed.append(message)
        for vote in self.chain.certificates.get(message.id, ()):
            self.count_vote(*vote)

    def count_vote(self, type_, height, round_, block, sender):
        self.votes.add(type_, height, round_, block, sender, self.chain.world.stakes[sender])

    def take_blocks(self):
        """A block is here once all its ancestors are."""
        ready = True
        while ready:
            ready = [message for message in self.waiting_for_block
                     if message.block in self.blocks or self.chain.parent(message.block) in self.blocks]
            for message in ready:
                self.blocks.add(message.block)
                self.waiting_for_block.remove(message)
                self.landed.append(message)

    # One instant.

    def act(self, timers_due):
        if self.chain.world.is_down(self.number, self.instants.now[0]):
            return
        landed, self.landed = sorted(self.landed, key=lambda message: message.id), []
        if (RECOVERED,) in timers_due:
            self.recover()
        if not self.started:
            return
        proof = self.look_for_proof()
        handlers = {"proposal": self.take_proposal, "request": self.answer, "response": self.take_answer}
        for kind, handle in handlers.items():
            for message in landed:
                if message.kind == kind:
                    handle(message)
        self.watch(proof)
        for _, index, timer in sorted(entry for entry in timers_due if entry[0] == TIMER):
            if self.timers.get(TIMERS[index]) == timer:
                del self.timers[TIMERS[index]]
                self.on_timeout(TIMERS[index], *timer[1:])

    def recover(self):
        """Up, for the first time or again: timers that were due meanwhile are due now."""
        if not self.started:
            self.started = True
            self.begin_height()
            self.start_round(0)
            self.upon()
            return
        for name, (due, height, round_) in list(self.timers.items()):
            if due < self.instants.now[0]:
                self.timers[name] = (self.instants.now[0], height, round_)
                self.instants.wake(self.instants.now[0], self, (TIMER, TIMERS.index(name), self.timers[name]))

    # Algorithm 1.

    def begin_height(self):
        self.arm("height")
        self.set_timer("help", self.chain.settings["help_after"])

    def arm(self, what):
        """Rules that count are looked at from the next microstep on."""
        self.armed[what] = (self.instants.now[0], self.instants.now[1] + 1)
        self.instants.wake(self.instants.now[0], self)

    def proposer(self, round_):
        if self.chain.rules.in_turn:
            return (self.height - 1 + round_) % len(self.chain.world.stakes)
        return self.chain.selection.proposer(self.height, round_)

    def start_round(self, round_):
        """Lines 11 to 21."""
        self.round, self.step = round_, PROPOSE
        self.known, self.done = set(), set()
        self.arm("round")
        proposer = self.proposer(round_)
        if proposer not in self.validators:
            self.set_timer("propose", self.timeout("propose"))
            return
        if self.valid_value is not NIL:
            self.chain.count("valid value proposed again")
        block = self.valid_value if self.valid_value is not NIL else self.get_value(proposer)
        if block is not NIL:
            self.send("proposal", 0, self.height, round_, block, self.valid_round + 1, proposer)

    def get_value(self, proposer):
        if self.chain.world.is_silent(self.number, self.instants.now[0]):
            return NIL
        return self.chain.recorded.made(self.instants.now[0], self.number, self.last, 0, self.round, proposer).block

    def valid(self, block):
        return self.chain.parent(block) == self.last

    def take_proposal(self, message):
        if message.height < self.height:
            return
        self.proposals.append(Proposal(message))
        self.upon()

    def proposal(self, round_):
        """That of the round's proposer at this height; the first, of several."""
        for proposal in self.proposals:
            if (proposal.height, proposal.round) == (self.height, round_) and proposal.sender == self.proposer(round_):
                return proposal
        return None

    def upon(self):
        """The rules of a round, with the counts that are known of by now."""
        if self.step == NEW_HEIGHT:
            if self.proposal(0) is not None:  # CometBFT: a complete proposal ends the wait
                self.chain.count("proposal ends the wait")
                self.timers.pop("commit", None)
                self.start_round(0)
            else:
                return
        proposal = self.proposal(self.round)
        if proposal is not None and self.step == PROPOSE:
            self.upon_proposal(proposal)
        if (proposal is not None and ("36", proposal.block) in self.known and self.valid(proposal.block)
                and self.step >= PREVOTED and "36" not in self.done):
            self.done.add("36")  # lines 36 to 43
            self.chain.count("line 36" if self.step == PREVOTED else "line 36, too late to lock")
            if self.step == PREVOTED:
                if self.chain.rules.locks:
                    self.locked_value, self.locked_round = proposal.block, self.round
                self.step = PRECOMMITTED
                self.vote(PRECOMMIT, proposal.block)
            if self.chain.rules.keeps_valid:
                self.valid_value, self.valid_round = proposal.block, self.round
        if "44" in self.known and self.step == PREVOTED:  # lines 44 to 46
            self.chain.count("line 44")
            self.step = PRECOMMITTED
            self.vote(PRECOMMIT, NIL)
        if "34" in self.known and self.step == PREVOTED and "34" not in self.done:  # lines 34, 35
            self.chain.count("line 34")
            self.done.add("34")
            self.set_timer("prevote", self.timeout("prevote"))
        if "47" in self.known and "47" not in self.done:  # lines 47, 48
            self.chain.count("line 47")
            self.done.add("47")
            self.set_timer("precommit", self.timeout("precommit"))

    def upon_proposal(self, proposal):
        """Lines 22 to 33."""
        block, valid_round = proposal.block, proposal.valid_round
        if valid_round == -1:
            free = self.locked_round == -1
        elif 0 <= valid_round < self.round:
            if ("28", block, valid_round) not in self.known:
                self.proof = (block, valid_round)
                self.arm("28")
                return
            free = self.locked_round <= valid_round and (self.chain.rules.unlocks or self.locked_round == -1)
        else:
            return
        accept = self.valid(block) and (free or self.locked_value == block)
        self.step = PREVOTED
        self.vote(PREVOTE, block if accept else NIL)
        self.chain.count("line 22" if valid_round == -1 else "line 28")
        if not accept:
            self.chain.count("prevote against a lock")
        elif not self.locked_value in (NIL, block):
            self.chain.count("prevote for another value than the locked one")

    def on_timeout(self, name, height, round_):
        if name == "help":
            self.ask()
            return
        if height != self.height:
            return
        if name == "commit" and self.step == NEW_HEIGHT:
            self.start_round(0)
        elif name == "propose" and round_ == self.round and self.step == PROPOSE:  # lines 57 to 60
            self.chain.count("line 57")
            self.step = PREVOTED
            self.vote(PREVOTE, NIL)
        elif name == "prevote" and round_ == self.round and self.step == PREVOTED:  # lines 61 to 64
            self.chain.count("line 61")
            self.step = PRECOMMITTED
            self.vote(PRECOMMIT, NIL)
        elif name == "precommit" and round_ == self.round and self.step != NEW_HEIGHT:  # lines 65 to 67
            self.chain.count("line 65")
            self.start_round(self.round + 1)
        self.upon()

    # Counting. A rule is looked at from the microstep after it was armed, and once for each value.

    def is_armed(self, what):
        return what in self.armed and self.armed[what] <= self.instants.now

    def watch(self, proof):
        if self.is_armed("height"):
            self.watch_decision()
        if self.is_armed("height"):
            self.watch_rounds()
        if self.step != NEW_HEIGHT:
            self.watch_proof(proof)
        if self.is_armed("round") and self.step != NEW_HEIGHT:
            self.watch_round()
        if self.is_armed("height"):
            self.watch_heights()
        if self.caught is not None and self.is_armed("caught"):
            self.watch_caught()
        if self.step == NEW_HEIGHT and self.is_armed("all") and self.height > 1:
            if self.votes.weight((PRECOMMIT,), self.height - 1, self.last_round) == self.chain.total:
                self.chain.count("all precommits end the wait")
                del self.armed["all"]
                self.timers.pop("commit", None)
                self.start_round(0)
                self.upon()

    def watch_decision(self):
        """Lines 49 to 54; the block stands for the proposal."""
        for round_ in self.votes.rounds(self.height):
            for block in self.votes.values_of(PRECOMMIT, self.height, round_):
                if (block in self.blocks and self.valid(block)
                        and self.chain.quorum(self.votes.weight((PRECOMMIT,), self.height, round_, block))):
                    self.chain.count("line 49")
                    self.decide(block, round_)
                    return

    def decide(self, block, round_):
        chain, now = self.chain, self.instants.now[0]
        chain.heads.append((now, self.number, self.last, block))
        chain.finals.append((now, self.number, block))
        self.height, self.last, self.last_round = chain.height_of(block) + 1, block, round_
        self.locked_value, self.locked_round, self.valid_value, self.valid_round = NIL, -1, NIL, -1
        self.round, self.step = 0, NEW_HEIGHT
        self.proposals = [proposal for proposal in self.proposals if proposal.height >= self.height]
        self.votes.forget_below(self.height - 1)
        self.known, self.done, self.proof = set(), set(), None
        self.armed = {what: since for what, since in self.armed.items() if what == "caught"}
        self.begin_height()
        if chain.settings["timeout_commit"] == 0:
            self.start_round(0)
        else:
            self.set_timer("commit", chain.settings["timeout_commit"])
            if chain.settings["skip_timeout_commit"]:
                self.arm("all")
        self.upon()

    def watch_rounds(self):
        """Lines 55, 56."""
        for round_ in self.votes.rounds(self.height):
            weight = self.votes.weight((PREVOTE, PRECOMMIT), self.height, round_)
            if round_ > self.round and self.chain.some_honest(weight):
                self.chain.count("line 55")
                self.start_round(round_)
                self.upon()
                return

    def look_for_proof(self):
        """
        Line 28: whether 2f+1 prevotes of the valid round are here, for the proposal that was looked at last. That is
        asked once, as the microstep begins: another round may have begun when the answer is used.
        """
        if self.proof is None or not self.is_armed("28"):
            return None
        block, valid_round = proof = self.proof
        if not self.chain.quorum(self.votes.weight((PREVOTE,), self.height, valid_round, block)):
            return None
        self.proof = None
        return proof

    def watch_proof(self, proof):
        proposal = self.proposal(self.round)
        if proof is not None and proposal is not None and (proposal.block, proposal.valid_round) == proof:
            self.learn(("28", *proof))

    def watch_round(self):
        chain, height, round_ = self.chain, self.height, self.round
        for block in self.votes.values_of(PREVOTE, height, round_):
            if block in self.blocks and chain.quorum(self.votes.weight((PREVOTE,), height, round_, block)):
                self.learn(("36", block))
        if chain.quorum(self.votes.weight((PREVOTE,), height, round_, NIL)):
            self.learn("44")
        if chain.quorum(self.votes.weight((PREVOTE,), height, round_)):
            self.learn("34")
        if chain.quorum(self.votes.weight((PRECOMMIT,), height, round_)):
            self.learn("47")

    def learn(self, what):
        if what not in self.known:
            self.known.add(what)
            self.upon()


def simulate(world, recorded, instants, rules=None):
    """Runs the oracle; its Chain has what it decided."""
    chain = Chain(world, recorded, instants, rules or Rules())
    for node in chain.nodes:
        for at_ns in world.recoveries(node.number):
            instants.wake(at_ns, node, (RECOVERED,))
    instants.run(world.duration_ns)
    return chain
