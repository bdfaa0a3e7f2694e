# SPDX-License-Identifier: MIT
"""Oracles with one rule broken, which the comparison must tell from posim; and the rules that worlds must lead to."""

from fractions import Fraction

import praos
import tendermint

MUTANTS = {
    "praos": {
        "the larger output winning ties": praos.Rules(larger_output_wins=True),
        "ties that never replace the head": praos.Rules(ties_stay=True),
        "blocks on rivals of their own slot": praos.Rules(parent_in_slot=True),
        "outputs compared at any distance": praos.Rules(tie_break_distance=10**9),
        "no bound on rollback": praos.Rules(security_parameter=10**9),
        "settlement one block deeper": praos.Rules(settled_later=1),
    },
    "tendermint": {
        "a quorum of one half": tendermint.Rules(quorum=Fraction(1, 2)),
        "a quorum of three quarters": tendermint.Rules(quorum=Fraction(3, 4)),
        "round skips at two thirds": tendermint.Rules(skip=Fraction(2, 3)),
        "no locks": tendermint.Rules(locks=False),
        "locks that never open": tendermint.Rules(unlocks=False),
        "new values in place of valid ones": tendermint.Rules(keeps_valid=False),
        "a prevote timeout that is 1 ns longer": tendermint.Rules(longer={"prevote": 1}),
        "a precommit timeout that does not grow": tendermint.Rules(timeout_precommit_delta=0),
        "no wait after a decision": tendermint.Rules(timeout_commit=0),
        "proposers in turn": tendermint.Rules(in_turn=True),
    },
}

# What must have happened in the worlds at least once, for a comparison without difference to mean something.
FOLLOWED = {
    "praos": ("longer chain", "longer chain on a fork", "tie", "tie, too far apart", "fork too deep",
              "two leaders of one slot", "settled block rolled back"),
    "tendermint": ("line 22", "line 28", "line 34", "line 36", "line 36, too late to lock", "line 44", "line 47",
                   "line 49", "line 55", "line 57", "line 61", "line 65", "valid value proposed again",
                   "prevote against a lock", "prevote for another value than the locked one",
                   "proposal ends the wait", "all precommits end the wait", "request", "caught up"),
}
