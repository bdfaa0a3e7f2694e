/* SPDX-License-Identifier: MIT */
#include "report/tex.h"

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

/* Letters of Latin-1 that every font of base LaTeX can put together. */
static bool is_known_letter(gunichar c)
{
    return c >= 0xc0 && c <= 0xff && c != 0xd0 && c != 0xd7 && c != 0xde && c != 0xf0 && c != 0xf7 && c != 0xfe;
}

static void append(GString *out, gunichar c)
{
    const char *command = command_for(c);
    if (command) {
        g_string_append(out, command);
    } else if (c < 0x80 && strchr("&%$#_{}", (int)c)) {
        g_string_append_printf(out, "\\%c", (char)c);
    } else if ((c >= ' ' && c < 0x7f) || is_known_letter(c)) {
        g_string_append_unichar(out, c);
    } else {
        char letter[7] = "";
        letter[g_unichar_to_utf8(c, letter)] = '\0';
        char *nearest = g_str_to_ascii(letter, "C");
        for (const char *at = nearest; *at; at++)
            if (g_ascii_isalnum(*at) || strchr("?'()*+,-./:;=", *at))
                g_string_append_c(out, *at);
        g_free(nearest);
    }
}

void tex_text(GString *out, const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1);
    for (const char *at = valid; *at; at = g_utf8_next_char(at))
        append(out, g_utf8_get_char(at));
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
