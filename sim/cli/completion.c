/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"

#include "cli/topics.h"
#include "report/gnuplot.h"
#include "scenario/describe.h"
#include "scenario/explain.h"

#include <string.h>

/* An answer in the making. */
struct answer {
    const struct cli *cli;
    const char *typed;  /* what a word must begin with */
    const char *before; /* what stands before it in the word, as "--set=" or "praos," */
    GHashTable *given;  /* words, so that none is given twice */
    GStringChunk *texts;
    GString *out;
};

static void give(struct answer *answer, const char *word, const char *end, const char *meaning)
{
    if (!g_str_has_prefix(word, answer->typed))
        return;
    char *whole = g_strconcat(answer->before, word, end, NULL);
    if (!g_hash_table_add(answer->given, whole))
        return;
    g_string_append(answer->out, whole);
    if (meaning && *meaning)
        g_string_append_printf(answer->out, "\t%s", meaning);
    g_string_append_c(answer->out, '\n');
}

static void give_each(struct answer *answer, const char *const *words)
{
    for (; words && *words; words++)
        give(answer, *words, "", NULL);
}

/* The answer goes on after `length` more characters of what was typed. */
static void move_on(struct answer *answer, size_t length)
{
    char *before = g_strdup_printf("%s%.*s", answer->before, (int)length, answer->typed);
    answer->before = g_string_chunk_insert(answer->texts, before);
    answer->typed += length;
    g_free(before);
}

/* Only the last of several, divided by commas, is to be found; those before stand, and are not given again. */
static void turn_to_last(struct answer *answer)
{
    const char *comma = strrchr(answer->typed, ',');
    if (!comma)
        return;
    char *all = g_strndup(answer->typed, (gsize)(comma - answer->typed)), **each = g_strsplit(all, ",", -1);
    move_on(answer, (size_t)(comma + 1 - answer->typed));
    for (char **word = each; *word; word++)
        g_hash_table_add(answer->given, g_strconcat(answer->before, *word, NULL));
    g_strfreev(each);
    g_free(all);
}

/* Topics. */

static void give_topic(void *user, const char *name, const char *second, const char *meaning)
{
    (void)second;
    give(user, name, "", meaning);
}

static void give_topics(struct answer *answer, const char *kind)
{
    for (const struct topic_kind *at = topic_kinds; at->name; at++)
        if (!kind || strcmp(at->name, kind) == 0)
            at->each(answer->cli, give_topic, answer);
}

static void give_kinds(struct answer *answer)
{
    for (const struct topic_kind *at = topic_kinds; at->name; at++)
        give(answer, at->name, "", NULL);
}

/* Keys. */

/* A walk over keys: those of a scenario, or of a figure. */
struct walk {
    struct answer *answer;
    const struct param_table *table;
    const char *end;    /* after a whole key */
    bool only_settable; /* by --set: not what is inside of lists, which have items of their own names */
    GPtrArray *lists;   /* paths of those */
    const char *wanted; /* the key whose values are given; NULL: keys are */
};

static bool is_within(const char *path, const GPtrArray *lists)
{
    for (guint l = 0; l < lists->len; l++) {
        size_t length = strlen(lists->pdata[l]);
        if (strncmp(path, lists->pdata[l], length) == 0 && path[length] && strchr(".[", path[length]))
            return true;
    }
    return false;
}

/* Up to the next part of the path, as folders of a path are completed one by one. */
static void give_key(const struct walk *walk, const char *plain, const char *meaning)
{
    size_t typed = strlen(walk->answer->typed);
    const char *dot = g_str_has_prefix(plain, walk->answer->typed) ? strchr(plain + typed, '.') : NULL;
    if (!dot) {
        give(walk->answer, plain, walk->end, meaning);
        return;
    }
    char *part = g_strndup(plain, (gsize)(dot + 1 - plain));
    give(walk->answer, part, "", NULL);
    g_free(part);
}

static void give_values(struct answer *answer, const struct described *described)
{
    static const char *const switches[] = {"on", "off", NULL};
    const struct param *param = described->param;
    if (described->is_discriminator)
        for (size_t v = 0; v < param->variants->count; v++)
            give(answer, param->variants->list[v].name, "", param->variants->list[v].meaning);
    else if (param->type == PARAM_CHOICE)
        give_each(answer, param->choices);
    else if (param->type == PARAM_FLAG)
        give_each(answer, switches);
}

/* Whether the value is one that can be written on a command line: maps have keys of their own. */
static bool is_scalar(const struct described *described)
{
    enum param_type type = described->param->type;
    return described->is_discriminator || (type != PARAM_STRUCT && type != PARAM_ONE_OF && type != PARAM_MAP &&
                                           type != PARAM_VALUES && describe_table(described->param) == NULL);
}

static void visit(const struct described *described, void *context)
{
    struct walk *walk = context;
    bool is_list = described->param->type == PARAM_LIST || described->param->type == PARAM_MAP;
    if (walk->only_settable && is_within(described->path, walk->lists))
        return;
    if (is_list && !described->is_discriminator)
        g_ptr_array_add(walk->lists, g_strdup(described->path));
    char *plain = explain_plain_path(described->path);
    if (walk->wanted && strcmp(plain, walk->wanted) == 0)
        give_values(walk->answer, described);
    else if (!walk->wanted && (!walk->only_settable || is_scalar(described)))
        give_key(walk, plain, described->is_discriminator ? NULL : described->param->meaning);
    g_free(plain);
}

static void walk_keys(struct walk walk)
{
    walk.lists = g_ptr_array_new_with_free_func(g_free);
    describe_walk(walk.table, visit, &walk);
    g_ptr_array_unref(walk.lists);
}

/* KEY=VALUE: the key, or the value after it. */
static void give_setting(struct answer *answer, const struct param_table *table, bool several)
{
    const char *equals = strchr(answer->typed, '=');
    if (!equals) {
        walk_keys((struct walk){.answer = answer, .table = table, .end = "=", .only_settable = true});
        return;
    }
    char *key = g_strndup(answer->typed, (gsize)(equals - answer->typed));
    move_on(answer, strlen(key) + 1);
    if (several)
        turn_to_last(answer);
    walk_keys((struct walk){.answer = answer, .table = table, .only_settable = true, .wanted = key});
    g_free(key);
}

/* What a word of a command's arguments, or the value of an option, stands for. */

static void give_assignment(struct answer *answer)
{
    give_setting(answer, &answer->cli->root.table, false);
}

static void give_assignments(struct answer *answer)
{
    give_setting(answer, &answer->cli->root.table, true);
}

static void give_condition(struct answer *answer)
{
    walk_keys((struct walk){.answer = answer, .table = &answer->cli->root.table, .end = "", .only_settable = true});
}

/* What figures can be given; which figure is meant may not be known yet. */
static void give_parameter(struct answer *answer)
{
    const struct answer before = *answer;
    for (size_t f = 0; f < answer->cli->figures.count; f++) {
        *answer = before;
        give_setting(answer, answer->cli->figures.list[f].table, false);
    }
}

static void give_figures(struct answer *answer)
{
    give_topics(answer, "figures");
}

static void give_formats(struct answer *answer)
{
    turn_to_last(answer);
    give_each(answer, gnuplot_formats);
}

static void give_metrics(struct answer *answer)
{
    give_topics(answer, "metrics");
}

/* All that `posim explain` knows. */
static void give_names(struct answer *answer)
{
    give_topics(answer, NULL);
    walk_keys((struct walk){.answer = answer, .table = &answer->cli->root.table, .end = ""});
}

static void give_presets(struct answer *answer)
{
    give_topics(answer, "presets");
    give_topics(answer, "protocols");
}

static void give_shells(struct answer *answer)
{
    give_each(answer, completion_shells);
}

static void give_scenarios(struct answer *answer)
{
    g_string_append(answer->out, ":scenarios\n");
}

static void give_results(struct answer *answer)
{
    g_string_append(answer->out, ":results\n");
}

static void give_folders(struct answer *answer)
{
    g_string_append(answer->out, ":folders\n");
}

static const struct stands_for {
    const char *word;
    void (*give)(struct answer *answer);
} arguments[] = {{"DIR", give_results}, {"FIGURE", give_figures}, {"FILE", give_scenarios}, {"KIND", give_kinds},
                 {"NAME", give_names},  {"PRESET", give_presets}, {"SHELL", give_shells},   {NULL, NULL}},
  values[] = {{"CONDITION", give_condition},
              {"DIR", give_folders},
              {"FOLDER", give_folders},
              {"FORMATS", give_formats},
              {"KEY=VALUE", give_assignment},
              {"KEY=VALUES", give_assignments},
              {"NAME", give_metrics},
              {"PARAMETER=VALUE", give_parameter},
              {NULL, NULL}};

/* Words divided by | are all that can stand there. */
static void give_for(struct answer *answer, const struct stands_for *table, const char *word)
{
    char **choices = g_strsplit(word, "|", -1);
    if (choices[0] && choices[1])
        give_each(answer, (const char *const *)choices);
    g_strfreev(choices);
    for (; table->word; table++)
        if (strcmp(table->word, word) == 0)
            table->give(answer);
}

/* Options. */

/* The entry that a word names, with what is looked for. */
struct option {
    const char *word; /* "--set", "-o"; up to a = */
    size_t length;
    bool takes_value;
    char *value; /* what it stands for; g_free it */
};

static void match_option(void *user, const GOptionEntry *entry)
{
    struct option *option = user;
    bool is_long = g_str_has_prefix(option->word, "--") && strlen(entry->long_name) == option->length - 2 &&
                   strncmp(entry->long_name, option->word + 2, option->length - 2) == 0;
    bool is_short = option->length == 2 && option->word[1] != '-' && entry->short_name == option->word[1];
    if (!is_long && !is_short)
        return;
    option->takes_value = entry->arg != G_OPTION_ARG_NONE;
    option->value = g_strdup(entry->arg_description);
}

static struct option find_option(const struct cli *cli, const struct command *command, const char *word)
{
    struct option option = {.word = word, .length = strcspn(word, "=")};
    if (word[0] == '-' && word[1])
        cli_each_option(cli, command, match_option, &option);
    return option;
}

static void give_option(void *user, const GOptionEntry *entry)
{
    char *word = g_strconcat("--", entry->long_name, NULL);
    give(user, word, "", entry->description);
    g_free(word);
}

/* --name=value, of which the name is whole. */
static void give_joined(struct answer *answer, const struct command *command)
{
    struct option option = find_option(answer->cli, command, answer->typed);
    move_on(answer, option.length + 1);
    if (option.takes_value && option.value)
        give_for(answer, values, option.value);
    g_free(option.value);
}

/* Arguments. */

/* The word of a command's arguments that stands for number `position`, "" where there is none; g_free it. */
static char *argument_at(const struct command *command, unsigned position)
{
    char **words = g_strsplit(command->arguments, " ", -1);
    unsigned count = g_strv_length(words);
    const char *word = count ? words[MIN(position, count - 1)] : "";
    bool has = position < count || g_strrstr(word, "...");
    char *plain = g_strndup(has ? word + strspn(word, "[") : "", has ? strcspn(word + strspn(word, "["), ".]") : 0);
    g_strfreev(words);
    return plain;
}

static void give_argument(struct answer *answer, const struct command *command, char **words)
{
    unsigned position = 0;
    for (; words[1]; words++) {
        struct option option = find_option(answer->cli, command, words[0]);
        bool value_follows = option.takes_value && words[0][option.length] != '=';
        g_free(option.value);
        position += words[0][0] != '-';
        if (value_follows && words[1] && words[2])
            words++;
    }
    char *word = argument_at(command, position);
    give_for(answer, arguments, word);
    g_free(word);
}

static void give_commands(struct answer *answer)
{
    for (const struct command *command = commands; command->name; command++)
        give(answer, command->name, "", command->meaning);
    give(answer, "--help", "", NULL);
    give(answer, "--version", "", NULL);
}

static void answer_command(struct answer *answer, const struct command *command, char **words, unsigned count)
{
    struct option before = find_option(answer->cli, command, words[count - 2]);
    if (count > 2 && before.takes_value && words[count - 2][before.length] != '=') {
        if (before.value)
            give_for(answer, values, before.value);
    } else if (answer->typed[0] == '-' && strchr(answer->typed, '=')) {
        give_joined(answer, command);
    } else if (answer->typed[0] == '-') {
        cli_each_option(answer->cli, command, give_option, answer);
        give(answer, "--help", "", NULL);
    } else {
        give_argument(answer, command, words + 1);
    }
    g_free(before.value);
}

void completion_answer(const struct cli *cli, char **words, GString *out)
{
    unsigned count = g_strv_length(words);
    if (!count)
        return;
    struct answer answer = {
        .cli = cli,
        .typed = words[count - 1],
        .before = "",
        .given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .texts = g_string_chunk_new(64),
        .out = out,
    };
    const struct command *command = commands;
    while (command->name && strcmp(command->name, words[0]) != 0)
        command++;
    if (count == 1)
        give_commands(&answer);
    else if (command->name)
        answer_command(&answer, command, words, count);
    g_hash_table_unref(answer.given);
    g_string_chunk_free(answer.texts);
}
