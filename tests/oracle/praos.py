# SPDX-License-Identifier: MIT
"""Ouroboros Praos (David, Gazi, Kiayias, Russell 2018) with Cardano's tie-break: slots, the longest chain, settlement.

Who wins a slot is taken from the trace: `draws`. What a winner builds on, which chain a node follows and what it holds
final is decided here. Comments name the paper's or ouroboros-consensus's rule; what they leave open is in README.md.
"""

from collections import Counter

from recorded import Difference

GENESIS = 0
SECOND = 10**9

# Cardano mainnet; epoch and randomness stability follow k and f.
DEFAULTS = {"slot": SECOND, "active_slot_coefficient": "5 %", "security_parameter": 2160, "tie_break_distance": 5}
# What wakes a node, beside messages.
RECOVERED, SLOT = range(2)


class Rules:
    """What the self-test breaks, one at a time; without arguments Cardano's rules."""

    def __init__(self, larger_output_wins=False, ties_stay=False, parent_in_slot=False, settled_later=0, **settings):
        self.settled_later = settled_later
        self.larger_output_wins, self.ties_stay, self.parent_in_slot = larger_output_wins, ties_stay, parent_in_slot
        self.settings = settings  # these replace the world's


class Chain:
    """What all nodes share: the world, its trace, the lottery, and what came of it."""

    def __init__(self, world, recorded, instants, rules):
        self.world, self.recorded, self.instants, self.rules = world, recorded, instants, rules
        self.settings = {**DEFAULTS, **world.protocol}
        k = self.settings["security_parameter"]
        percent = int(str(self.settings["active_slot_coefficient"]).split()[0])
        self.settings.setdefault("settlement_depth", k)
        self.settings.setdefault("epoch", -(-10 * k * 100 // percent))
        self.settings.setdefault("randomness_stability", -(-4 * self.settings["epoch"] // 10))
        self.settings.update(rules.settings)
        self.draws = recorded.draws()
        self.randomness = {}      # epoch -> the chain that it came from, as first asked for
        self.horizon_ns = None    # from when on nodes disagree about an epoch's randomness
        self.proofs = {}          # of blocks
        self.counts = Counter()
        self.heads, self.finals, self.votes = [], [], []
        self.nodes = [Node(self, number) for number in range(world.node_count)]

    def count(self, rule):
        self.counts[rule] += 1

    def parent(self, block):
        return self.recorded.blocks[block].parent

    def height(self, block):
        return 0 if block == GENESIS else self.recorded.blocks[block].height

    def slot(self, block):
        return -1 if block == GENESIS else self.recorded.blocks[block].slot

    def ancestor(self, block, height):
        while self.height(block) > height:
            block = self.parent(block)
        return block

    def common(self, one, other):
        height = min(self.height(one), self.height(other))
        one, other = self.ancestor(one, height), self.ancestor(other, height)
        while one != other:
            one, other = self.parent(one), self.parent(other)
        return one

    def before_slot(self, block, slot):
        """The last block of the chain of a slot before this one."""
        while block != GENESIS and self.slot(block) >= slot:
            block = self.parent(block)
        return block

    def check_randomness(self, at_ns, head):
        """
        An epoch's leaders follow from the chain before it (section 3.3): from the blocks up to `randomness_stability`
        slots before its end, and from the last block but one of the epoch before. A trace does not say on which chain
        a draw was won: where nodes disagree about that chain the comparison ends.
        """
        epoch = at_ns // self.settings["slot"] // self.settings["epoch"]
        if epoch == 0:
            return
        begins = epoch * self.settings["epoch"]
        candidate = self.before_slot(head, begins - self.settings["randomness_stability"])
        last = self.before_slot(head, begins)
        chain = (candidate, last)
        if self.randomness.setdefault(epoch, chain) != chain and self.horizon_ns is None:
            self.horizon_ns = at_ns


class Node:
    def __init__(self, chain, number):
        self.chain, self.number, self.instants = chain, number, chain.instants
        self.validators = chain.world.validators_of(number)
        self.blocks = {GENESIS}
        self.head = GENESIS
        self.settled = GENESIS
        self.landed = []

    def land(self, message):
        self.landed.append(message)

    def act(self, events):
        now = self.instants.now[0]
        if self.chain.world.is_down(self.number, now):
            return
        self.chain.check_randomness(now, self.head)
        for block in self.come():
            if self.is_better(block):
                self.adopt(block)
                self.chain.check_randomness(now, self.head)
        slots = sorted(event for event in events if event[0] == SLOT)
        for event in slots:
            if (RECOVERED,) in events:  # looks up its leads now, and so leads a microstep later
                self.instants.wake(now, self, event)
            else:
                self.lead(*event[1:])

    def come(self):
        """
        The blocks that came at this instant: a message brings its block and the ancestors that are not here. First
        those ancestors, in the order in which they were made, then blocks that came by themselves, by message.
        """
        landed, self.landed = self.landed, []
        by_itself = {message.block: message.id for message in landed if message.block not in self.blocks}
        brought = set()
        for block in by_itself:
            while block not in self.blocks:
                self.blocks.add(block)
                if block not in by_itself:
                    brought.add(block)
                block = self.chain.parent(block)
        return sorted(brought) + sorted(by_itself, key=by_itself.get)

    def is_better(self, tip):
        """Longer, and forking at most k blocks back; of one length the smaller output if the tips are near in time."""
        chain, head = self.chain, self.head
        if chain.height(tip) < chain.height(head):
            return False
        common = chain.common(tip, head)
        if chain.height(head) - chain.height(common) > chain.settings["security_parameter"]:
            chain.count("fork too deep")
            return False
        if chain.height(tip) > chain.height(head):
            chain.count("longer chain" if common == head else "longer chain on a fork")
            return True
        if abs(chain.slot(tip) - chain.slot(head)) > chain.settings["tie_break_distance"] or chain.rules.ties_stay:
            chain.count("tie, too far apart")
            return False
        chain.count("tie")
        if chain.rules.larger_output_wins:
            return chain.proofs[tip] > chain.proofs[head]
        return chain.proofs[tip] < chain.proofs[head]

    def adopt(self, tip):
        chain, now = self.chain, self.instants.now[0]
        chain.heads.append((now, self.number, self.head, tip))
        self.head = tip
        depth = chain.settings["settlement_depth"] + chain.rules.settled_later
        if chain.height(tip) > depth:
            settled = chain.ancestor(tip, chain.height(tip) - depth)
            if settled != self.settled:
                if chain.common(settled, self.settled) != self.settled:
                    chain.count("settled block rolled back")
                self.settled = settled
                chain.finals.append((now, self.number, settled))

    def lead(self, slot, validator):
        """Extends the chain up to the slot before: what came of the slot itself is a rival."""
        chain, now = self.chain, self.instants.now[0]
        proofs = chain.draws[validator, slot]
        if chain.horizon_ns is not None or chain.world.is_silent(self.number, now):
            return
        if len(proofs) > 1:
            raise Difference(now, self.number, f"validator {validator} drew slot {slot} twice, on one chain")
        parent = self.head if chain.rules.parent_in_slot else chain.before_slot(self.head, slot)
        if parent != self.head:
            chain.count("two leaders of one slot")
        block = chain.recorded.made(now, self.number, parent, slot, 0, validator)
        message = chain.recorded.sent(now, self.number, "proposal", 0, chain.height(parent) + 1, 0, block.block, 0,
                                      validator)
        chain.proofs[block.block] = min(proofs)
        for replica, at_ns in message.arrivals:
            self.instants.land(at_ns, chain.nodes[replica], message)


def simulate(world, recorded, instants, rules=None):
    """Runs the oracle; its Chain has what it decided."""
    chain = Chain(world, recorded, instants, rules or Rules())
    for validator, slot in chain.draws:
        node = chain.nodes[world.node_of(validator)]
        instants.wake(slot * chain.settings["slot"], node, (SLOT, slot, validator))
    epoch_ns = chain.settings["epoch"] * chain.settings["slot"]
    for node in chain.nodes:
        for at_ns in range(epoch_ns, world.duration_ns, epoch_ns):
            instants.wake(at_ns, node)
        for at_ns in world.recoveries(node.number):
            instants.wake(at_ns, node, (RECOVERED,))
    instants.run(world.duration_ns)
    return chain
