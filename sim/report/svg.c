/* SPDX-License-Identifier: MIT */
#include "report/svg.h"

#include <string.h>

G_DEFINE_QUARK(posim - svg - error - quark, svg_error)

/* What draws; all else is left out with what is in it. */
static const char *const elements[] = {
    "circle", "clipPath", "defs",    "feComposite", "feFlood",  "filter",         "g",
    "line",   "path",     "pattern", "polygon",     "polyline", "radialGradient", "rect",
    "stop",   "svg",      "text",    "tspan",       "use",      "linearGradient", NULL};

/* And how. References (href, xlink:href) are looked at apart. */
static const char *const attributes[] = {"class",
                                         "clip-path",
                                         "color",
                                         "cx",
                                         "cy",
                                         "d",
                                         "dx",
                                         "dy",
                                         "fill",
                                         "fill-opacity",
                                         "fill-rule",
                                         "filter",
                                         "filterUnits",
                                         "flood-color",
                                         "flood-opacity",
                                         "font-family",
                                         "font-size",
                                         "font-style",
                                         "font-weight",
                                         "height",
                                         "id",
                                         "in",
                                         "in2",
                                         "offset",
                                         "opacity",
                                         "operator",
                                         "patternUnits",
                                         "points",
                                         "r",
                                         "result",
                                         "rx",
                                         "ry",
                                         "shape-rendering",
                                         "stop-color",
                                         "stop-opacity",
                                         "stroke",
                                         "stroke-dasharray",
                                         "stroke-linecap",
                                         "stroke-linejoin",
                                         "stroke-opacity",
                                         "stroke-width",
                                         "style",
                                         "text-anchor",
                                         "text-rendering",
                                         "transform",
                                         "viewBox",
                                         "width",
                                         "x",
                                         "x1",
                                         "x2",
                                         "y",
                                         "y1",
                                         "y2",
                                         NULL};

struct copying {
    struct html *html;
    const char *prefix, *label;
    unsigned skipped; /* elements open that are left out */
    bool begun;       /* the outer svg */
};

static const char *find(const char *const *list, const char *name)
{
    while (*list && strcmp(*list, name) != 0)
        list++;
    return *list;
}

/* Of a drawing's own, as `url(#name)`: the same with the prefix. NULL: it leads elsewhere. g_free it. */
static char *own_reference(const char *value, const char *prefix)
{
    static const char before[] = "url(#", names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strlen(before);
    if (!g_str_has_prefix(value, before) || strcmp(value + length + strspn(value + length, names), ")") != 0)
        return NULL;
    return g_strdup_printf("%s%s-%s", before, prefix, value + length);
}

/* Whether a value refers to something, as CSS reads it. */
static bool refers(const char *value)
{
    char *low = g_ascii_strdown(value, -1);
    bool found = strstr(low, "url") || strchr(low, '\\');
    g_free(low);
    return found;
}

/* Whether a style only says colours and lines. */
static bool is_plain_style(const char *value)
{
    return strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-:;,.()# ") == strlen(value) && !refers(value);
}

static void copy_attribute(struct copying *copying, const char *name, const char *value)
{
    struct html *html = copying->html;
    bool is_link = strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0;
    if (is_link) {
        if (value[0] == '#')
            html_attribute_format(html, "href", "#%s-%s", copying->prefix, value + 1);
        return;
    }
    const char *known = find(attributes, name);
    if (!known || (strcmp(name, "style") == 0 && !is_plain_style(value)))
        return;
    if (strcmp(name, "id") == 0) {
        html_attribute_format(html, known, "%s-%s", copying->prefix, value);
    } else if (refers(value)) {
        char *reference = own_reference(value, copying->prefix);
        html_attribute(html, known, reference);
        g_free(reference);
    } else {
        html_attribute(html, known, value);
    }
}

/* The drawing as a whole: the page decides how wide it is. */
static void begin_drawing(struct copying *copying, const char **names, const char **values)
{
    copying->begun = true;
    html_begin_classed(copying->html, "svg", "drawing");
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], "viewBox") == 0)
            html_attribute(copying->html, "viewBox", values[i]);
    html_attribute(copying->html, "role", "img");
    html_attribute(copying->html, "aria-label", copying->label);
}

static void start(GMarkupParseContext *context, const char *name, const char **names, const char **values, void *user,
                  GError **error)
{
    (void)context, (void)error;
    struct copying *copying = user;
    const char *element = find(elements, name);
    bool is_outer = strcmp(name, "svg") == 0 && !copying->begun;
    if (copying->skipped || !element || (!is_outer && strcmp(name, "svg") == 0) || (!copying->begun && !is_outer) ||
        copying->html->depth + 1 >= HTML_DEEPEST) {
        copying->skipped++;
        return;
    }
    if (is_outer) {
        begin_drawing(copying, names, values);
        return;
    }
    html_begin(copying->html, element);
    for (size_t i = 0; names[i]; i++)
        copy_attribute(copying, names[i], values[i]);
}

static void end(GMarkupParseContext *context, const char *name, void *user, GError **error)
{
    (void)context, (void)name, (void)error;
    struct copying *copying = user;
    if (copying->skipped)
        copying->skipped--;
    else
        html_end(copying->html);
}

/* Blanks between elements are dropped. */
static void text(GMarkupParseContext *context, const char *content, gsize length, void *user, GError **error)
{
    (void)context, (void)error;
    struct copying *copying = user;
    if (copying->skipped || copying->html->depth == 0)
        return;
    const char *inside = copying->html->open[copying->html->depth - 1];
    if (strcmp(inside, "text") != 0 && strcmp(inside, "tspan") != 0)
        return;
    char *copy = g_strndup(content, length);
    html_text(copying->html, copy);
    g_free(copy);
}

bool svg_write(struct html *html, const char *svg, const char *prefix, const char *label, GError **error)
{
    static const GMarkupParser parser = {.start_element = start, .end_element = end, .text = text};
    struct html drawing;
    html_init(&drawing);
    struct copying copying = {.html = &drawing, .prefix = prefix, .label = label};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_PREFIX_ERROR_POSITION, &copying, NULL);
    GError *why = NULL;
    bool fine = g_markup_parse_context_parse(context, svg, (gssize)strlen(svg), &why) &&
                g_markup_parse_context_end_parse(context, &why);
    if (fine && !copying.begun)
        g_set_error(&why, SVG_ERROR, SVG_ERROR_MALFORMED, "there is no element `svg`");
    fine = fine && copying.begun;
    g_markup_parse_context_free(context);
    if (fine)
        html_append(html, &drawing);
    else
        g_set_error(error, SVG_ERROR, SVG_ERROR_MALFORMED, "the drawing cannot be read: %s", why->message);
    g_clear_error(&why);
    g_string_free(drawing.text, TRUE);
    return fine;
}
