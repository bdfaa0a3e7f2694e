/* SPDX-License-Identifier: MIT */
#include "report/fault_periods.h"

#include "report/rows.h"
#include "report/sheet.h"

#include <string.h>

#define FAULTS_MOST 1000

/* The end of the period of that name that began last and has none yet. */
static void end_period(struct fault_periods *periods, const char *name, time_ns at_ns)
{
    for (size_t i = periods->all.count; i-- > 0;) {
        struct fault_period *period = &periods->all.at[i];
        if (period->until_ns == TIME_NEVER && strcmp(period->name, name) == 0) {
            period->until_ns = at_ns;
            return;
        }
    }
}

bool fault_periods_read(struct fault_periods *periods, const struct figure_source *source, const struct figure_run *run,
                        time_ns until_ns, GError **error)
{
    static const char *const columns[] = {"at_s", "kind", "name", "detail", "chain", NULL};
    enum { AT, KIND, NAME, DETAIL, CHAIN };
    struct rows *rows = figure_source_rows(run, TABLE_INCIDENTS, columns, error);
    if (!rows)
        return false;
    while (rows_next(rows)) {
        time_ns at_ns = CLAMP(rows_time(rows, AT), 0, until_ns);
        chain_id chain = rows_id(rows, CHAIN);
        const char *name = rows_text(rows, rows_missing(rows, NAME) ? DETAIL : NAME);
        if (chain != ID_NONE && chain != source->chain)
            continue;
        if (rows_equal(rows, KIND, "fault_begins") && periods->all.count < FAULTS_MOST)
            vector_push(&periods->all, (struct fault_period){g_strdup(name), at_ns, TIME_NEVER});
        else if (rows_equal(rows, KIND, "fault_ends"))
            end_period(periods, name, at_ns);
    }
    return rows_close(rows, error);
}

void fault_periods_release(struct fault_periods *periods)
{
    for (size_t i = 0; i < periods->all.count; i++)
        g_free(periods->all.at[i].name);
    vector_release(&periods->all);
}

bool fault_periods_save(const struct fault_periods *periods, time_ns until_ns, const char *folder, const char *file,
                        GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "from_s,to_s,name");
    for (size_t i = 0; i < periods->all.count; i++) {
        const struct fault_period *period = &periods->all.at[i];
        sheet_time(&sheet, period->from_ns);
        sheet_time(&sheet, MIN(period->until_ns, until_ns));
        sheet_text(&sheet, period->name);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, file, error);
}
