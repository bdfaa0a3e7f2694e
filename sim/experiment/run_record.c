/* SPDX-License-Identifier: MIT */
#include "experiment/run_record.h"

#include <string.h>

/* Goes over the fields of a record, either way. */
struct packing {
    GByteArray *out;     /* NULL while reading */
    const uint8_t *from; /* NULL while writing */
    size_t left;
    bool fine;
};

static void pass(struct packing *packing, void *field, size_t size)
{
    if (packing->out) {
        g_byte_array_append(packing->out, field, (guint)size);
        return;
    }
    packing->fine = packing->fine && packing->left >= size;
    if (!packing->fine)
        return;
    memcpy(field, packing->from, size);
    packing->from += size;
    packing->left -= size;
}

/* A text in an array of `room` bytes. */
static void pass_text(struct packing *packing, char *text, size_t room)
{
    uint16_t length = packing->out ? (uint16_t)strlen(text) : 0;
    pass(packing, &length, sizeof length);
    packing->fine = packing->fine && length < room;
    if (!packing->fine)
        return;
    pass(packing, text, length);
    if (!packing->out)
        text[length] = '\0';
}

static void pass_share(struct packing *packing, struct realised_share *share)
{
    pass(packing, &share->units, sizeof share->units);
    pass(packing, &share->units_total, sizeof share->units_total);
    pass(packing, &share->stake, sizeof share->stake);
    pass(packing, &share->stake_total, sizeof share->stake_total);
    pass(packing, &share->least, sizeof share->least);
}

static void pass_shares(struct packing *packing, struct run_shares *shares)
{
    pass(packing, &shares->count, sizeof shares->count);
    for (uint32_t s = 0; packing->fine && s < MIN(shares->count, RUN_SHARES_MOST); s++)
        pass_share(packing, &shares->realised[s]);
}

static void pass_series(struct packing *packing, struct series_mean *series)
{
    uint8_t verdict = (uint8_t)series->verdict;
    pass(packing, &verdict, sizeof verdict);
    series->verdict = verdict;
    pass(packing, &series->observations, sizeof series->observations);
    pass(packing, &series->warm_up, sizeof series->warm_up);
    pass(packing, &series->warm_up_ns, sizeof series->warm_up_ns);
    pass(packing, &series->batch_size, sizeof series->batch_size);
    pass(packing, &series->mean, sizeof series->mean);
    pass(packing, &series->correlation, sizeof series->correlation);
    pass(packing, &series->low, sizeof series->low);
    pass(packing, &series->high, sizeof series->high);
}

static void pass_record(struct packing *packing, struct run_record *record)
{
    uint8_t status = (uint8_t)record->status;
    pass(packing, &record->job.point, sizeof record->job.point);
    pass(packing, &record->job.replication, sizeof record->job.replication);
    pass(packing, &status, sizeof status);
    record->status = status == RUN_FINE ? RUN_FINE : RUN_FAILED;
    pass_text(packing, record->message, sizeof record->message);
    pass_text(packing, record->notes, sizeof record->notes);
    pass(packing, &record->events, sizeof record->events);
    pass_text(packing, record->trace_hash, sizeof record->trace_hash);
    pass_text(packing, record->stopped, sizeof record->stopped);
    pass(packing, &record->simulated_s, sizeof record->simulated_s);
    pass(packing, &record->warmup_ns, sizeof record->warmup_ns);
    pass(packing, record->values.metrics, sizeof record->values.metrics);
    pass(packing, record->values.parts, sizeof record->values.parts);
    for (int s = 0; s < METRIC_SERIES; s++)
        pass_series(packing, &record->values.series[s]);
    for (int v = 0; v < VERDICTS; v++) {
        uint8_t verdict = (uint8_t)record->verdicts[v].status;
        pass(packing, &verdict, sizeof verdict);
        record->verdicts[v].status = verdict;
        pass(packing, &record->verdicts[v].count, sizeof record->verdicts[v].count);
        pass(packing, &record->verdicts[v].judged, sizeof record->verdicts[v].judged);
        pass_text(packing, record->verdicts[v].text, sizeof record->verdicts[v].text);
    }
    pass_shares(packing, &record->shares);
    pass(packing, &record->wall_s, sizeof record->wall_s);
    pass(packing, &record->memory_bytes, sizeof record->memory_bytes);
}

void run_record_pack(const struct run_record *record, GByteArray *out)
{
    struct packing packing = {.out = out, .fine = true};
    pass_record(&packing, (struct run_record *)record); /* only read */
}

bool run_record_unpack(const uint8_t *bytes, size_t length, struct run_record *record)
{
    struct packing packing = {.from = bytes, .left = length, .fine = true};
    *record = (struct run_record){0};
    pass_record(&packing, record);
    return packing.fine && packing.left == 0;
}

char *run_record_layout(void)
{
    GString *text = g_string_new("4");
    for (int m = 0; m < METRICS; m++)
        g_string_append_printf(text, " %s", metrics[m].name);
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        g_string_append_printf(text, " %s", metric_parts[p].name);
    g_string_append_printf(text, " %zu %d %d %d", sizeof(struct run_record), VERDICTS, RUN_SHARES_MOST, G_BYTE_ORDER);
    char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
    g_string_free(text, TRUE);
    hash[16] = '\0';
    return hash;
}
