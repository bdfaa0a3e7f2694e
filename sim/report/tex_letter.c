/* SPDX-License-Identifier: MIT */
#include "report/tex_letter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER "\\posimletter{"

const char tex_letter_definition[] = "\\providecommand{\\posimletter}[1]{[U+#1]}\n";

struct command {
    gunichar letter;
    const char *command;
};

/* Beyond Latin letters, in the order of Unicode; those of mathematics go in an \ensuremath. */
static const struct command signs[] = {
    {0xa0, "~"},         {0xa7, "\\S{}"},      {0xa9, "\\copyright{}"}, {0xb6, "\\P{}"}, {0x2010, "-"},  {0x2011, "-"},
    {0x2013, "--"},      {0x2014, "---"},      {0x2018, "`"},           {0x2019, "'"},   {0x201c, "``"}, {0x201d, "''"},
    {0x2020, "\\dag{}"}, {0x2021, "\\ddag{}"}, {0x2026, "\\ldots{}"},   {0, NULL},
};

static const struct command symbols[] = {
    {0xac, "\\neg"},
    {0xb0, "^\\circ"},
    {0xb1, "\\pm"},
    {0xb2, "^2"},
    {0xb3, "^3"},
    {0xb5, "\\mu"},
    {0xb7, "\\cdot"},
    {0xb9, "^1"},
    {0xd7, "\\times"},
    {0xf7, "\\div"},
    {0x391, "\\mathrm{A}"},
    {0x392, "\\mathrm{B}"},
    {0x393, "\\Gamma"},
    {0x394, "\\Delta"},
    {0x395, "\\mathrm{E}"},
    {0x396, "\\mathrm{Z}"},
    {0x397, "\\mathrm{H}"},
    {0x398, "\\Theta"},
    {0x399, "\\mathrm{I}"},
    {0x39a, "\\mathrm{K}"},
    {0x39b, "\\Lambda"},
    {0x39c, "\\mathrm{M}"},
    {0x39d, "\\mathrm{N}"},
    {0x39e, "\\Xi"},
    {0x39f, "\\mathrm{O}"},
    {0x3a0, "\\Pi"},
    {0x3a1, "\\mathrm{P}"},
    {0x3a3, "\\Sigma"},
    {0x3a4, "\\mathrm{T}"},
    {0x3a5, "\\Upsilon"},
    {0x3a6, "\\Phi"},
    {0x3a7, "\\mathrm{X}"},
    {0x3a8, "\\Psi"},
    {0x3a9, "\\Omega"},
    {0x3b1, "\\alpha"},
    {0x3b2, "\\beta"},
    {0x3b3, "\\gamma"},
    {0x3b4, "\\delta"},
    {0x3b5, "\\varepsilon"},
    {0x3b6, "\\zeta"},
    {0x3b7, "\\eta"},
    {0x3b8, "\\theta"},
    {0x3b9, "\\iota"},
    {0x3ba, "\\kappa"},
    {0x3bb, "\\lambda"},
    {0x3bc, "\\mu"},
    {0x3bd, "\\nu"},
    {0x3be, "\\xi"},
    {0x3bf, "o"},
    {0x3c0, "\\pi"},
    {0x3c1, "\\rho"},
    {0x3c2, "\\varsigma"},
    {0x3c3, "\\sigma"},
    {0x3c4, "\\tau"},
    {0x3c5, "\\upsilon"},
    {0x3c6, "\\varphi"},
    {0x3c7, "\\chi"},
    {0x3c8, "\\psi"},
    {0x3c9, "\\omega"},
    {0x3d1, "\\vartheta"},
    {0x3d5, "\\phi"},
    {0x3f5, "\\epsilon"},
    {0x2022, "\\bullet"},
    {0x2032, "'"},
    {0x2190, "\\leftarrow"},
    {0x2191, "\\uparrow"},
    {0x2192, "\\rightarrow"},
    {0x2193, "\\downarrow"},
    {0x2194, "\\leftrightarrow"},
    {0x21d2, "\\Rightarrow"},
    {0x2200, "\\forall"},
    {0x2203, "\\exists"},
    {0x2205, "\\emptyset"},
    {0x2208, "\\in"},
    {0x2209, "\\notin"},
    {0x2211, "\\sum"},
    {0x2212, "-"},
    {0x221a, "\\surd"},
    {0x221e, "\\infty"},
    {0x2227, "\\wedge"},
    {0x2228, "\\vee"},
    {0x2229, "\\cap"},
    {0x222a, "\\cup"},
    {0x2248, "\\approx"},
    {0x2260, "\\neq"},
    {0x2261, "\\equiv"},
    {0x2264, "\\leq"},
    {0x2265, "\\geq"},
    {0x2282, "\\subset"},
    {0x2286, "\\subseteq"},
    {0, NULL},
};

/* Marks that stand above or below the letter before them. */
static const struct command accents[] = {
    {0x300, "\\`"}, {0x301, "\\'"}, {0x302, "\\^"},  {0x303, "\\~"}, {0x304, "\\="},
    {0x306, "\\u"}, {0x307, "\\."}, {0x308, "\\\""}, {0x30a, "\\r"}, {0x30b, "\\H"},
    {0x30c, "\\v"}, {0x323, "\\d"}, {0x327, "\\c"},  {0x331, "\\b"}, {0, NULL},
};

static const char *command_for(const struct command *commands, gunichar letter)
{
    while (commands->letter && commands->letter != letter)
        commands++;
    return commands->command;
}

/* Letters of Latin-1 that every font of base LaTeX can put together. */
static bool is_known(gunichar c)
{
    return c >= 0xc0 && c <= 0xff && c != 0xd0 && c != 0xd7 && c != 0xde && c != 0xf0 && c != 0xf7 && c != 0xfe;
}

/* What only tells how its neighbours are drawn, as in emoji. */
static bool is_unseen(gunichar c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x200b && c <= 0x200f) || c == 0xfeff;
}

/* Of a letter with an accent on it, "\v{s}". */
static bool append_accented(GString *out, gunichar c)
{
    gunichar base, mark;
    if (!g_unichar_decompose(c, &base, &mark) || base >= 0x80 || !command_for(accents, mark))
        return false;
    g_string_append_printf(out, "%s{%c}", command_for(accents, mark), (char)base);
    return true;
}

/* The nearest letters of ASCII. */
static bool append_nearest(GString *out, gunichar c)
{
    char letter[7] = "";
    letter[g_unichar_to_utf8(c, letter)] = '\0';
    char *nearest = g_str_to_ascii(letter, "C");
    bool fine = *nearest != '\0';
    for (const char *at = nearest; *at && fine; at++)
        fine = g_ascii_isalnum(*at) || strchr("'()+,-./:;=", *at);
    if (fine)
        g_string_append(out, nearest);
    g_free(nearest);
    return fine;
}

static void append(GString *out, gunichar c)
{
    const char *sign = command_for(signs, c), *symbol = command_for(symbols, c);
    if ((c >= ' ' && c < 0x7f) || c == '\n' || c == '\t' || is_known(c))
        g_string_append_unichar(out, c);
    else if (sign)
        g_string_append(out, sign);
    else if (symbol)
        g_string_append_printf(out, "\\ensuremath{%s}", symbol);
    else if (!is_unseen(c) && !append_accented(out, c) && !append_nearest(out, c))
        g_string_append_printf(out, NUMBER "%04X}", c);
}

const char *tex_letter(GString *out, const char *at)
{
    gunichar c = g_utf8_get_char(at);
    const char *next = g_utf8_next_char(at);
    const char *accent =
        *next && c < 0x80 && g_ascii_isalnum((char)c) ? command_for(accents, g_utf8_get_char(next)) : NULL;
    if (accent) {
        g_string_append_printf(out, "%s{%c}", accent, (char)c);
        return g_utf8_next_char(next);
    }
    append(out, c);
    return next;
}

char *tex_with_letters(const char *tex)
{
    char *valid = g_utf8_make_valid(tex, -1), *composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFC);
    GString *out = g_string_new(NULL);
    for (const char *at = composed; *at;)
        at = tex_letter(out, at);
    const char *first_end = strchr(out->str, '\n');
    if (strstr(out->str, NUMBER))
        g_string_insert(out, first_end ? first_end + 1 - out->str : 0, tex_letter_definition);
    g_free(composed);
    g_free(valid);
    return g_string_free(out, FALSE);
}

char *tex_numbered_letters(const char *tex)
{
    GString *told = g_string_new(NULL);
    for (const char *at = tex; (at = strstr(at, NUMBER)); at++) {
        gunichar c = (gunichar)strtoul(at + strlen(NUMBER), NULL, 16);
        char number[16];
        g_snprintf(number, sizeof number, "(U+%04X)", c);
        if (strstr(told->str, number))
            continue;
        g_string_append(told, told->len ? ", " : "");
        if (g_unichar_isprint(c))
            g_string_append_unichar(told, c);
        g_string_append_printf(told, "%s%s", g_unichar_isprint(c) ? " " : "", number);
    }
    return g_string_free(told, told->len == 0);
}
