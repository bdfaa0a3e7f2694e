# SPDX-License-Identifier: MIT
"""Small random worlds, as scenario files and as what an oracle needs to know of them."""

import random

MILLISECOND = 10**6
SECOND = 10**9


class World:
    """One scenario. Times are in ns; faults name nodes by number and last from `at` until `until`, which is not in."""

    def __init__(self, kind, name, seed):
        self.kind, self.name, self.seed = kind, name, seed
        self.duration_ns = 30 * SECOND
        self.stakes = [1]
        self.per_node = 1
        self.protocol = {}       # keys that the scenario sets; times in ns
        self.latency = {}
        self.crashes = []        # (node, at, until or None, drop)
        self.partitions = []     # (nodes, at, until, drop)
        self.slowness = []       # (nodes, at, until, extra)
        self.losses = []         # (nodes, at, until, percent)
        self.silences = []       # (node, from, until or None)

    @property
    def node_count(self):
        return -(-len(self.stakes) // self.per_node)

    def validators_of(self, node):
        return list(range(node * self.per_node, min((node + 1) * self.per_node, len(self.stakes))))

    def node_of(self, validator):
        return validator // self.per_node

    def is_down(self, node, at_ns):
        return any(node == which and begin <= at_ns and (end is None or at_ns < end)
                   for which, begin, end, _ in self.crashes)

    def recoveries(self, node):
        """When the node starts or comes up again."""
        times = {0} | {end for which, _, end, _ in self.crashes if which == node and end is not None}
        return [at_ns for at_ns in sorted(times) if not self.is_down(node, at_ns)]

    def is_silent(self, node, at_ns):
        return any(node == which and begin <= at_ns and (end is None or at_ns < end)
                   for which, begin, end in self.silences)

    def is_corrupt(self, node):
        return any(node == which for which, _, _ in self.silences)

    def leaves(self, origin, replica, sent_ns):
        """When a message gets past the partitions that divide the two; None: some partition drops it."""
        if origin == replica:
            return sent_ns
        while True:
            active = [(end, drop) for nodes, begin, end, drop in self.partitions
                      if begin <= sent_ns < end and (origin in nodes) != (replica in nodes)]
            if any(drop for _, drop in active):
                return None
            if not active:
                return sent_ns
            sent_ns = max(end for end, _ in active)

    def arrival(self, origin, replica, sent_ns):
        """With a constant delay: when a message arrives; None: never, or lost at random."""
        leaves_ns = self.leaves(origin, replica, sent_ns)
        if leaves_ns is None or origin == replica:
            return leaves_ns
        at_ns = leaves_ns + self.latency["delay"]
        for nodes, begin, end, extra in self.slowness:
            if begin <= leaves_ns < end and (origin in nodes or replica in nodes):
                at_ns += extra
        while self.is_down(replica, at_ns):  # of crashes that overlap the one that began first decides; the first named
            _, end, drop = min(((begin, end, drop) for node, begin, end, drop in self.crashes
                                if node == replica and begin <= at_ns and (end is None or at_ns < end)),
                               key=lambda crash: crash[0])
            if drop or end is None:
                return None
            at_ns = end
        return at_ns

    def scenario(self, records="blocks, validators, votes_cast, heads, finals, draws, messages, arrivals",
                 deliveries="auto"):
        """The scenario file."""
        lines = ["posim: 1", f"name: {self.name}", f"time: {{duration: {self.duration_ns} ns}}",
                 f"protocol: {_flow({'kind': self.kind, **self.protocol})}",
                 f"validators: {{count: {len(self.stakes)}, per_node: {self.per_node}, "
                 f"stake: {{dist: list, values: {self.stakes}}}}}",
                 f"network: {{latency: {_flow(self.latency)}}}", f"engine: {{deliveries: {deliveries}}}",
                 f"replicate: {{count: 1, seed: {self.seed}}}", f"record: [{records}]"]
        faults = [_fault("crash", begin, end, f"drop: {_switch(drop)}", self._names([node]))
                  for node, begin, end, drop in self.crashes]
        faults += [_fault("partition", begin, end, f"drop: {_switch(drop)}, adversary_bridges: off",
                          self._names(nodes)) for nodes, begin, end, drop in self.partitions]
        faults += [_fault("delay", begin, end, f"extra: {extra} ns", self._names(nodes))
                   for nodes, begin, end, extra in self.slowness]
        faults += [_fault("loss", begin, end, f"probability: {percent} %", self._names(nodes))
                   for nodes, begin, end, percent in self.losses]
        lines += ["faults:", *faults] if faults else []
        silences = [f"  - {{kind: silent, validators: {self._names([node])}, from: {begin} ns"
                    + (f", until: {end} ns}}" if end is not None else "}") for node, begin, end in self.silences]
        lines += ["behaviours:", *silences] if silences else []
        return "\n".join(lines) + "\n"

    def _names(self, nodes):
        return "[" + ", ".join(f"v{validator}" for node in nodes for validator in self.validators_of(node)) + "]"


def _fault(kind, begin, end, setting, names):
    lasts = f"for: {end - begin} ns, " if end is not None else ""
    return f"  - {{kind: {kind}, at: {begin} ns, {lasts}{setting}, validators: {names}}}"


def _switch(value):
    return "on" if value else "off"


def _flow(settings):
    return "{" + ", ".join(f"{key}: {_value(key, value)}" for key, value in settings.items()) + "}"


# Keys whose values are plain numbers; other whole numbers are times.
COUNTS = ("security_parameter", "settlement_depth", "tie_break_distance", "epoch", "randomness_stability")


def _value(key, value):
    if isinstance(value, bool):
        return _switch(value)
    if isinstance(value, int) and key not in COUNTS:
        return f"{value} ns"
    return value


def _latency(luck, scale_ns):
    """Delays of about `scale_ns`; constant ones make coincidences, which try the order of an instant."""
    model = luck.choice(("constant", "constant", "uniform", "uniform", "lognormal"))
    if model == "constant":
        return {"model": model, "delay": luck.choice((0, scale_ns, scale_ns, scale_ns))}
    if model == "uniform":
        return {"model": model, "min": luck.choice((1, scale_ns // 20, scale_ns // 2)), "max": scale_ns * 3 // 2}
    return {"model": model, "median": scale_ns, "sigma": f"{luck.choice((0.3, 0.6, 1.2))}"}


def _stakes(luck, count):
    how = luck.randrange(5)
    if how == 0:
        return [luck.choice((1, 100, 10**6))] * count
    if how == 1:
        return [luck.randint(10**14, 10**17) for _ in range(count)]
    if how == 2:
        return [2**luck.randrange(6) for _ in range(count)]
    return [luck.randint(1, 20) for _ in range(count)]


def _time(luck, first_ns, last_ns, grain_ns):
    """A time; often a round one, which coincides with others."""
    at_ns = luck.randint(first_ns, last_ns)
    return at_ns // grain_ns * grain_ns if luck.random() < 0.5 else at_ns


def _stretch(luck, world, grain_ns, first_ns=0):
    """When a fault begins and ends: well before the world does, so that one sees what comes after."""
    begin = _time(luck, first_ns, world.duration_ns * 3 // 4, grain_ns)
    return begin, begin + _time(luck, grain_ns, world.duration_ns // 4, grain_ns)


def _faults(luck, world, grain_ns, lossy):
    """Crashes that end, partitions that heal, slow and silent nodes; where `lossy`, messages that never arrive."""
    nodes = range(world.node_count)
    for _ in range(luck.choice((0, 0, 1, 1, 2, 3))):
        begin, end = _stretch(luck, world, grain_ns)
        if luck.random() < 0.2:
            begin = 0
        world.crashes.append((luck.choice(nodes), begin, end, lossy and luck.random() < 0.5))
    if world.node_count == 1:
        return
    for _ in range(luck.choice((0, 0, 1, 2))):
        begin, end = _stretch(luck, world, grain_ns)
        side = sorted(luck.sample(nodes, luck.randint(1, world.node_count - 1)))
        world.partitions.append((side, begin, end, lossy and luck.random() < 0.5))
    if luck.random() < 0.2:
        begin, end = _stretch(luck, world, grain_ns)
        world.slowness.append(([luck.choice(nodes)], begin, end, luck.choice((1, 2, 5)) * grain_ns))
    if lossy and luck.random() < 0.7:
        begin, end = _stretch(luck, world, grain_ns)
        side = sorted(luck.sample(nodes, luck.randint(1, world.node_count)))
        world.losses.append((side, begin, end, luck.choice((5, 20, 40, 60))))
    if world.node_count > 2 and luck.random() < 0.3:
        begin, end = luck.choice(((0, None), _stretch(luck, world, grain_ns)))
        world.silences.append((luck.choice(nodes), begin, end))


def tendermint(number):
    """World `number`: some tens of heights among one to seven validators."""
    luck = random.Random(f"tendermint {number}")
    world = World("tendermint", f"tendermint-{number}", luck.randrange(2**32))
    delay = luck.choice((20, 50, 100, 200)) * MILLISECOND
    if luck.random() < 0.25:
        return _torn_tendermint(luck, world, delay)
    world.per_node = luck.choice((1, 1, 1, 1, 2))
    world.stakes = _stakes(luck, luck.choice((1, 2, 3, 4, 4, 5, 6, 7)))
    world.latency = _latency(luck, delay)
    world.duration_ns = delay * luck.randint(50, 200)
    # Timeouts from far too short to comfortable; some are left to posim's defaults.
    for name in ("propose", "prevote", "precommit"):
        if luck.random() < 0.9:
            world.protocol[f"timeout_{name}"] = luck.choice((0, 1, 2, 3, 4, 6)) * delay
        if luck.random() < 0.9:
            world.protocol[f"timeout_{name}_delta"] = luck.choice((1, 1, 2, 3)) * delay // 2
    # Where messages take no time, or who decides alone need not wait for others, blocks would be decided without end at
    # one instant if nothing made nodes wait.
    timeless = world.node_count == 1 or world.latency.get("delay") == 0
    if luck.random() < 0.9:
        world.protocol["timeout_commit"] = luck.choice((1 if timeless else 0, 1, 2, 5)) * delay
    if luck.random() < 0.3 and not timeless:
        world.protocol["skip_timeout_commit"] = True
    if world.protocol.get("timeout_commit") == 0 and world.protocol.get("timeout_propose") == 0:
        world.protocol["timeout_propose"] = delay
    helped = luck.random() < 0.5
    for name in ("catch_up_after", "help_after"):
        world.protocol[name] = luck.choice((2, 5, 10)) * delay if helped else 2 * world.duration_ns
    _faults(luck, world, delay, luck.random() < 0.6)
    return world


def _torn_tendermint(luck, world, delay):
    """Equal stakes, delays beyond the timeouts and much loss: rounds in which some see a quorum and others do not."""
    world.stakes = [1] * luck.choice((4, 4, 4, 5, 7))
    world.latency = {"model": "uniform", "min": delay // 20, "max": 2 * delay}
    world.duration_ns = delay * luck.randint(100, 300)
    for name, timeouts in (("propose", (2, 3)), ("prevote", (0, 1, 2)), ("precommit", (0, 1, 2))):
        world.protocol[f"timeout_{name}"] = luck.choice(timeouts) * delay
        world.protocol[f"timeout_{name}_delta"] = delay // luck.choice((2, 5, 20))
    world.protocol["timeout_commit"] = 0
    world.protocol["catch_up_after"] = world.protocol["help_after"] = luck.choice((20, 40)) * delay
    world.losses = [(list(range(world.node_count)), 0, world.duration_ns, luck.choice((10, 20, 30)))]
    return world


def praos(number):
    """World `number`: some hundred slots of one to seven pools; delays from a fraction of a slot to several."""
    luck = random.Random(f"praos {number}")
    world = World("praos", f"praos-{number}", luck.randrange(2**32))
    if luck.random() < 0.1:
        return _rival_praos(luck, world)
    count = luck.randint(1, 7)
    world.per_node = luck.choice((1, 1, 1, 2))
    world.stakes = _stakes(luck, count)
    slot = luck.choice((100, 500, 1000)) * MILLISECOND
    world.latency = _latency(luck, slot * luck.choice((1, 3, 10, 10, 20, 40)) // 10)
    slots = luck.randint(50, 250)
    world.duration_ns = slot * slots + luck.choice((0, 1, slot // 3))
    k = luck.choice((2, 3, 5, 10, 20))
    world.protocol = {"slot": slot, "active_slot_coefficient": f"{luck.choice((5, 10, 20, 40, 70))} %",
                      "security_parameter": k, "epoch": luck.choice((10**6, 10**6, 10**6, 60, 100))}
    if luck.random() < 0.8:
        world.protocol["settlement_depth"] = luck.randint(0, k)
    if luck.random() < 0.7:
        world.protocol["tie_break_distance"] = luck.choice((0, 1, 2, 5, 10, 10**6))
    _faults(luck, world, slot, luck.random() < 0.3)
    return world


def _rival_praos(luck, world):
    """Messages take no time and nodes come up as a slot begins: their rivals' blocks of the slot are there first."""
    world.stakes = _stakes(luck, luck.randint(3, 5))
    world.latency = {"model": "constant", "delay": 0}
    world.duration_ns = 100 * SECOND
    world.protocol = {"active_slot_coefficient": "70 %", "security_parameter": 10, "epoch": 10**6,
                      "settlement_depth": luck.randint(0, 10)}
    for _ in range(20):
        up = luck.randint(2, 99)
        begin = up * SECOND - luck.randint(1, 2 * SECOND)
        world.crashes.append((luck.randrange(world.node_count), max(begin, 0), up * SECOND, False))
    return world
