/* SPDX-License-Identifier: MIT */
#include "report/gnuplot.h"

#include "report/tex_letter.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

G_DEFINE_QUARK(posim - gnuplot - error - quark, gnuplot_error)

const char *const gnuplot_formats[] = {"svg", "png", "pdf", "tex", "term", NULL};

static bool fail(GError **error, const struct gnuplot_order *order, const char *what)
{
    g_set_error(error, GNUPLOT_ERROR, GNUPLOT_ERROR_FAILED, "cannot draw %s.%s: %s", order->name, order->format, what);
    return false;
}

/*
 * What gnuplot says but the libraries below it, which complain of fonts and displays, do not; nor that it has little
 * room for long labels, which it draws all the same.
 */
static char *complaints(const char *stderr_text)
{
    char **lines = g_strsplit(stderr_text, "\n", -1);
    GString *kept = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        g_strstrip(*line);
        if (**line && !strstr(*line, "Fontconfig") && !strstr(*line, "Pango") && !strstr(*line, "GLib") &&
            !strstr(*line, "difficulty making room"))
            g_string_append_printf(kept, "%s%s", kept->len ? "; " : "", *line);
    }
    g_strfreev(lines);
    return g_string_free(kept, FALSE);
}

static bool is_text(const struct gnuplot_order *order)
{
    return strcmp(order->format, "term") == 0;
}

/* Runs the script in `folder` (NULL: here), where the figure is written; g_free *printed, what it wrote to stdout. */
static bool run(const struct gnuplot_order *order, const char *folder, char **printed, GError **error)
{
    char *script_file = g_strconcat(order->script, ".gp", NULL),
         *script = g_build_filename(order->scripts, script_file, NULL);
    char *figure = is_text(order) ? g_strdup("term") : g_strconcat(order->name, ".", order->format, NULL);
    char *columns = g_strdup_printf("%d%s", order->columns, is_text(order) && order->colours ? " ansi" : "");
    /* -d: without the user's own settings, which could change the figure */
    const char *arguments[] = {"gnuplot", "-d", "-c", script, order->results, figure, columns, order->data, NULL};
    GSubprocessLauncher *launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_subprocess_launcher_set_cwd(launcher, folder);
    g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
    g_subprocess_launcher_unsetenv(launcher, "GNUTERM");
    g_subprocess_launcher_unsetenv(launcher, "GNUPLOT_LIB");
    GError *failure = NULL;
    GSubprocess *process = g_subprocess_launcher_spawnv(launcher, arguments, &failure);
    char *said = NULL;
    bool fine = process && g_subprocess_communicate_utf8(process, NULL, NULL, printed, &said, &failure);
    if (failure) {
        if (g_error_matches(failure, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
            g_set_error(error, GNUPLOT_ERROR, GNUPLOT_ERROR_MISSING,
                        "there is no gnuplot to draw figures with: install it (Debian: apt-get install gnuplot-nox)");
        else
            fail(error, order, failure->message);
        g_error_free(failure);
    } else {
        char *complaint = complaints(said ? said : "");
        fine = g_subprocess_get_successful(process) && *complaint == '\0';
        if (!fine)
            fail(error, order, *complaint ? complaint : "gnuplot failed without a word");
        g_free(complaint);
    }
    g_clear_object(&process);
    g_object_unref(launcher);
    g_free(said);
    g_free(columns);
    g_free(figure);
    g_free(script);
    g_free(script_file);
    return fine;
}

/* Whether a file of that format begins and ends as it must. */
static bool whole(const char *path, const char *format)
{
    static const struct {
        const char *format, *begin, *end;
        size_t begin_length, end_length;
    } marks[] = {
        {"svg", "<?xml", "</svg>", 5, 6},
        {"png", "\x89PNG\r\n\x1a\n", "IEND\xae\x42\x60\x82", 8, 8},
        {"pdf", "%PDF-", "%%EOF", 5, 5},
        {"tex", "% GNUPLOT", "\\endgroup", 9, 9},
    };
    char *content;
    gsize length;
    if (!g_file_get_contents(path, &content, &length, NULL))
        return false;
    while (length > 0 && g_ascii_isspace(content[length - 1]))
        length--;
    bool fine = false;
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (strcmp(marks[i].format, format) == 0)
            fine = length >= marks[i].begin_length + marks[i].end_length &&
                   memcmp(content, marks[i].begin, marks[i].begin_length) == 0 &&
                   memcmp(content + length - marks[i].end_length, marks[i].end, marks[i].end_length) == 0;
    g_free(content);
    return fine;
}

static bool take(const struct gnuplot_order *order, const char *folder, const char *format, GString *written,
                 GError **error)
{
    char *file = g_strconcat(order->name, ".", format, NULL);
    char *from = g_build_filename(folder, file, NULL), *to = g_build_filename(order->output, file, NULL);
    bool fine = whole(from, format) || fail(error, order, "gnuplot left no whole figure");
    if (fine && g_rename(from, to) != 0)
        fine = fail(error, order, g_strerror(errno));
    if (fine)
        g_string_append_printf(written, "%s\n", to);
    g_free(to);
    g_free(from);
    g_free(file);
    return fine;
}

/* gnuplot writes letters as they are, which LaTeX need not know. */
static bool write_letters(const struct gnuplot_order *order, const char *folder, GError **error)
{
    char *file = g_strconcat(order->name, ".tex", NULL), *path = g_build_filename(folder, file, NULL);
    char *drawn = NULL, *lettered = NULL;
    bool fine = g_file_get_contents(path, &drawn, NULL, error);
    if (fine) {
        lettered = tex_with_letters(drawn);
        fine = g_file_set_contents(path, lettered, -1, error);
    }
    g_free(lettered);
    g_free(drawn);
    g_free(path);
    g_free(file);
    return fine;
}

static void remove_folder(const char *folder)
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
        g_free(path);
    }
    if (listing)
        g_dir_close(listing);
    g_rmdir(folder);
}

/* The figure without the form feed that begins a page, and without the blanks that fill its lines. */
static bool print(const struct gnuplot_order *order, GString *written, GError **error)
{
    char *printed = NULL;
    bool fine = run(order, NULL, &printed, error);
    char **lines = g_strsplit(fine && printed ? printed : "", "\n", -1);
    size_t count = g_strv_length(lines);
    while (count > 0 && *g_strchomp(lines[count - 1]) == '\0')
        count--;
    for (size_t i = 0; i < count; i++)
        if (lines[i][0] != '\f')
            g_string_append_printf(written, "%s\n", g_strchomp(lines[i]));
    if (fine && count == 0)
        fine = fail(error, order, "gnuplot printed nothing");
    g_strfreev(lines);
    g_free(printed);
    return fine;
}

bool gnuplot_draw(const struct gnuplot_order *order, GString *written, GError **error)
{
    if (is_text(order))
        return print(order, written, error);
    char *folder = g_build_filename(order->output, GNUPLOT_DRAWING "XXXXXX", NULL);
    bool fine = g_mkdtemp(folder) != NULL || fail(error, order, g_strerror(errno));
    if (fine) {
        bool tex = strcmp(order->format, "tex") == 0;
        char *printed = NULL;
        fine = run(order, folder, &printed, error) &&
               (!tex || (write_letters(order, folder, error) && take(order, folder, "pdf", written, error))) &&
               take(order, folder, order->format, written, error);
        remove_folder(folder);
        g_free(printed);
    }
    g_free(folder);
    return fine;
}
