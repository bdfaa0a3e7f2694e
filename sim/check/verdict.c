/* SPDX-License-Identifier: MIT */
#include "check/verdict.h"

#include <glib.h>
#include <stdarg.h>

static const char *const names[VERDICTS] = {"safety", "liveness", "accountability", "conservation"};

const char *verdict_status_name(enum verdict_status status)
{
    static const char *const statuses[] = {"pass", "fail", "not applicable"};
    return statuses[status];
}

void verdict_init(struct verdict *verdict, enum verdict_id id)
{
    *verdict = (struct verdict){.name = names[id], .status = VERDICT_PASS};
}

void verdict_violation(struct verdict *verdict, const char *format, ...)
{
    va_list arguments;
    verdict->status = VERDICT_FAIL;
    if (verdict->count++)
        return;
    va_start(arguments, format);
    g_vsnprintf(verdict->detail, sizeof verdict->detail, format, arguments);
    va_end(arguments);
}

void verdict_remark(struct verdict *verdict, const char *format, ...)
{
    va_list arguments;
    if (verdict->count)
        return;
    va_start(arguments, format);
    g_vsnprintf(verdict->detail, sizeof verdict->detail, format, arguments);
    va_end(arguments);
}

struct verdict_time verdict_time(time_ns at_ns)
{
    struct verdict_time time;
    if (at_ns == TIME_NEVER)
        g_strlcpy(time.text, "never", sizeof time.text);
    else
        g_snprintf(time.text, sizeof time.text, "%" G_GINT64_FORMAT ".%09u s", at_ns / SECOND,
                   (unsigned)(at_ns % SECOND));
    return time;
}
