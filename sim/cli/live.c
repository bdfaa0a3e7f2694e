/* SPDX-License-Identifier: MIT */
#include "cli/live_inside.h"
#include "cli/telling.h"

#define DRAWN_EVERY_S   0.25
#define PRINTED_EVERY_S 5
#define SAMPLED_EVERY_S 0.5

double live_now_s(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

struct live *live_new(const struct cli *cli, const struct scenario *scenario, const char *folder, const char *name,
                      FILE *file)
{
    struct live *live = g_new0(struct live, 1);
    live->name = name;
    live->scenario = scenario;
    live->settings = root_experiment(&cli->root, scenario_values(scenario));
    live->metric_count = telling_choose(live->settings, live->metrics, LIVE_METRICS_MOST);
    live->swept_count = scenario_swept(scenario, live->swept, G_N_ELEMENTS(live->swept));
    live->overview = overview_new(folder, &cli->root, scenario, live->metrics, live->metric_count);
    screen_init(&live->screen, file);
    live->draws = screen_is_possible(file);
    live->changed_s = live_now_s();
    if (!live->draws)
        live->shown_s = live_now_s(); /* a line tells of some time, a picture of now */
    return live;
}

void live_free(struct live *live)
{
    if (!live)
        return;
    overview_free(live->overview);
    g_free(live);
}

/* Looking. */

double live_done(const struct live *live)
{
    return MIN((double)overview_over(live->overview) + live->under_way, (double)overview_total(live->overview));
}

static const struct sample *oldest(const struct live *live)
{
    return &live->samples[live->sample_count > LIVE_SAMPLES ? live->sample_count % LIVE_SAMPLES : 0];
}

bool live_look(struct live *live, GError **error)
{
    double now = live_now_s();
    if (!overview_refresh(live->overview, error))
        return false;
    if (overview_over(live->overview) != live->over)
        live->changed_s = now;
    live->over = overview_over(live->overview);
    bool first = live->sample_count == 0;
    if (first || now - live->samples[(live->sample_count - 1) % LIVE_SAMPLES].at_s >= SAMPLED_EVERY_S)
        live->samples[live->sample_count++ % LIVE_SAMPLES] = (struct sample){now, live_done(live)};
    return true;
}

double live_rate(const struct live *live)
{
    double elapsed_s = live_now_s() - oldest(live)->at_s, gained = live_done(live) - oldest(live)->done;
    return elapsed_s > 0 && gained > 0 ? gained / elapsed_s : 0;
}

static void draw(struct live *live)
{
    unsigned rows, columns;
    screen_measure(&live->screen, &rows, &columns);
    GString *out = g_string_new(NULL);
    live_append_picture(live, rows > LIVE_LINES_AROUND ? rows - LIVE_LINES_AROUND : 1, columns, out);
    screen_draw(&live->screen, out->str);
    g_string_free(out, TRUE);
}

static void print_line(const struct live *live)
{
    GString *out = g_string_new(NULL);
    live_append_line(live, out);
    fprintf(live->screen.file, "%s\n", out->str);
    fflush(live->screen.file);
    g_string_free(out, TRUE);
}

/* Showing. */

bool live_show_now(struct live *live, GError **error)
{
    if (!live_look(live, error))
        return false;
    live->shown_s = live_now_s();
    if (live->draws)
        draw(live);
    else
        print_line(live);
    return true;
}

bool live_show(struct live *live, double under_way, GError **error)
{
    double interval_s = live->draws ? DRAWN_EVERY_S : PRINTED_EVERY_S;
    live->under_way = under_way;
    return live_now_s() - live->shown_s < interval_s || live_show_now(live, error);
}

bool live_print(struct live *live, GError **error)
{
    if (!live_look(live, error))
        return false;
    unsigned rows, columns;
    screen_measure(&live->screen, &rows, &columns);
    GString *out = g_string_new(NULL);
    live_append_picture(live, LIVE_POINTS_PRINTED, columns, out);
    live_append_rest(live, out);
    fputs(out->str, live->screen.file);
    g_string_free(out, TRUE);
    return true;
}

void live_set_unattended(struct live *live, bool unattended)
{
    live->unattended = unattended;
}

void live_erase(struct live *live)
{
    if (live->draws)
        screen_erase(&live->screen);
}

bool live_is_over(const struct live *live, uint64_t *failed)
{
    *failed = overview_failed(live->overview);
    return overview_over(live->overview) >= overview_total(live->overview);
}
