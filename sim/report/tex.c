/* SPDX-License-Identifier: MIT */
#include "report/tex.h"

#include "report/tex_letter.h"

#include <stdarg.h>
#include <string.h>

static const char *command_for(gunichar c)
{
    switch (c) {
    case '\\':
        return "\\textbackslash{}";
    case '~':
        return "\\textasciitilde{}";
    case '^':
        return "\\textasciicircum{}";
    case '<':
        return "\\textless{}";
    case '>':
        return "\\textgreater{}";
    case '|':
        return "\\textbar{}";
    case '"':
        return "''";
    case '\n':
    case '\t':
        return " ";
    default:
        return NULL;
    }
}

/* Signs that would be commands; LaTeX takes a bracket or a star at the beginning of a row for an option. */
static bool append_sign(GString *out, gunichar c)
{
    const char *command = command_for(c);
    if (command)
        g_string_append(out, command);
    else if (c < 0x80 && strchr("&%$#_{}", (int)c))
        g_string_append_printf(out, "\\%c", (char)c);
    else if (c == '[' || c == '*')
        g_string_append_printf(out, "{%c}", (char)c);
    else
        return false;
    return true;
}

void tex_text(GString *out, const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1), *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    for (const char *at = composed; *at;)
        at = append_sign(out, g_utf8_get_char(at)) ? g_utf8_next_char(at) : tex_letter(out, at);
    g_free(composed);
    g_free(valid);
}

void tex_format(GString *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    tex_text(out, text);
    g_free(text);
}

void tex_label(GString *out, const char *text)
{
    for (const char *at = text; *at; at++)
        g_string_append_c(out, g_ascii_isalnum(*at) ? *at : '-');
}

void tex_path(GString *out, const char *path)
{
    for (const char *at = path; *at; at++)
        g_string_append_c(out, g_ascii_isalnum(*at) || strchr("-_./+=:,", *at) ? *at : '-');
}
