/* SPDX-License-Identifier: MIT */
/* A topology from a file: its parameters, and what of a file is needed beyond its links. Private to the room. */
#ifndef POSIM_NETWORK_TOPOLOGY_FILE_H
#define POSIM_NETWORK_TOPOLOGY_FILE_H

#include "base/param.h"

enum topology_format {
    TOPOLOGY_FORMAT_BY_NAME,
    TOPOLOGY_FORMAT_CSV,
    TOPOLOGY_FORMAT_GML,
    TOPOLOGY_FORMAT_YAML,
};

enum topology_loss {
    TOPOLOGY_LOSS_REFUSE,
    TOPOLOGY_LOSS_IGNORE,
};

struct topology_file_params {
    const char *file;
    int format; /* enum topology_format; topology_format_of knows */
    const char *nodes;
    const char *from, *to, *latency, *rate; /* columns of the edges */
    const char *node, *stake, *region;      /* columns of the nodes */
    int loss;                               /* enum topology_loss */
    bool bidirectional;
    bool bandwidth;
    struct ratio jitter;
};
extern const struct param_table topology_file_params_table;

struct fabric;
struct param_variant_value;

/* The format that is given, or told by the end of the file's name; never TOPOLOGY_FORMAT_BY_NAME. */
enum topology_format topology_format_of(const struct topology_file_params *given);

/* The file's parameters where the topology is one of a file, else NULL. */
const struct topology_file_params *topology_file_of(const struct param_variant_value *topology);

struct network_params;

/*
 * Makes the graph of a fabric from the file, its regions and jitter. Links without a delay get the latency model's, by
 * the regions of their ends: the file's where it has any, else where `regions` (as for network_new) or the placement
 * put the nodes. False and a GError for files that do not hold a connected graph of at least as many nodes as the
 * fabric has; the first of them are those of the scenario, others only pass messages on.
 */
bool topology_file_load(const struct network_params *network, const struct topology_file_params *given,
                        const char *const *regions, struct fabric *fabric, GError **error);

/* The stakes that the file gives; false without an error where it gives none. */
bool topology_file_stakes(const struct topology_file_params *given, uint32_t *node_count, stake_amount **stakes,
                          GError **error);

#endif
