/* SPDX-License-Identifier: MIT */
#include "cli/screen.h"

#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ECMA-48: up, to the end of the line, to the end of the screen. */
#define UP        "\033[%uA"
#define REST      "\033[K"
#define ALL_BELOW "\033[J"
#define ESCAPE    '\033'

bool screen_is_possible(FILE *file)
{
    const char *kind = g_getenv("TERM");
    return isatty(fileno(file)) && kind && *kind && strcmp(kind, "dumb") != 0;
}

void screen_init(struct screen *screen, FILE *file)
{
    const char *no_colour = g_getenv("NO_COLOR");
    *screen = (struct screen){.file = file, .coloured = screen_is_possible(file) && !(no_colour && *no_colour)};
}

const char *screen_look(const struct screen *screen, enum look look)
{
    static const char *const looks[LOOKS] = {
        [LOOK_PLAIN] = "\033[0m", [LOOK_BOLD] = "\033[1m", [LOOK_DIM] = "\033[2m",
        [LOOK_GOOD] = "\033[32m", [LOOK_BAD] = "\033[31m",
    };
    return screen->coloured ? looks[look] : "";
}

void screen_measure(const struct screen *screen, unsigned *rows, unsigned *columns)
{
    struct winsize size;
    bool known = ioctl(fileno(screen->file), TIOCGWINSZ, &size) == 0;
    *rows = known && size.ws_row ? size.ws_row : 24;
    *columns = known && size.ws_col ? size.ws_col : 80;
}

bool screen_has_blocks(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The next character, or the end of a look. */
static const char *next_of(const char *at, const char *end, bool *is_look)
{
    *is_look = *at == ESCAPE;
    const char *look_end = *is_look ? memchr(at, 'm', (size_t)(end - at)) : NULL;
    const char *next = look_end ? look_end + 1 : g_utf8_find_next_char(at, end);
    return next ? next : end;
}

size_t screen_width(const char *text)
{
    size_t width = 0;
    bool is_look;
    for (const char *at = text, *end = text + strlen(text); at < end; at = next_of(at, end, &is_look))
        width += *at != ESCAPE;
    return width;
}

/* Appends a line, cut off at the width; looks take no room. */
static void append_line(GString *out, const char *line, size_t length, size_t width)
{
    size_t column = 0;
    for (const char *at = line, *end = line + length; at < end;) {
        bool is_look;
        const char *next = next_of(at, end, &is_look);
        if (is_look || column < width)
            g_string_append_len(out, at, next - at);
        column += !is_look;
        at = next;
    }
    g_string_append(out, REST "\n");
}

static void go_up(struct screen *screen, GString *out)
{
    if (screen->drawn)
        g_string_append_printf(out, "\r" UP, screen->drawn);
    screen->drawn = 0;
}

static void put(struct screen *screen, GString *out)
{
    g_string_append(out, ALL_BELOW);
    fputs(out->str, screen->file);
    fflush(screen->file);
    g_string_free(out, TRUE);
}

void screen_draw(struct screen *screen, const char *lines)
{
    unsigned rows, columns;
    screen_measure(screen, &rows, &columns);
    GString *out = g_string_new(NULL);
    go_up(screen, out);
    while (*lines && screen->drawn + 1 < rows) {
        size_t length = strcspn(lines, "\n");
        append_line(out, lines, length, columns - 1);
        lines += length + (lines[length] == '\n');
        screen->drawn++;
    }
    put(screen, out);
}

void screen_erase(struct screen *screen)
{
    GString *out = g_string_new(NULL);
    if (screen->drawn) {
        go_up(screen, out);
        put(screen, out);
    } else {
        g_string_free(out, TRUE);
    }
}
