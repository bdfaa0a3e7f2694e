# SPDX-License-Identifier: MIT
"""A clock of (nanosecond, microstep): what happens at one instant, and in which order.

Everything that arrives at an instant lands before anybody acts. Then the nodes for which something happened act in the
order of their numbers. What takes no time (a node's own vote coming back to it) happens one microstep later.
"""

import heapq
from collections import defaultdict


class Instants:
    """The queue. `now` is the (nanosecond, microstep) under way."""

    def __init__(self):
        self.now = (0, -1)
        self._heap = []
        self._bags = defaultdict(list)

    def _put(self, at_ns, entry):
        place = (at_ns, 0) if at_ns > self.now[0] else (self.now[0], self.now[1] + 1)
        if place not in self._bags:
            heapq.heappush(self._heap, place)
        self._bags[place].append(entry)

    def land(self, at_ns, node, what):
        """`node.land(what)` at that time, before anybody acts."""
        self._put(at_ns, (node, "land", what))

    def wake(self, at_ns, node, what=None):
        """`node.act(...)` at that time, with `what` among the list that it is given."""
        self._put(at_ns, (node, "wake", what))

    def run(self, until_ns):
        """Until nothing is left or the clock would pass `until_ns`."""
        while self._heap and self._heap[0][0] <= until_ns:
            self.now = heapq.heappop(self._heap)
            entries = self._bags.pop(self.now)
            woken = defaultdict(list)
            for node, how, what in entries:
                if how == "land":
                    node.land(what)
                    woken[node.number, node]
                elif what is None:
                    woken[node.number, node]
                else:
                    woken[node.number, node].append(what)
            for (_, node), whats in sorted(woken.items(), key=lambda item: item[0][0]):
                node.act(whats)
