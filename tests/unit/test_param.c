/* SPDX-License-Identifier: MIT */
/* Descriptor tables: a table of every type gives its defaults by itself, and knows what is absent. */
#include "base/param.h"

#include <glib.h>
#include <string.h>

struct constant {
    time_ns delay_ns;
};

struct inner {
    int64_t rounds;
    struct ratio quorum;
};

struct outer {
    bool relay;
    int64_t seed;
    struct ratio alpha;
    struct ratio stake;
    time_ns slot_ns;
    uint64_t block_bytes;
    uint64_t bandwidth_bit_per_s;
    stake_amount deposit;
    const char *title;
    const char *path;
    int policy;
    struct inner inner;
    struct param_list groups;
    struct param_list names;
    struct param_list nodes;
    struct param_variant_value latency;
    int64_t required;
    time_ns stop_ns;
    uint64_t limit_bytes;
    struct ratio share;
    int optional_policy;
    const char *optional_text;
    struct param_variant_value optional_latency;
};

static const struct param constant_params[] = {
    {.key = "delay", .type = PARAM_DURATION, .offset = offsetof(struct constant, delay_ns), .by_default = "50 ms"},
};
static const struct param_table constant_table =
    PARAM_TABLE("constant", "the same delay everywhere", struct constant, constant_params);

static const struct param_variant latency_list[] = {
    {.name = "constant", .meaning = "the same delay everywhere", .table = &constant_table},
    {.name = "none", .meaning = "no delay"},
};
static const struct param_variants latencies = {latency_list, G_N_ELEMENTS(latency_list)};

static const struct param inner_params[] = {
    {.key = "rounds", .type = PARAM_INTEGER, .offset = offsetof(struct inner, rounds), .by_default = "4"},
    {.key = "quorum", .type = PARAM_SHARE, .offset = offsetof(struct inner, quorum), .by_default = "2/3"},
};
static const struct param_table inner_table = PARAM_TABLE("inner", "nested", struct inner, inner_params);

static const char *const policies[] = {"drop", "hold", NULL};
static const struct param one_share = {.type = PARAM_SHARE};
static const struct param one_text = {.type = PARAM_TEXT};
static const struct param one_node = {.type = PARAM_STRUCT, .table = &inner_table};

#define AT(field) .offset = offsetof(struct outer, field)

static const struct param outer_params[] = {
    {.key = "relay", .type = PARAM_FLAG, AT(relay), .by_default = "on"},
    {.key = "seed", .type = PARAM_INTEGER, AT(seed), .by_default = "-3"},
    {.key = "alpha", .type = PARAM_DECIMAL, AT(alpha), .by_default = "1.16"},
    {.key = "stake", .type = PARAM_SHARE, AT(stake), .by_default = "33 %"},
    {.key = "slot", .type = PARAM_DURATION, AT(slot_ns), .by_default = "12 s"},
    {.key = "block", .type = PARAM_SIZE, AT(block_bytes), .by_default = "1 MiB"},
    {.key = "bandwidth", .type = PARAM_RATE, AT(bandwidth_bit_per_s), .by_default = "1 Gbit/s"},
    {.key = "deposit", .type = PARAM_STAKE, AT(deposit), .by_default = "32_000_000_000"},
    {.key = "title", .type = PARAM_TEXT, AT(title), .by_default = "a title"},
    {.key = "path", .type = PARAM_FILE, AT(path), .by_default = "a.csv"},
    {.key = "policy", .type = PARAM_CHOICE, AT(policy), .by_default = "hold", .choices = policies},
    {.key = "inner", .type = PARAM_STRUCT, AT(inner), .by_default = "", .table = &inner_table},
    {.key = "groups", .type = PARAM_LIST, AT(groups), .by_default = "[60 %, 40 %]", .element = &one_share},
    {.key = "names", .type = PARAM_LIST, AT(names), .by_default = "[a, b c]", .element = &one_text},
    {.key = "nodes", .type = PARAM_MAP, AT(nodes), .by_default = "", .element = &one_node},
    {.key = "latency",
     .type = PARAM_ONE_OF,
     AT(latency),
     .by_default = "constant",
     .discriminator = "model",
     .variants = &latencies},
    {.key = "required", .type = PARAM_INTEGER, AT(required)},
    {.key = "stop", .type = PARAM_DURATION, AT(stop_ns), .optional = true},
    {.key = "limit", .type = PARAM_SIZE, AT(limit_bytes), .optional = true},
    {.key = "share", .type = PARAM_SHARE, AT(share), .optional = true},
    {.key = "optional_policy", .type = PARAM_CHOICE, AT(optional_policy), .choices = policies, .optional = true},
    {.key = "optional_text", .type = PARAM_TEXT, AT(optional_text), .optional = true},
    {.key = "optional_latency", .type = PARAM_ONE_OF, AT(optional_latency), .variants = &latencies, .optional = true},
};
static const struct param_table outer_table = PARAM_TABLE("outer", "one of each", struct outer, outer_params);

static void release(struct outer *outer)
{
    for (size_t i = 0; i < outer->names.count; i++)
        g_free(((char **)outer->names.items)[i]);
    g_free(outer->names.items);
    g_free(outer->groups.items);
    g_free(outer->latency.value);
}

static void scalars_take_their_defaults(void)
{
    struct outer outer;
    param_table_defaults(&outer_table, &outer);
    g_assert_true(outer.relay);
    g_assert_cmpint(outer.seed, ==, -3);
    g_assert_cmpuint(outer.alpha.numerator, ==, 29);
    g_assert_cmpuint(outer.stake.denominator, ==, 100);
    g_assert_cmpint(outer.slot_ns, ==, 12 * SECOND);
    g_assert_cmpuint(outer.block_bytes, ==, 1 << 20);
    g_assert_cmpuint(outer.bandwidth_bit_per_s, ==, 1000000000);
    g_assert_cmpuint(outer.deposit, ==, 32000000000);
    g_assert_cmpstr(outer.title, ==, "a title");
    g_assert_cmpstr(outer.path, ==, "a.csv");
    g_assert_cmpint(outer.policy, ==, 1);
    g_assert_cmpint(outer.required, ==, 0);
    release(&outer);
}

static void nested_ones_take_theirs(void)
{
    struct outer outer;
    param_table_defaults(&outer_table, &outer);
    g_assert_cmpint(outer.inner.rounds, ==, 4);
    g_assert_cmpuint(outer.inner.quorum.denominator, ==, 3);
    g_assert_cmpuint(outer.groups.count, ==, 2);
    g_assert_cmpuint(((struct ratio *)outer.groups.items)[1].numerator, ==, 2);
    g_assert_cmpuint(outer.names.count, ==, 2);
    g_assert_cmpstr(((char **)outer.names.items)[1], ==, "b c");
    g_assert_cmpuint(outer.nodes.count, ==, 0);
    g_assert_true(outer.latency.variant == &latency_list[0]);
    g_assert_cmpint(((struct constant *)outer.latency.value)->delay_ns, ==, 50 * MILLISECOND);
    release(&outer);
}

/* What is optional and not given can be told from every value that a scenario can write. */
static void absence_shows(void)
{
    struct outer outer;
    param_table_defaults(&outer_table, &outer);
    g_assert_cmpint(outer.stop_ns, ==, PARAM_ABSENT);
    g_assert_cmpuint(outer.limit_bytes, ==, (uint64_t)PARAM_ABSENT);
    g_assert_cmpuint(outer.share.denominator, ==, 0);
    g_assert_cmpint(outer.optional_policy, ==, -1);
    g_assert_null(outer.optional_text);
    g_assert_null(outer.optional_latency.variant);
    for (size_t i = 0; i < outer_table.count; i++)
        g_assert_true(param_is_absent(&outer_params[i], (char *)&outer + outer_params[i].offset) ==
                      outer_params[i].optional);
    release(&outer);
}

static void keys_are_found(void)
{
    g_assert_true(param_table_find(&outer_table, "slot") == &outer_params[4]);
    g_assert_null(param_table_find(&outer_table, "slots"));
    g_assert_null(param_table_find(&outer_table, ""));
}

/* The sizes leave no byte of the struct's fields unset and none beyond them written. */
static void sizes_fit_the_fields(void)
{
    g_assert_cmpuint(param_value_size(&outer_params[0]), ==, sizeof(bool));
    g_assert_cmpuint(param_value_size(param_table_find(&outer_table, "policy")), ==, sizeof(int));
    g_assert_cmpuint(param_value_size(param_table_find(&outer_table, "inner")), ==, sizeof(struct inner));
    g_assert_cmpuint(param_value_size(param_table_find(&outer_table, "latency")), ==,
                     sizeof(struct param_variant_value));
    for (size_t i = 0; i + 1 < outer_table.count; i++)
        g_assert_cmpuint(outer_params[i].offset + param_value_size(&outer_params[i]), <=, outer_params[i + 1].offset);
}

/* A table whose default its own range forbids is a programmer's error. */
static void wrong_default_aborts(void)
{
    static const struct param wrong[] = {{.key = "rounds",
                                          .type = PARAM_INTEGER,
                                          .offset = offsetof(struct inner, rounds),
                                          .by_default = "4",
                                          .maximum = "3"}};
    static const struct param_table table = PARAM_TABLE("wrong", "wrong", struct inner, wrong);
    if (g_test_subprocess()) {
        struct inner filled;
        param_table_defaults(&table, &filled);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*requirement failed: parsed*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/param/scalars take their defaults", scalars_take_their_defaults);
    g_test_add_func("/param/nested ones take theirs", nested_ones_take_theirs);
    g_test_add_func("/param/absence shows", absence_shows);
    g_test_add_func("/param/keys are found", keys_are_found);
    g_test_add_func("/param/sizes fit the fields", sizes_fit_the_fields);
    g_test_add_func("/param/wrong default aborts", wrong_default_aborts);
    return g_test_run();
}
