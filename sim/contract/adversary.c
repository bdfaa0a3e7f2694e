/* SPDX-License-Identifier: MIT */
#include "contract/adversary.h"

const struct param adversary_validator_param = {
    .key = "validator",
    .type = PARAM_TEXT,
    .meaning = "a validator's name or number",
};

const char *adversary_common_check(const void *filled, char **message)
{
    const struct adversary_common *common = filled;
    int ways = (common->stake.denominator != 0) + (common->count != PARAM_ABSENT) + (common->validators.count > 0);
    if (ways == 1)
        return NULL;
    *message = g_strdup(ways ? "give one of `stake`, `count` and `validators`, not several"
                             : "give one of `stake`, `count` and `validators`: whom the adversary controls");
    return "stake";
}
