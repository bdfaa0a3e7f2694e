/* SPDX-License-Identifier: MIT */
#include "report/label.h"

#include "base/decimal.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define LOG_FROM_RATIO 100

static char *capitalised(GString *text)
{
    if (text->len)
        text->str[0] = g_ascii_toupper(text->str[0]);
    return g_string_free(text, FALSE);
}

char *label_key(const char *key)
{
    char *words = g_strdup(key);
    g_strdelimit(words, "._", ' ');
    GString *text = g_string_new(words);
    g_free(words);
    return capitalised(text);
}

/* What stands before a metric's label for its last word: "median" of p50, "maximum" of max. */
static const char *before_label(const char *last)
{
    static const char *const statistics[][2] = {
        {"p50", "median"}, {"min", "minimum"}, {"max", "maximum"}, {"mean", "mean"}};
    for (size_t i = 0; i < G_N_ELEMENTS(statistics); i++)
        if (strcmp(last, statistics[i][0]) == 0)
            return statistics[i][1];
    return NULL;
}

/* p95 */
static bool is_quantile(const char *word)
{
    return word[0] == 'p' && g_ascii_isdigit(word[1]) && g_ascii_isdigit(word[2]) && word[3] == '\0';
}

/* How many words from `at` on only name the unit. */
static size_t unit_words(char *const *at)
{
    static const char *const units[][4] = {{"s"}, {"per", "s"}, {"tx", "s"}, {"j", "per", "block"}};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        size_t count = 0;
        while (units[i][count] && at[count] && strcmp(units[i][count], at[count]) == 0)
            count++;
        if (!units[i][count])
            return count;
    }
    return 0;
}

/* Who sees a block become final, in the words of a metric from `at` on; returns how many they are, 0: it is not said.
 */
static size_t observer_words(char *const *at, const char **observer)
{
    if (strcmp(at[0], "two") == 0 && at[1] && strcmp(at[1], "thirds") == 0) {
        *observer = "at 2/3 of stake";
        return 2;
    }
    bool is_first = strcmp(at[0], "first") == 0, is_last = strcmp(at[0], "last") == 0;
    if (is_first || is_last)
        *observer = is_first ? "at first node" : "at last node";
    return is_first || is_last;
}

char *label_metric(const char *name)
{
    char **words = g_strsplit(name, "_", -1);
    size_t count = g_strv_length(words);
    const char *statistic = count > 1 ? before_label(words[count - 1]) : NULL;
    bool is_finality = count > 0 && strcmp(words[0], "finality") == 0;
    GString *text = g_string_new(statistic);
    count -= statistic != NULL;
    for (size_t i = 0; i < count;) {
        const char *said = words[i];
        size_t unit = i ? unit_words(&words[i]) : 0;
        size_t observer = i && is_finality && !unit ? observer_words(&words[i], &said) : 0;
        bool quantile = i && is_quantile(said);
        if (!unit)
            g_string_append_printf(text, "%s%s%s", text->len ? " " : "", said + quantile,
                                   quantile ? " % quantile" : "");
        i += MAX(unit + observer, 1);
    }
    g_strfreev(words);
    return capitalised(text);
}

struct step {
    const char *name;
    double factor;
    double from; /* the least number that it is used for; 0: the factor */
};

static struct scale scale_by(const struct step *steps, size_t count, double largest)
{
    size_t step = count - 1;
    while (step > 0 && largest < (steps[step].from > 0 ? steps[step].from : steps[step].factor))
        step--;
    struct scale scale = {.factor = steps[step].factor};
    g_strlcpy(scale.unit, steps[step].name, sizeof scale.unit);
    return scale;
}

struct scale scale_exact(const char *unit, double largest)
{
    static const struct step times[] = {
        {"ms", 1e-3, 0}, {"s", 1, 0}, {"min", 60, 600}, {"h", 3600, 18000}, {"d", 86400, 345600},
    };
    static const struct step bytes[] = {{"B", 1, 0}, {"kB", 1e3, 0}, {"MB", 1e6, 0}, {"GB", 1e9, 0}, {"TB", 1e12, 0}};
    static const struct step rates[] = {{"bit/s", 1, 0}, {"kbit/s", 1e3, 0}, {"Mbit/s", 1e6, 0}, {"Gbit/s", 1e9, 0}};
    static const struct step loads[] = {{"tx/s", 1, 0}, {"ktx/s", 1e3, 0}, {"Mtx/s", 1e6, 0}};
    double size = isfinite(largest) ? fabs(largest) : 0;
    if (strcmp(unit, "s") == 0)
        return scale_by(times, G_N_ELEMENTS(times), size > 0 ? size : 1);
    if (strcmp(unit, "bytes") == 0)
        return scale_by(bytes, G_N_ELEMENTS(bytes), size);
    if (strcmp(unit, "bits_per_s") == 0 || strcmp(unit, "bits/s") == 0 || strcmp(unit, "bit/s") == 0)
        return scale_by(rates, G_N_ELEMENTS(rates), size);
    if (strcmp(unit, "tx_per_s") == 0)
        return scale_by(loads, G_N_ELEMENTS(loads), size);
    struct scale plain = {.factor = 1};
    g_strlcpy(plain.unit, strcmp(unit, "1") == 0 ? "" : unit, sizeof plain.unit);
    return plain;
}

struct scale scale_rounded(const char *unit, double largest)
{
    static const struct step counts[] = {{"", 1, 0}, {"thousand", 1e3, 0}, {"million", 1e6, 0}, {"billion", 1e9, 0}};
    struct scale scale = scale_exact(unit, largest);
    if (scale.factor < 1 || scale.factor > 1 || fabs(largest) < 1e4 || strcmp(unit, "s") == 0)
        return scale;
    struct scale counted = scale_by(counts, G_N_ELEMENTS(counts), fabs(largest));
    char *text =
        scale.unit[0] ? g_strdup_printf("%s %s", counted.unit, scale.unit) : g_strdup_printf("%ss", counted.unit);
    g_strlcpy(counted.unit, text, sizeof counted.unit);
    g_free(text);
    return counted;
}

/* Whether the label has the word, in whatever case. */
static bool says(const char *label, const char *word)
{
    char *low = g_ascii_strdown(label, -1), **words = g_strsplit(low, " ", -1);
    bool said = g_strv_contains((const char *const *)words, word);
    g_strfreev(words);
    g_free(low);
    return said;
}

char *label_axis(const char *label, const struct scale *scale)
{
    const char *blank = strrchr(scale->unit, ' ');
    if (scale->unit[0] == '\0' || says(label, scale->unit))
        return g_strdup(label);
    if (blank && says(label, blank + 1))
        return g_strdup_printf("%s (%.*ss)", label, (int)(blank - scale->unit), scale->unit);
    return g_strdup_printf("%s (%s)", label, scale->unit);
}

char *label_axis_given(const char *given, const struct scale *scale)
{
    return g_str_has_suffix(given, ")") ? g_strdup(given) : label_axis(given, scale);
}

char *label_number(double value, const struct scale *scale, int digits)
{
    char printed[DECIMAL_SIZE];
    return g_strdup(decimal_print(printed, value / scale->factor, digits));
}

char *label_quantity(double value, const struct scale *scale, int digits)
{
    char printed[DECIMAL_SIZE];
    decimal_print(printed, value / scale->factor, digits);
    return g_strconcat(printed, scale->unit[0] ? " " : "", scale->unit, NULL);
}

const char *const axis_choices[] = {"auto", "linear", "log", NULL};

struct axis axis_of(double least, double most, double least_positive, enum axis_choice choice)
{
    bool positive = least > 0 && least <= most;
    struct axis axis = {.logarithmic =
                            choice == AXIS_LOG || (choice == AXIS_AUTO && positive && most >= LOG_FROM_RATIO * least)};
    if (axis.logarithmic && !(least_positive < INFINITY && most > 0))
        axis.logarithmic = false; /* nothing has a place on it */
    if (axis.logarithmic) {
        axis.from = least_positive / 1.25;
        axis.to = most * 1.25;
        return axis;
    }
    if (!(least <= most))
        return (struct axis){.to = 1};
    double width = most - least, size = MAX(fabs(most), fabs(least));
    if (width <= size * 1e-9)
        width = size > 0 ? size : 1;
    axis.from = least >= 0 && least <= most / 2 ? 0 : least - width / 12;
    axis.to = most <= 0 && most >= least / 2 ? 0 : most + width / 12;
    if (axis.from >= axis.to)
        axis.to = axis.from + 1;
    return axis;
}

double label_step(double most)
{
    static const double digits[] = {1, 2, 5, 10};
    double wanted = most / 3, power = 1;
    if (!(wanted > 0) || !isfinite(wanted))
        return 1;
    while (power > wanted)
        power /= 10;
    while (power * 10 <= wanted)
        power *= 10;
    size_t digit = 0;
    while (digit + 1 < G_N_ELEMENTS(digits) && digits[digit + 1] * power <= wanted)
        digit++;
    return digits[digit] * power;
}
