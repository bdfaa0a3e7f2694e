/* SPDX-License-Identifier: MIT */
/*
 * The scripts of analysis/, run by gnuplot on results written by hand: whole files of each format, the same bytes every
 * time; and nothing under a final name when it fails.
 */
#include "report/gnuplot.h"
#include "sweep_by_hand.h"

#include <gio/gio.h>

static char *results, *data, *scripts;

static bool have_gnuplot(void)
{
    char *program = g_find_program_in_path("gnuplot");
    g_free(program);
    if (!program)
        g_test_skip("gnuplot is not installed");
    return program != NULL;
}

static void reduce_all(void)
{
    struct figure_source source;
    GError *error = NULL;
    results = sweep_by_hand();
    g_free(by_hand_run(results, "0-0"));
    data = g_build_filename(results, "plots", "data", NULL);
    g_assert_cmpint(g_mkdir_with_parents(data, 0777), ==, 0);
    g_assert_true(figure_source_open(&source, results, NULL, NULL));
    for (size_t i = 0; figures[i]; i++) {
        source.params = by_hand_params(figures[i]->name, NULL);
        bool fine = figures[i]->reduce(&source, data, &error);
        g_assert_no_error(error);
        g_assert_true(fine);
    }
    figure_source_release(&source);
}

/* Draws into a new folder inside the results; returns the bytes of NAME.ENDING there, or NULL and the error. */
static char *draw(const char *name, const char *format, const char *ending, int columns, gsize *length, GError **error)
{
    char *folder = g_build_filename(results, "plots", "drawn-XXXXXX", NULL);
    g_assert_nonnull(g_mkdtemp(folder));
    struct gnuplot_order order = {.scripts = scripts,
                                  .script = name,
                                  .name = name,
                                  .results = results,
                                  .data = data,
                                  .output = folder,
                                  .format = format,
                                  .columns = columns};
    GString *written = g_string_new(NULL);
    bool fine = gnuplot_draw(&order, written, error);
    char *file = g_strconcat(name, ".", ending, NULL), *path = g_build_filename(folder, file, NULL), *bytes = NULL;
    if (fine) {
        g_assert_nonnull(strstr(written->str, path));
        g_assert_true(g_file_get_contents(path, &bytes, length, NULL));
    } else {
        g_assert_cmpint(g_rmdir(folder), ==, 0); /* nothing was left in it */
    }
    g_string_free(written, TRUE);
    g_free(path);
    g_free(file);
    g_free(folder);
    return bytes;
}

static char *draw_whole(const char *name, const char *format, const char *ending, int columns, gsize *length)
{
    GError *error = NULL;
    char *bytes = draw(name, format, ending, columns, length, &error);
    g_assert_no_error(error);
    return bytes;
}

static void assert_same(const char *a, gsize a_length, const char *b, gsize b_length)
{
    g_assert_cmpuint(a_length, ==, b_length);
    g_assert_true(memcmp(a, b, a_length) == 0);
}

static void count_element(GMarkupParseContext *context, const gchar *name, const gchar **names, const gchar **values,
                          gpointer user, GError **error)
{
    (void)context, (void)name, (void)names, (void)values, (void)error;
    ++*(int *)user;
}

/* Drawn twice, the same; well-formed XML with more than axes in it. */
static void svg(void)
{
    static const GMarkupParser parser = {.start_element = count_element};
    for (size_t i = 0; have_gnuplot() && figures[i]; i++) {
        gsize length, again_length;
        char *text = draw_whole(figures[i]->name, "svg", "svg", 1, &length);
        char *again = draw_whole(figures[i]->name, "svg", "svg", 1, &again_length);
        assert_same(text, length, again, again_length);
        int elements = 0;
        GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &elements, NULL);
        GError *error = NULL;
        g_assert_true(g_markup_parse_context_parse(context, text, (gssize)length, &error));
        g_assert_true(g_markup_parse_context_end_parse(context, &error));
        g_assert_no_error(error);
        g_assert_cmpint(elements, >, 60);
        g_assert_nonnull(strstr(text, "seed 42"));
        g_assert_null(strstr(text, results)); /* no path leaks into a figure */
        g_markup_parse_context_free(context);
        g_free(text);
        g_free(again);
    }
}

static uint32_t big_endian(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return GUINT32_FROM_BE(value);
}

/* 300 dots an inch: 8.5 cm are 1003 or 1004 dots, 17.6 cm 2078 or 2079. */
static void png(void)
{
    for (size_t i = 0; have_gnuplot() && figures[i]; i++)
        for (int columns = 1; columns <= 2; columns++) {
            gsize length, again_length;
            char *bytes = draw_whole(figures[i]->name, "png", "png", columns, &length);
            char *again = draw_whole(figures[i]->name, "png", "png", columns, &again_length);
            assert_same(bytes, length, again, again_length);
            g_assert_cmpint(ABS((int)big_endian(bytes + 16) - (columns == 1 ? 1004 : 2079)), <=, 1);
            g_free(bytes);
            g_free(again);
        }
}

static void pdf_and_tex(void)
{
    for (size_t i = 0; have_gnuplot() && figures[i]; i++) {
        gsize length;
        char *pdf = draw_whole(figures[i]->name, "pdf", "pdf", 1, &length);
        g_assert_true(g_str_has_prefix(pdf, "%PDF-"));
        char *tex = draw_whole(figures[i]->name, "tex", "tex", 1, &length);
        char *included = g_strdup_printf("{%s}", figures[i]->name);
        g_assert_nonnull(strstr(tex, included)); /* the drawing, without a path */
        g_assert_nonnull(strstr(tex, "\\footnotesize"));
        g_free(included);
        g_free(pdf);
        g_free(tex);
    }
}

/* In characters: as many across as asked for, the same every time, and colours only where they are wanted. */
static void term(void)
{
    for (size_t i = 0; have_gnuplot() && figures[i]; i++)
        for (int colours = 0; colours <= 1; colours++) {
            GString *printed = g_string_new(NULL);
            GError *error = NULL;
            struct gnuplot_order order = {.scripts = scripts,
                                          .script = figures[i]->name,
                                          .name = "any",
                                          .results = results,
                                          .data = data,
                                          .format = "term",
                                          .columns = 90,
                                          .colours = colours};
            g_assert_true(gnuplot_draw(&order, printed, &error));
            g_assert_no_error(error);
            g_assert_nonnull(strstr(printed->str, "seed 42"));
            g_assert_true((strstr(printed->str, "\033[") != NULL) == colours);
            char **lines = g_strsplit(printed->str, "\n", -1);
            for (char **line = lines; *line && !colours; line++) {
                g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 90);
                g_assert_false(g_str_has_suffix(*line, " "));
            }
            g_assert_cmpuint(g_strv_length(lines), >, 15);
            g_strfreev(lines);
            g_string_free(printed, TRUE);
        }
}

/* What users may call things does not upset LaTeX: first_one, 100%_$ */
static void tex_quotes_what_latex_would_take_for_commands(void)
{
    if (!have_gnuplot())
        return;
    gsize length;
    char *tex = draw_whole("space_time", "tex", "tex", 1, &length);
    g_assert_nonnull(strstr(tex, "first\\_one"));
    g_assert_nonnull(strstr(tex, "100\\%\\_\\$"));
    g_free(tex);
    tex = draw_whole("forks_and_finality", "tex", "tex", 1, &length);
    g_assert_nonnull(strstr(tex, "split\\_1"));
    g_free(tex);
}

/* Each script says how it is used, and does not begin a file. */
static void script_alone_tells_its_usage(void)
{
    if (!have_gnuplot())
        return;
    char *script = g_build_filename(scripts, "finality.gp", NULL), *said = NULL;
    GSubprocess *process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL, "gnuplot", "-d", "-c", script, NULL);
    g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, NULL));
    g_assert_false(g_subprocess_get_successful(process));
    g_assert_nonnull(strstr(said, "usage: gnuplot -c analysis/finality.gp RESULTS"));
    g_object_unref(process);
    g_free(said);
    g_free(script);
}

/* Data that are cut short or gone make an error with gnuplot's words, and leave no figure. */
static void failures_leave_nothing(void)
{
    if (!have_gnuplot())
        return;
    GError *error = NULL;
    gsize length;
    by_hand_write(data, "finality.csv", "observer,finality_s,share\n");
    g_assert_null(draw("finality", "svg", "svg", 1, &length, &error));
    g_assert_error(error, GNUPLOT_ERROR, GNUPLOT_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "cannot draw finality.svg: "));
    g_clear_error(&error);
    g_assert_null(draw("no_such_script", "svg", "svg", 1, &length, &error));
    g_assert_error(error, GNUPLOT_ERROR, GNUPLOT_ERROR_FAILED);
    g_clear_error(&error);
}

static void missing_gnuplot_is_told(void)
{
    char *path = g_strdup(g_getenv("PATH"));
    GError *error = NULL;
    gsize length;
    g_setenv("PATH", "/nowhere", TRUE);
    g_assert_null(draw("block_tree", "svg", "svg", 1, &length, &error));
    g_setenv("PATH", path, TRUE);
    g_assert_error(error, GNUPLOT_ERROR, GNUPLOT_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "apt-get install gnuplot-nox"));
    g_error_free(error);
    g_free(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    const char *source = g_getenv("POSIM_SOURCE");
    scripts = g_build_filename(source ? source : ".", "analysis", NULL);
    reduce_all();
    g_test_add_func("/figures/svg", svg);
    g_test_add_func("/figures/png", png);
    g_test_add_func("/figures/pdf and tex", pdf_and_tex);
    g_test_add_func("/figures/term", term);
    g_test_add_func("/figures/tex quotes what LaTeX would take for commands",
                    tex_quotes_what_latex_would_take_for_commands);
    g_test_add_func("/figures/script alone tells its usage", script_alone_tells_its_usage);
    g_test_add_func("/figures/missing gnuplot is told", missing_gnuplot_is_told);
    g_test_add_func("/figures/failures leave nothing", failures_leave_nothing); /* last: it spoils the data */
    int failed = g_test_run();
    by_hand_remove(results);
    g_free(data);
    g_free(scripts);
    return failed;
}
