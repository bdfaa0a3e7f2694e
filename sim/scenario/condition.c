/* SPDX-License-Identifier: MIT */
#include "scenario/condition.h"

#include "base/suggest.h"

#include <string.h>

enum operation { OPERATION_AND, OPERATION_OR, OPERATION_NOT, OPERATION_COMPARE };
enum comparison { LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL };

struct condition {
    enum operation operation;
    const struct condition *left, *right;
    enum comparison comparison;
    size_t key, other_key; /* other_key SIZE_MAX: a literal */
    struct typed_value literal;
};

/* Reads a text from left to right. */
struct reader {
    struct pool *pool;
    const char *text, *at;
    struct place place; /* of the text */
    int column;         /* where its first character stands; 0: it does not stand there as it reads */
    const struct condition_key *keys;
    size_t key_count;
    struct diagnostics *diagnostics;
    int depth;
};

static const struct condition *read_condition(struct reader *reader);

/* Places. */

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* The column where the text begins, or 0 where it is folded over lines or has escapes. */
static int find_column(const char *text, struct place place)
{
    if (place.line < 1)
        return 0;
    size_t length;
    const char *line = source_line(place.source, place.line, &length), *at = line;
    for (int column = 1; column < place.column && at < line + length; column++)
        at = g_utf8_next_char(at);
    size_t left = (size_t)(line + length - at);
    if (left >= strlen(text) && strncmp(at, text, strlen(text)) == 0)
        return place.column;
    bool is_quoted = left > strlen(text) && is_quote(*at) && strncmp(at + 1, text, strlen(text)) == 0;
    return is_quoted ? place.column + 1 : 0;
}

static struct diagnostic *complain(const struct reader *reader, const char *at, size_t length, const char *message)
{
    struct place place = reader->place;
    if (reader->column) {
        place.column = reader->column + (int)g_utf8_strlen(reader->text, at - reader->text);
        place.length = (int)MAX(g_utf8_strlen(at, (gssize)length), 1);
    }
    return diagnostics_add(reader->diagnostics, place, "%s", message);
}

/* Words and marks. */

static void skip_space(struct reader *reader)
{
    while (g_ascii_isspace(*reader->at))
        reader->at++;
}

static bool is_of_word(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '.' || c == '-';
}

static bool is_word(const char *at, const char *word)
{
    size_t length = strlen(word);
    return strncmp(at, word, length) == 0 && !is_of_word(at[length]);
}

static bool take_word(struct reader *reader, const char *word)
{
    skip_space(reader);
    if (!is_word(reader->at, word))
        return false;
    reader->at += strlen(word);
    return true;
}

static bool take_mark(struct reader *reader, const char *mark)
{
    skip_space(reader);
    if (!g_str_has_prefix(reader->at, mark))
        return false;
    reader->at += strlen(mark);
    return true;
}

static bool take_comparison(struct reader *reader, enum comparison *comparison)
{
    static const struct {
        const char *mark;
        enum comparison comparison;
    } marks[] = {{"<=", LESS_EQUAL}, {">=", GREATER_EQUAL}, {"==", EQUAL}, {"!=", NOT_EQUAL},
                 {"<", LESS},        {">", GREATER},        {"=", EQUAL}};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (take_mark(reader, marks[i].mark)) {
            *comparison = marks[i].comparison;
            return true;
        }
    }
    return false;
}

/* Keys. */

/* The key that the text goes on with, the longest if there are several; SIZE_MAX where there is none. */
static size_t find_key(const struct reader *reader, const char *at)
{
    size_t found = SIZE_MAX, longest = 0;
    for (size_t k = 0; k < reader->key_count; k++) {
        const char *path = reader->keys[k].path;
        if (strlen(path) <= longest || !is_word(at, path))
            continue;
        found = k;
        longest = strlen(path);
    }
    return found;
}

static const char **all_paths(const struct reader *reader)
{
    const char **paths = pool_allocate(reader->pool, (reader->key_count + 1) * sizeof *paths);
    for (size_t k = 0; k < reader->key_count; k++)
        paths[k] = reader->keys[k].path;
    return paths;
}

static void complain_no_key(struct reader *reader)
{
    const char *end = reader->at;
    while (is_of_word(*end))
        end++;
    char *word = g_strndup(reader->at, (gsize)(end - reader->at));
    struct diagnostic *diagnostic =
        complain(reader, reader->at, strlen(word),
                 *reader->at ? "a condition compares keys that are swept" : "a key is missing here");
    const char **paths = all_paths(reader);
    diagnostic_suggest(diagnostic, word, paths);
    char *all = g_strjoinv(", ", (char **)paths);
    diagnostic_note(diagnostic, "swept: %s", *all ? all : "nothing");
    if (*all && (g_ascii_isdigit(*word) || is_quote(*reader->at)))
        diagnostic_note(diagnostic, "the key stands first, as in %s = ...", paths[0]);
    g_free(all);
    g_free(word);
}

static size_t read_key(struct reader *reader)
{
    skip_space(reader);
    size_t key = find_key(reader, reader->at);
    if (key == SIZE_MAX)
        complain_no_key(reader);
    else
        reader->at += strlen(reader->keys[key].path);
    return key;
}

/* Values. */

/* How far a value goes that is not in quotes: to `and`, `or`, a bracket, another comparison, or the end. */
static size_t value_length(const char *at)
{
    size_t length = 0;
    while (at[length] && !strchr(")<>=!", at[length])) {
        bool begins = length && g_ascii_isspace(at[length - 1]);
        if (begins && (is_word(at + length, "and") || is_word(at + length, "or")))
            break;
        length++;
    }
    while (length && g_ascii_isspace(at[length - 1]))
        length--;
    return length;
}

/* Takes the text of a value, its quotes aside; NULL after an error. */
static const char *take_value(struct reader *reader)
{
    const char *start = reader->at;
    bool is_quoted = is_quote(*start);
    const char *end = is_quoted ? strchr(start + 1, *start) : start + value_length(start);
    if (!end || end == start) {
        complain(reader, start, 1, end ? "a value to compare with is missing" : "the quote is never closed");
        return NULL;
    }
    reader->at = is_quoted ? end + 1 : end;
    return pool_bytes(reader->pool, start + is_quoted, (size_t)(end - start) - is_quoted);
}

/* A text that the key never has is a slip. */
static bool check_answer(const struct reader *reader, const struct condition_key *key, const char *at, const char *text)
{
    if (!key->answers || g_strv_contains(key->answers, text))
        return true;
    char *message = g_strdup_printf("`%s` is never \"%s\"", key->path, text);
    struct diagnostic *diagnostic = complain(reader, at, (size_t)(reader->at - at), message);
    diagnostic_suggest(diagnostic, text, key->answers);
    char *all = g_strjoinv(", ", (char **)key->answers);
    diagnostic_note(diagnostic, "values: %s", all);
    g_free(all);
    g_free(message);
    return false;
}

static bool check_number(const struct reader *reader, const struct condition_key *key, const char *at, const char *text,
                         struct typed_value *value)
{
    GError *error = NULL;
    if (typed_parse(key->param, text, value, &error))
        return true;
    char *message = g_strdup_printf("`%s`: %s", key->path, error->message);
    struct diagnostic *diagnostic = complain(reader, at, (size_t)(reader->at - at), message);
    if (strpbrk(text, "&|") || strstr(text, " AND ") || strstr(text, " OR "))
        diagnostic_note(diagnostic, "comparisons are joined by `and` and `or`");
    g_free(message);
    g_error_free(error);
    return false;
}

/* The right side: another key, or a value of the kind that the key on the left has. */
static bool read_right(struct reader *reader, struct condition *condition)
{
    skip_space(reader);
    const char *start = reader->at;
    condition->other_key = find_key(reader, start);
    if (condition->other_key != SIZE_MAX) {
        reader->at += strlen(reader->keys[condition->other_key].path);
        return true;
    }
    const char *text = take_value(reader);
    const struct condition_key *key = &reader->keys[condition->key];
    return text && check_number(reader, key, start, text, &condition->literal) &&
           (typed_is_ordered(key->param) || check_answer(reader, key, start, text));
}

static bool check_order(struct reader *reader, const struct condition *condition, const char *at)
{
    const struct param *left = reader->keys[condition->key].param, *right = left;
    if (condition->other_key != SIZE_MAX)
        right = reader->keys[condition->other_key].param;
    bool are_alike = typed_are_alike(left, right);
    if (are_alike && (typed_is_ordered(left) || condition->comparison >= EQUAL))
        return true;
    complain(reader, at, 1,
             are_alike ? "texts have no order: they are equal (=) or not (!=)"
                       : "these two keys are of different kinds: they cannot be compared");
    return false;
}

/* The grammar. */

static const struct condition *read_comparison(struct reader *reader)
{
    struct condition *condition = pool_allocate(reader->pool, sizeof *condition);
    condition->operation = OPERATION_COMPARE;
    condition->key = read_key(reader);
    if (condition->key == SIZE_MAX)
        return NULL;
    skip_space(reader);
    const char *at = reader->at;
    if (!take_comparison(reader, &condition->comparison)) {
        complain(reader, at, 1, "a comparison is missing: <, <=, >, >=, = or !=");
        return NULL;
    }
    return read_right(reader, condition) && check_order(reader, condition, at) ? condition : NULL;
}

static const struct condition *join(struct reader *reader, enum operation operation, const struct condition *left,
                                    const struct condition *right)
{
    if (!left || (!right && operation != OPERATION_NOT))
        return NULL;
    struct condition *condition = pool_allocate(reader->pool, sizeof *condition);
    *condition = (struct condition){.operation = operation, .left = left, .right = right};
    return condition;
}

static const struct condition *read_bracket(struct reader *reader)
{
    const struct condition *inside = read_condition(reader);
    if (!inside || take_mark(reader, ")"))
        return inside;
    complain(reader, reader->at, 1, "a closing bracket is missing");
    return NULL;
}

static const struct condition *read_factor(struct reader *reader)
{
    if (reader->depth == CONDITION_DEEPEST) {
        complain(reader, reader->at, 1, "the condition has too many brackets and `not` within each other");
        return NULL;
    }
    reader->depth++;
    const struct condition *found = take_word(reader, "not") ? join(reader, OPERATION_NOT, read_factor(reader), NULL)
                                    : take_mark(reader, "(") ? read_bracket(reader)
                                                             : read_comparison(reader);
    reader->depth--;
    return found;
}

static const struct condition *read_term(struct reader *reader)
{
    const struct condition *left = read_factor(reader);
    while (left && take_word(reader, "and"))
        left = join(reader, OPERATION_AND, left, read_factor(reader));
    return left;
}

static const struct condition *read_condition(struct reader *reader)
{
    const struct condition *left = read_term(reader);
    while (left && take_word(reader, "or"))
        left = join(reader, OPERATION_OR, left, read_term(reader));
    return left;
}

const struct condition *condition_parse(struct pool *pool, const char *text, struct place place,
                                        const struct condition_key *keys, size_t count, struct diagnostics *diagnostics)
{
    if (strlen(text) > CONDITION_LONGEST) {
        diagnostics_add(diagnostics, place, "a condition has at most %d characters", CONDITION_LONGEST);
        return NULL;
    }
    struct reader reader = {
        .pool = pool,
        .text = text,
        .at = text,
        .place = place,
        .column = find_column(text, place),
        .keys = keys,
        .key_count = count,
        .diagnostics = diagnostics,
    };
    const struct condition *condition = read_condition(&reader);
    skip_space(&reader);
    if (condition && *reader.at) {
        complain(&reader, reader.at, strlen(reader.at), "the condition has ended here; `and` or `or` would go on");
        return NULL;
    }
    return condition;
}

/* Deciding. */

static bool is_so(enum comparison comparison, int found)
{
    switch (comparison) {
    case LESS:
        return found < 0;
    case LESS_EQUAL:
        return found <= 0;
    case GREATER:
        return found > 0;
    case GREATER_EQUAL:
        return found >= 0;
    case EQUAL:
        return found == 0;
    default:
        return found != 0;
    }
}

static enum truth compare(const struct condition *condition, const struct typed_value *(*value)(void *user, size_t key),
                          void *user)
{
    bool is_literal = condition->other_key == SIZE_MAX;
    const struct typed_value *left = value(user, condition->key);
    const struct typed_value *right = is_literal ? &condition->literal : value(user, condition->other_key);
    if (!left || !right)
        return TRUTH_OPEN;
    return is_so(condition->comparison, typed_compare(left, right)) ? TRUTH_YES : TRUTH_NO;
}

enum truth condition_decide(const struct condition *condition,
                            const struct typed_value *(*value)(void *user, size_t key), void *user)
{
    if (condition->operation == OPERATION_COMPARE)
        return compare(condition, value, user);
    enum truth left = condition_decide(condition->left, value, user);
    switch (condition->operation) {
    case OPERATION_NOT:
        return TRUTH_YES - left;
    case OPERATION_AND:
        return left == TRUTH_NO ? left : MIN(left, condition_decide(condition->right, value, user));
    default:
        return left == TRUTH_YES ? left : MAX(left, condition_decide(condition->right, value, user));
    }
}
