/* SPDX-License-Identifier: MIT */
#include "network/quantiles.h"

#include <glib.h>

void quantiles_release(struct quantiles *quantiles)
{
    g_free(quantiles->body);
    g_free(quantiles->tail);
    *quantiles = (struct quantiles){0};
}
