/* SPDX-License-Identifier: MIT */
/* What the tables do not have and the journal may: what was violated, and why a run failed, in words. */
#include "experiment/journal.h"
#include "report/findings_parts.h"

struct looking {
    struct journal_index *index;
    struct run_ids *ids;
    struct run_record *record;
};

/* The record of a run, or NULL: it is not there, or was made by a version whose ids or records are others. */
static const struct run_record *find(const struct looking *looking, uint64_t point, uint32_t replication)
{
    struct job job = {.point = point, .replication = replication};
    struct run_id id;
    bool found =
        run_ids_find(looking->ids, job, &id, NULL) && journal_index_fetch(looking->index, &id, looking->record, NULL);
    return found ? looking->record : NULL;
}

static void find_violation(const struct looking *looking, struct findings_verdict *verdict, enum verdict_id id)
{
    if (verdict->runs.violated == 0)
        return;
    const struct run_record *record = find(looking, verdict->first_point, verdict->first_replication);
    if (record && record->verdicts[id].status == VERDICT_FAIL)
        verdict->first = g_strdup(record->verdicts[id].text);
}

static bool is_needed(const struct findings *findings)
{
    bool needed = findings->failed > 0;
    for (int v = 0; v < VERDICTS; v++)
        needed |= findings->verdicts[v].runs.violated > 0;
    return needed && findings->scenario;
}

void findings_read_journal(struct findings *findings, const struct root *root)
{
    const char *folders[] = {findings->folder, NULL};
    struct journal_index *index = is_needed(findings) ? journal_index_new(folders, NULL) : NULL;
    if (!index)
        return;
    struct looking looking = {
        .index = index, .ids = run_ids_new(root, findings->scenario), .record = g_new0(struct run_record, 1)};
    for (int v = 0; v < VERDICTS; v++)
        find_violation(&looking, &findings->verdicts[v], (enum verdict_id)v);
    const struct run_record *failed =
        findings->failed ? find(&looking, findings->failure_point, findings->failure_replication) : NULL;
    if (failed && failed->status == RUN_FAILED)
        findings->failure = g_strdup(failed->message);
    g_free(looking.record);
    run_ids_free(looking.ids);
    journal_index_free(index);
}
