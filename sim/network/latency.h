/* SPDX-License-Identifier: MIT */
/*
 * Latency models. Each turns its parameters into the same small description, made once: delays between regions, and
 * one draw that varies them. A model without regions has a single one, named "". Private to the room; a model is a
 * variant of latency_models whose `plugin` is a struct latency_model, and owns nothing afterwards.
 */
#ifndef POSIM_NETWORK_LATENCY_H
#define POSIM_NETWORK_LATENCY_H

#include "base/fixed.h"
#include "base/ids.h"
#include "base/param.h"
#include "network/quantiles.h"

#define NETWORK_ERROR (network_error_quark())
GQuark network_error_quark(void);

enum network_error {
    NETWORK_ERROR_FILE,      /* a file that cannot be read or does not hold what it should */
    NETWORK_ERROR_REGION,    /* a region that the model does not know, or a pair without a delay */
    NETWORK_ERROR_PLACEMENT, /* shares that do not add up */
    NETWORK_ERROR_TOPOLOGY,  /* a graph that does not connect its nodes, or has too few */
};

/* What varies the delay of one message on one link. */
enum latency_draw {
    LATENCY_FIXED,   /* nothing */
    LATENCY_UNIFORM, /* from 0 to span_ns more, each ns as likely */
    LATENCY_FACTOR,  /* times a factor of the quantile table */
};

#define LATENCY_ABSENT ((time_ns)-1) /* of a pair of regions for which the model has no figure */

/* Pairs of regions for which a file has no figure, and how they got one: base_ns + slope_ns for each 1,024 km. */
struct latency_filled {
    uint8_t *pairs;                /* [from * region_count + to]: whether it was filled */
    uint32_t missing;              /* pairs of different regions without a figure */
    uint32_t count;                /* of them filled; the others lack a place */
    uint32_t first_from, first_to; /* the first that was */
    uint32_t fitted;               /* known pairs that made the line */
    uint32_t error_thousandths;    /* of their figures: the median distance of the line from them */
    time_ns base_ns, slope_ns;
    char *file;
};

struct latency {
    uint32_t region_count;
    char **region_names; /* region_count of them, then NULL */
    time_ns *between_ns; /* [from * region_count + to] */
    enum latency_draw draw;
    time_ns span_ns;               /* LATENCY_UNIFORM */
    struct quantiles factor;       /* LATENCY_FACTOR */
    struct latency_filled *filled; /* NULL: no pair was */
    struct place *places;          /* by region; NULL: it is not known where they all are */
};

struct latency_model {
    /* Fills a zeroed description from a filled struct of the variant's table; false and a GError for a user's error. */
    bool (*describe)(const void *parameters, struct latency *latency, GError **error);
    /* Optional: the same for places of the scenario's own; names are theirs to print, and need not differ. */
    bool (*describe_at)(const void *parameters, const struct place *places, char *const *names, uint32_t count,
                        struct latency *latency, GError **error);
};

extern const struct param_variants latency_models;

/* An empty description of that many regions, all pairs absent; names are copied by the caller's hand. */
void latency_init(struct latency *latency, uint32_t region_count);
/* The description of a model without regions. */
void latency_init_single(struct latency *latency, time_ns delay_ns);
void latency_release(struct latency *latency);

/* The index of a region by name, or ID_NONE. */
uint32_t latency_find_region(const struct latency *latency, const char *name);

/* Whether nodes are somewhere, rather than all in one region without a name. */
bool latency_has_regions(const struct latency *latency);

/* Sets the error for a pair of regions without a delay. */
void latency_refuse_pair(const struct latency *latency, uint32_t from, uint32_t to, GError **error);

/* Takes away what varies delays. */
void latency_make_fixed(struct latency *latency);

/* Sets the error for a region that the model does not have: who named it, and the names that it has. */
void latency_refuse_region(const struct latency *latency, const char *whose, const char *name, GError **error);

/* The least, and the p99 or greatest delay that a message of that base delay can have. */
time_ns latency_least(const struct latency *latency, time_ns base_ns);
time_ns latency_bound(const struct latency *latency, time_ns base_ns);

/* What a uniform draw adds. */
static inline time_ns latency_uniform_part(const struct latency *latency, uint32_t drawn)
{
    return (time_ns)((uint128)drawn * ((uint64_t)latency->span_ns + 1) >> 32);
}

/* The delay of a message of that base delay by 32 drawn bits. */
static inline time_ns latency_vary(const struct latency *latency, time_ns base_ns, uint32_t drawn)
{
    switch (latency->draw) {
    case LATENCY_UNIFORM:
        return base_ns + latency_uniform_part(latency, drawn);
    case LATENCY_FACTOR:
        return quantiles_scale(&latency->factor, base_ns, drawn);
    default:
        return base_ns;
    }
}

/*
 * Makes the delays vary by a positive part whose median is `jitter` of the least delay: the delay is that of the pair
 * times (1 + jitter L) / (1 + jitter), L lognormal with median 1 and sigma 0.8; so the pair's delay is the median.
 */
void latency_set_jitter(struct latency *latency, struct ratio jitter);

/* Parameters that several models share. */
#define LATENCY_JITTER_PARAM(params_type)                                                                              \
    {                                                                                                                  \
        .key = "jitter", .type = PARAM_SHARE, .offset = offsetof(params_type, jitter), .by_default = "2 %",            \
        .meaning = "median of what varies from message to message, as a share of the least delay",                     \
        .source = "between AWS regions .6 to 2.6 %: ouroboros-leios, data/BenchTopology"                               \
    }
#define LATENCY_INTRA_REGION_PARAM(params_type)                                                                        \
    {                                                                                                                  \
        .key = "intra_region", .type = PARAM_DURATION, .offset = offsetof(params_type, intra_region_ns),               \
        .by_default = "1 ms", .maximum = "1 d", .meaning = "delay between two nodes of one region",                    \
        .source = "AWS documents single-digit milliseconds between the zones of a region"                              \
    }

extern const struct param_table latency_constant_params_table;
extern const struct latency_model latency_constant;
extern const struct param_table latency_geographic_params_table;
extern const struct latency_model latency_geographic;
extern const struct param_table latency_lognormal_params_table;
extern const struct latency_model latency_lognormal;
extern const struct param_table latency_regions_params_table;
extern const struct latency_model latency_regions;
extern const struct param_table latency_uniform_params_table;
extern const struct latency_model latency_uniform;

#endif
