/* SPDX-License-Identifier: MIT */
#include "experiment/run_id.h"

#include "crypto/hash.h"
#include "experiment/inputs.h"
#include "experiment/run.h"

#include <string.h>

guint run_id_hash(gconstpointer id)
{
    guint hash;
    memcpy(&hash, id, sizeof hash);
    return hash;
}

gboolean run_id_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(struct run_id)) == 0;
}

struct run_ids {
    const struct scenario *scenario;
    int64_t seed;
    GHashTable *hashes; /* of files, by path */
    uint64_t point;     /* the last one, if `known` */
    bool known;
    struct run_id common;
};

struct run_ids *run_ids_new(const struct root *root, const struct scenario *scenario)
{
    struct run_ids *ids = g_new0(struct run_ids, 1);
    ids->scenario = scenario;
    ids->seed = root_experiment(root, scenario_values(scenario))->replicate.seed;
    ids->hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return ids;
}

void run_ids_free(struct run_ids *ids)
{
    if (!ids)
        return;
    g_hash_table_unref(ids->hashes);
    g_free(ids);
}

/* SHA-256 of a file's content; "" where it cannot be read, which the run itself then says. */
static const char *hash_of_file(struct run_ids *ids, const char *path)
{
    char *hash = g_hash_table_lookup(ids->hashes, path);
    if (hash)
        return hash;
    hash = inputs_hash_file(path);
    hash = hash ? hash : g_strdup("");
    g_hash_table_insert(ids->hashes, g_strdup(path), hash);
    return hash;
}

bool run_ids_point(struct run_ids *ids, uint64_t point, struct run_id *common, GError **error)
{
    struct scenario *one = run_scenario_at(ids->scenario, point, error);
    if (!one)
        return false;
    GString *text = g_string_new("posim run 1\n");
    scenario_write_world(one, text);
    /* what a file holds matters, not where it lies */
    for (const char *const *input = scenario_inputs(one); *input; input++) {
        const char *hash = hash_of_file(ids, scenario_input_place(one, *input));
        g_string_append_printf(text, "%s\n", hash);
        g_string_replace(text, *input, hash, 0);
    }
    g_string_append_printf(text, "seed %" G_GINT64_FORMAT "\n", ids->seed);
    const struct hash_piece piece = {text->str, text->len};
    hash_blake2b(common->bytes, sizeof common->bytes, NULL, 0, &piece, 1);
    g_string_free(text, TRUE);
    scenario_free(one);
    return true;
}

struct run_id run_id_of(const struct run_id *common, uint32_t replication)
{
    struct run_id id;
    const struct hash_piece pieces[] = {{common->bytes, sizeof common->bytes}, {&replication, sizeof replication}};
    hash_blake2b(id.bytes, sizeof id.bytes, NULL, 0, pieces, G_N_ELEMENTS(pieces));
    return id;
}

bool run_ids_find(struct run_ids *ids, struct job job, struct run_id *id, GError **error)
{
    if (!ids->known || ids->point != job.point) {
        ids->known = run_ids_point(ids, job.point, &ids->common, error);
        ids->point = job.point;
    }
    if (ids->known)
        *id = run_id_of(&ids->common, job.replication);
    return ids->known;
}
