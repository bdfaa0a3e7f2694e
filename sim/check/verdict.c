/* SPDX-License-Identifier: MIT */
#include "check/verdict.h"

#include <glib.h>
#include <stdarg.h>

const struct verdict_kind verdict_kinds[VERDICTS] = {
    [VERDICT_SAFETY] = {"safety",
                        "no two conflicting blocks are final at honest nodes, and where finality is a depth no honest "
                        "node's head leaves a block that it held final",
                        "always"},
    [VERDICT_LIVENESS] =
        {"liveness",
         "while no fault that is to end disturbs the run, the height that is final at an honest node rises "
         "within the bound that the protocol states, or the scenario (check.liveness_gap); a fault without an end is "
         "judged as the world that it makes",
         "where there is such a bound, and faults do not cover the whole run"},
    [VERDICT_ACCOUNTABILITY] = {"accountability",
                                "a fork leaves votes that convict validators with at least 2Q - W of the stake (Q: the "
                                "smallest quorum, W: the stake that votes); no honest validator is ever convicted, and "
                                "evidence is true",
                                "where the protocol promises that a fork leaves evidence, or evidence was submitted"},
    [VERDICT_CONSERVATION] = {"conservation",
                              "along every branch, stake bonded + burned + withdrawn = genesis + minted, and each part "
                              "changes as the operations on the branch say; where there are transactions, none is "
                              "taken twice on a branch, and entered = included + waiting + dropped + expired",
                              "where blocks keep a ledger of stake, or there are transactions"},
};

const char *verdict_status_name(enum verdict_status status)
{
    static const char *const statuses[] = {"pass", "fail", "not applicable"};
    return statuses[status];
}

void verdict_init(struct verdict *verdict, enum verdict_id id)
{
    *verdict = (struct verdict){.name = verdict_kinds[id].name, .status = VERDICT_PASS};
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
