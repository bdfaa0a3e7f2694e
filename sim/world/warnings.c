/* SPDX-License-Identifier: MIT */
/* What of a scenario does nothing in a run of it: no mistake, as a sweep may come to it, but hardly meant. */
#include "world/inside.h"

struct telling {
    GPtrArray *texts;
    const struct fault *fault;
    uint32_t number;
};

static void tell(const struct telling *telling, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void tell(const struct telling *telling, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(telling->texts,
                    g_strdup_printf("`faults.%u` (%s) %s", telling->number, telling->fault->name, message));
    g_free(message);
}

static bool is_full(const struct ratio *share)
{
    return share->numerator == share->denominator;
}

static bool validating_costs(const struct world *world)
{
    return network_blocks_cost(world->network) || (world->signatures_cost && world->signatures.verify_time_ns > 0);
}

static void tell_fault(const struct world *world, const struct telling *telling)
{
    time_ns end_ns = world->settings->time.duration_ns;
    const struct fault_common *common = telling->fault->common;
    const struct fault_churn *churn = telling->fault->kind == FAULT_CHURN ? (const void *)common : NULL;
    if (common->at_ns >= end_ns) {
        char *at = fault_print_duration(common->at_ns), *end = fault_print_duration(end_ns);
        tell(telling, "never begins: the run is over at %s, and it is to begin at %s", end, at);
        g_free(at);
        g_free(end);
    } else if (common->for_ns == 0) {
        tell(telling, "does nothing: it lasts 0 s (`for`)");
    } else if (churn && churn->by == CHURN_BY_REGIONS && !churn->hits.numerator) {
        tell(telling, "takes no node down: in a region that goes down it hits 0 %% of them (`hits`)");
    } else if (telling->fault->kind == FAULT_PROCESSORS && is_full(&((const struct fault_processors *)common)->speed)) {
        tell(telling, "changes nothing: 100 %% is the full `speed`");
    } else if (telling->fault->kind == FAULT_PROCESSORS && !validating_costs(world)) {
        tell(telling, "changes nothing: validating takes no time here (`network.cpu.block`, "
                      "`network.cpu.block_per_kib`, `signatures`)");
    }
}

static void tell_gst(GPtrArray *texts, time_ns gst_ns, time_ns end_ns)
{
    if (gst_ns < end_ns)
        return;
    char *at = fault_print_duration(gst_ns), *end = fault_print_duration(end_ns);
    g_ptr_array_add(texts, g_strdup_printf("the network never stabilises: the run is over at %s, and `network.gst.at` "
                                           "is %s",
                                           end, at));
    g_free(at);
    g_free(end);
}

char **world_warnings(const struct world *world)
{
    time_ns end_ns = world->settings->time.duration_ns;
    GPtrArray *texts = g_ptr_array_new();
    char **of_network = network_warnings(world->network);
    for (char **text = of_network; *text; text++)
        g_ptr_array_add(texts, *text);
    g_free(of_network);
    tell_gst(texts, network_gst(world->network), end_ns);
    for (uint32_t f = 0; f < world->fault_count; f++)
        tell_fault(world, &(struct telling){texts, &world->faults[f], f});
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}
