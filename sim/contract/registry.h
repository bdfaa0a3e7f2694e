/* SPDX-License-Identifier: MIT */
/*
 * The plug-ins that this program was built with. The arrays are generated from the lists in sim/meson.build into the
 * program (sim/cli) and handed down, so that nothing below knows which plug-ins there are.
 */
#ifndef POSIM_CONTRACT_REGISTRY_H
#define POSIM_CONTRACT_REGISTRY_H

#include "contract/adversary.h"
#include "contract/election.h"
#include "contract/protocol.h"

struct registry {
    struct param_variants protocols, elections, adversaries;
};

/*
 * Fills the registry from NULL-terminated arrays in alphabetical order; the plug-ins must outlive it. registry_release
 * frees the lists.
 */
void registry_init(struct registry *registry, const struct protocol *const *protocols,
                   const struct election *const *elections, const struct adversary *const *adversaries);
void registry_release(struct registry *registry);

/* The election of that name, or NULL. */
const struct election *registry_election(const struct registry *registry, const char *name);

#endif
