/* SPDX-License-Identifier: MIT */
/* Whether a directory may be used for an experiment, by whom, and what it says of how it was made. */
#include "experiment/experiment_inside.h"
#include "experiment/journal_lost.h"
#include "experiment/kept.h"
#include "experiment/run_id.h"
#include "experiment/same_scenario.h"
#include "experiment/tables.h"

#include <string.h>

const struct experiment_settings *experiment_settings_of(const struct experiment *experiment)
{
    return root_experiment(experiment->root, scenario_values(experiment->scenario));
}

struct journal_index *experiment_journals(const struct experiment *experiment, GError **error)
{
    GPtrArray *folders = g_ptr_array_new();
    g_ptr_array_add(folders, (gpointer)experiment->folder);
    for (const char *const *folder = experiment->merged; folder && *folder; folder++)
        g_ptr_array_add(folders, (gpointer)*folder);
    g_ptr_array_add(folders, NULL);
    struct journal_index *index = journal_index_new((const char *const *)folders->pdata, error);
    g_ptr_array_free(folders, TRUE);
    return index;
}

bool experiment_tidy(const struct experiment *experiment, const char *writer, struct journal_index *index,
                     GError **error)
{
    struct kept_order order = {
        .folder = experiment->folder,
        .merged = experiment->merged,
        .writer = experiment->shards ? writer : NULL,
        .root = experiment->root,
        .scenario = experiment->scenario,
        .index = index,
    };
    return kept_tidy(&order, error);
}

/* Results of several versions may not be mixed by accident. */
static bool check_versions(const struct experiment *experiment, struct journal_index *index, GError **error)
{
    char *now = results_maker_now();
    bool fine = true;
    for (const char *const *maker = journal_index_makers(index); *maker && fine; maker++) {
        fine = strcmp(*maker, now) == 0 || experiment->mixes_versions;
        if (!fine)
            g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                        "%s has runs made by %s, and this is %s: results of two versions are mixed only with "
                        "--mix-versions",
                        experiment->folder, *maker, now);
    }
    g_free(now);
    return fine;
}

/* Tables without a journal tell what came of runs, but not which they were. */
static bool check_journal(const struct experiment *experiment, GError **error)
{
    if (!experiment->resume || experiment->only_merges || !journal_is_lost(experiment->folder))
        return true;
    g_set_error(
        error, RESULTS_ERROR, RESULTS_ERROR_DAMAGED,
        "%s has tables, but no run in its journal (%s/*%s) from which it could go on: restore that from a copy; "
        "--force replaces the results, -o puts new ones elsewhere",
        experiment->folder, JOURNAL_FOLDER, JOURNAL_ENDING);
    return false;
}

/* Whether a run of the plan is on record, among the first so many. */
static bool has_planned(const struct experiment *experiment, struct journal_index *index)
{
    enum { LOOKS_MOST = 100000 };
    const struct replicate_settings *replicate = &experiment_settings_of(experiment)->replicate;
    uint64_t replications = (uint64_t)(replicate->until.metric >= 0 ? replicate->until.maximum : replicate->count);
    struct run_ids *ids = run_ids_new(experiment->root, experiment->scenario);
    uint64_t places = scenario_points(experiment->scenario);
    unsigned looks = 0;
    bool has = false;
    for (uint64_t p = scenario_next_point(experiment->scenario, 0); p < places && !has && looks < LOOKS_MOST;
         p = scenario_next_point(experiment->scenario, p + 1)) {
        struct run_id common, id;
        looks++;
        if (!run_ids_point(ids, p, &common, NULL))
            continue;
        for (uint64_t r = 0; r < replications && !has && looks < LOOKS_MOST; r++, looks++) {
            bool fine;
            id = run_id_of(&common, (uint32_t)r);
            has = journal_index_has(index, &id, &fine);
        }
    }
    run_ids_free(ids);
    return has || looks >= LOOKS_MOST;
}

/* To go on with something else would replace what is there, which only --force may. */
static bool check_same(const struct experiment *experiment, struct journal_index *index, GError **error)
{
    if (!experiment->resume || !journal_index_fine(index) || has_planned(experiment, index))
        return true;
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_OTHER,
                "%s has %" G_GUINT64_FORMAT " runs, and none is of this experiment: another scenario, or an input that "
                "has changed; --force replaces them, -o puts new results elsewhere",
                experiment->folder, journal_index_fine(index));
    return false;
}

static bool write_scenario(const struct experiment *experiment, GError **error)
{
    GString *text = g_string_new(NULL);
    scenario_write_resolved(experiment->scenario, text);
    bool written = results_write_text(experiment->folder, results_files[RESULTS_SCENARIO], text->str, error);
    g_string_free(text, TRUE);
    return written;
}

/* What says how the results were made. A merge into a directory that says so already leaves that as it is. */
static bool write_before(const struct experiment *experiment, GError **error)
{
    if (experiment->only_merges && strcmp(experiment->folder, experiment->merged[0]) == 0)
        return true;
    struct manifest manifest = {
        .name = experiment->name,
        .arguments = experiment->arguments,
        .scenario = experiment->scenario,
        .carried = experiment->only_merges ? experiment->merged[0] : NULL,
        .seed = experiment->seed,
        .replications = (uint64_t)experiment_settings_of(experiment)->replicate.count,
    };
    return results_write_manifest(experiment->folder, &manifest, error) && write_scenario(experiment, error) &&
           tables_write_plan(experiment->folder, experiment->scenario, error);
}

/* Whether the directory may be used, as it is. */
static bool can_use(const struct experiment *experiment, struct lock_share share, GError **error)
{
    const char *folder = experiment->folder;
    if (!results_open(folder, experiment->force, NULL))
        return experiment->resume ? results_await(folder, error)
                                  : lock_is_free(folder, share, error) && results_open(folder, false, error);
    return !experiment->force || results_may_replace(folder, error);
}

/* The directory is this process's, and what was in it gives way. It is looked at again: another may have been faster.
 */
static bool open_folder(struct experiment *experiment, struct lock **lock, GError **error)
{
    struct lock_share share = {experiment->shard, experiment->shards};
    if (!can_use(experiment, share, error))
        return false;
    *lock = lock_new(experiment->folder, share, error);
    return *lock && can_use(experiment, share, error) &&
           (!experiment->prepare || experiment->prepare(experiment, error));
}

/* Whether parts that come together are of one experiment. What goes on may have other points and runs than before, as
 * long as check_same finds some that are the same. */
static bool parts_agree(const struct experiment *experiment, GError **error)
{
    if (experiment->only_merges)
        return results_are_of_one(experiment->merged, experiment->root, error);
    return !experiment->shards || experiment->changes ||
           results_are_of(experiment->folder, experiment->root, experiment->scenario, error);
}

struct journal_index *experiment_open(struct experiment *experiment, const char *writer, struct lock **lock,
                                      GError **error)
{
    if (!parts_agree(experiment, error))
        return NULL;
    experiment->opened = open_folder(experiment, lock, error);
    if (experiment->opened && !parts_agree(experiment, error)) /* another part may have been faster */
        return NULL;
    struct journal_index *done = experiment->opened ? experiment_journals(experiment, error) : NULL;
    if (done && check_journal(experiment, error) && check_versions(experiment, done, error) &&
        check_same(experiment, done, error) &&
        (!experiment->resume || experiment_tidy(experiment, writer, done, error)) && write_before(experiment, error))
        return done;
    journal_index_free(done);
    return NULL;
}
