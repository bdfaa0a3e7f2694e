# SPDX-License-Identifier: MIT
"""What posim recorded of a run: messages with their arrivals, blocks, draws, and the tables to compare with."""

import csv
import os
import subprocess
from collections import defaultdict


class Difference(Exception):
    """The oracle and posim part ways: when, at which node, and over what."""

    def __init__(self, at_ns, node, text):
        super().__init__(text)
        self.at_ns, self.node, self.text = at_ns, node, text

    def __str__(self):
        return f"at {seconds(self.at_ns)} s, node {self.node}: {self.text}"


def seconds(at_ns):
    return f"{at_ns // 10**9}.{at_ns % 10**9:09d}"


def nanoseconds(text):
    """A time of a trace, exactly; None for NA."""
    if text == "NA":
        return None
    whole, part = text.split(".")
    return int(whole) * 10**9 + int(part)


def number(text):
    """A whole number of a trace, in decimal or hexadecimal; None for NA."""
    return None if text == "NA" else int(text, 0)


def table(folder, name):
    """The rows of a table, as dictionaries of texts; reads the compressed ones too."""
    path = os.path.join(folder, name + ".csv")
    if os.path.exists(path):
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    done = subprocess.run(["zstd", "-dcq", path + ".zst"], stdout=subprocess.PIPE, check=True)
    return list(csv.DictReader(done.stdout.decode("utf-8").splitlines()))


class Message:
    """One message that posim sent."""

    def __init__(self, row):
        self.at_ns = nanoseconds(row["at_s"])
        self.id = number(row["message"])
        self.kind = row["kind"]
        self.type = number(row["type"])
        self.height = number(row["height"])
        self.round = number(row["round"])
        self.block = number(row["block"])
        self.payload = number(row["payload"])
        self.sender = number(row["sender"])
        self.origin = number(row["origin"])
        self.arrivals = []  # (replica, ns), by replica
        self.used = False

    def content(self):
        return (self.kind, self.type, self.height, self.round, self.block, self.payload, self.sender, self.origin)

    def __str__(self):
        what = "nil" if self.block is None else f"block {self.block}"
        return (f"{self.kind} type={self.type} height={self.height} round={self.round} {what} payload={self.payload} "
                f"sender={self.sender} from node {self.origin} at {seconds(self.at_ns)} s")


class Block:
    """One block that posim made."""

    def __init__(self, row):
        for name in ("block", "parent", "height", "slot", "round", "proposer", "variant"):
            setattr(self, name, number(row[name]))
        self.proposed_ns = nanoseconds(row["proposed_s"])
        self.used = False

    def __str__(self):
        return (f"block {self.block} on {self.parent} height={self.height} slot={self.slot} round={self.round} "
                f"proposer={self.proposer} at {seconds(self.proposed_ns)} s")


class Recorded:
    """A run's trace. What the oracle takes from it is what `sent` and `made` return: arrivals, and names of blocks."""

    def __init__(self, folder):
        self.folder = folder
        self.messages = [Message(row) for row in table(folder, "messages")]
        by_id = {message.id: message for message in self.messages}
        self.arrival_count = 0
        for row in table(folder, "arrivals"):
            by_id[number(row["message"])].arrivals.append((number(row["replica"]), nanoseconds(row["at_s"])))
            self.arrival_count += 1
        self._by_content = defaultdict(list)
        for message in self.messages:
            self._by_content[message.content()].append(message)
        self.blocks = {}
        self._by_place = {}
        for row in table(folder, "blocks"):
            block = Block(row)
            self.blocks[block.block] = block
            self._by_place[block.parent, block.slot, block.round, block.proposer, block.variant] = block

    def draws(self):
        """Lotteries won: {(validator, slot): {proof, ...}}."""
        won = defaultdict(set)
        for row in table(self.folder, "draws"):
            won[number(row["validator"]), number(row["slot"])].add(number(row["proof"]))
        return won

    def sent(self, at_ns, origin, kind, type_, height, round_, block, payload, sender):
        """The recorded message of that content, which the oracle now sends, with its arrivals."""
        wanted = (kind, type_, height, round_, block, payload, sender, origin)
        for message in self._by_content[wanted]:
            if not message.used and message.at_ns == at_ns:
                message.used = True
                return message
        what = "nil" if block is None else f"block {block}"
        text = (f"the oracle sends {kind} type={type_} height={height} round={round_} {what} payload={payload} "
                f"sender={sender}")
        others = [message for message in self._by_content[wanted] if not message.used]
        text += f"; posim sends it at {seconds(others[0].at_ns)} s" if others else "; posim never sends it"
        raise Difference(at_ns, origin, text)

    def made(self, at_ns, node, parent, slot, round_, proposer):
        """The recorded block of that content, which the oracle now makes."""
        block = self._by_place.get((parent, slot, round_, proposer, 0))
        text = f"the oracle makes a block on {parent} slot={slot} round={round_} proposer={proposer}"
        if block is None:
            raise Difference(at_ns, node, text + "; posim never makes it")
        if block.proposed_ns != at_ns:
            raise Difference(at_ns, node, text + f"; posim makes it at {seconds(block.proposed_ns)} s")
        block.used = True
        return block

    def first_not_sent(self, until_ns):
        """A difference that tells of the first message or block up to that time that the oracle did not make."""
        left = [Difference(message.at_ns, message.origin, f"posim sends {message}; the oracle does not")
                for message in self.messages if not message.used and message.at_ns <= until_ns]
        left += [Difference(block.proposed_ns, block.proposer, f"posim makes {block}; the oracle does not")
                 for block in self.blocks.values() if not block.used and block.proposed_ns <= until_ns]
        return min(left, key=lambda difference: difference.at_ns, default=None)
