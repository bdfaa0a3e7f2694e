/* SPDX-License-Identifier: MIT */
#include "scenario/text_check.h"

#include <string.h>

/* Why a character is refused, or NULL. */
static const char *refusal(gunichar c)
{
    if (c == (gunichar)-1 || c == (gunichar)-2)
        return "this is not UTF-8";
    if (c == '\t')
        return "tabs are not allowed: indent and align with spaces";
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff)
        return "control characters are not allowed";
    if (c == 0xfeff)
        return "a byte order mark is allowed only at the start";
    return NULL;
}

bool text_check(const struct source *source, struct diagnostics *diagnostics)
{
    const char *at = source->text;
    const char *end = source->text + source->length;
    struct place place = {.source = source, .line = 1, .column = 1, .length = 1};
    bool is_fit = true;
    bool line_is_fit = true;
    if (memchr(at, '\0', source->length)) {
        diagnostics_add(diagnostics, (struct place){.source = source}, "this is a binary file, not a scenario");
        return false;
    }
    if (source->length >= 3 && g_utf8_get_char_validated(at, 3) == 0xfeff)
        at += 3;
    while (at < end) {
        if (source_skip_break(&at, end)) {
            place.line++;
            place.column = 1;
            line_is_fit = true;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(at, end - at);
        const char *reason = refusal(c);
        if (reason && line_is_fit) {
            diagnostics_add(diagnostics, place, "%s", reason);
            is_fit = line_is_fit = false;
        }
        at = (int32_t)c < 0 ? at + 1 : g_utf8_next_char(at);
        place.column++;
    }
    return is_fit;
}
