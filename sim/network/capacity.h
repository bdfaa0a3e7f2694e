/* SPDX-License-Identifier: MIT */
/* What each node's queues and processors can do, where that is not the same for all. Private to the room. */
#ifndef POSIM_NETWORK_CAPACITY_H
#define POSIM_NETWORK_CAPACITY_H

#include "network/fabric.h"

/* Fills fabric->queue_rates and first_core by its plan, its rates and its regions; false and a GError as they fit not.
 */
bool capacity_make(const struct network_params *params, struct fabric *fabric, GError **error);

#endif
