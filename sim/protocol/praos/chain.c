/* SPDX-License-Identifier: MIT */
#include "protocol/praos/praos.h"

/* Whether at most k blocks would be rolled back. */
static bool within_security_parameter(const struct praos_parameters *parameters, const struct block_tree *tree,
                                      block_id head, block_id candidate)
{
    if (block_tree_get(tree, candidate)->parent == head)
        return true;
    const struct block *fork = block_tree_get(tree, block_tree_common(tree, head, candidate));
    return block_tree_get(tree, head)->height - fork->height <= (uint64_t)parameters->security_parameter;
}

/*
 * Two chains of one length: the tip with the smaller output of the lottery wins, but only if the tips are at most
 * tie_break_distance slots apart, since Conway; else the chain that came first stays. ouroboros-consensus,
 * Protocol.Praos.Common, comparePraos on PraosTiebreakerView (VRFTiebreakerFlavor; RestrictedVRFTiebreaker 5). Its rule
 * before that one, for blocks of one issuer and slot with different operational certificates, needs key changes, which
 * are not modelled.
 */
static bool wins_tie(const struct praos_parameters *parameters, const struct block *head, const struct block *candidate)
{
    uint64_t distance = head->slot > candidate->slot ? head->slot - candidate->slot : candidate->slot - head->slot;
    if (parameters->tie_break_distance != PARAM_ABSENT && distance > (uint64_t)parameters->tie_break_distance)
        return false;
    return candidate->proof < head->proof;
}

/*
 * maxvalid of the paper (David, Gazi, Kiayias, Russell 2018, the protocol for static stake): the longest chain, and of
 * several longest the present one, but for Cardano's tie-break; in its variant with a moving checkpoint (maxvalid-mc),
 * which discards chains that fork from the present one more than k blocks back.
 */
bool praos_prefers(const struct praos_parameters *parameters, const struct block_tree *tree, block_id head,
                   block_id candidate)
{
    const struct block *ours = block_tree_get(tree, head), *theirs = block_tree_get(tree, candidate);
    if (head == candidate || theirs->height < ours->height)
        return false;
    if (theirs->height == ours->height && !wins_tie(parameters, ours, theirs))
        return false;
    return within_security_parameter(parameters, tree, head, candidate);
}
