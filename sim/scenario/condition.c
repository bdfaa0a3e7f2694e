/* SPDX-License-Identifier: MIT */
#include "scenario/condition.h"

#include "base/quantity.h"

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
    struct place place;
    const struct condition_keys *keys;
    struct diagnostics *diagnostics;
    int depth;
};

enum {
    DEEPEST = 64,
    LONGEST = 4000, /* characters of a condition */
};

/* Typed values. */

bool typed_is_ordered(const struct param *param)
{
    if (!param)
        return false;
    switch (param->type) {
    case PARAM_INTEGER:
    case PARAM_DECIMAL:
    case PARAM_SHARE:
    case PARAM_DURATION:
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_STAKE:
        return true;
    default:
        return false;
    }
}

bool typed_parse(const struct param *param, const char *text, struct typed_value *value, GError **error)
{
    *value = (struct typed_value){.param = param, .text = text};
    if (!typed_is_ordered(param))
        return true;
    struct param boundless = *param;
    boundless.minimum = NULL;
    boundless.maximum = param->type == PARAM_SHARE ? "1_000_000_000 %" : NULL;
    return quantity_parse(&boundless, text, &value->integer, error);
}

static int order(bool less, bool greater)
{
    return less ? -1 : greater;
}

int typed_compare(const struct typed_value *a, const struct typed_value *b)
{
    if (!typed_is_ordered(a->param) || !typed_is_ordered(b->param))
        return strcmp(a->text, b->text) != 0;
    switch (a->param->type) {
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        return ratio_compare(a->ratio, b->ratio);
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_STAKE:
        return order(a->natural<b->natural, a->natural> b->natural);
    default:
        return order(a->integer<b->integer, a->integer> b->integer);
    }
}

/* Reading. */

static struct diagnostic *complain(const struct reader *reader, const char *at, size_t length, const char *message)
{
    struct place place = reader->place;
    place.column += (int)g_utf8_strlen(reader->text, at - reader->text);
    place.length = (int)MAX(length, 1);
    return diagnostics_add(reader->diagnostics, place, "%s", message);
}

static void skip_space(struct reader *reader)
{
    while (g_ascii_isspace(*reader->at))
        reader->at++;
}

static bool is_of_word(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '.' || c == '-';
}

/* Takes a word if it is the next one. */
static bool take_word(struct reader *reader, const char *word)
{
    skip_space(reader);
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0 || is_of_word(reader->at[length]))
        return false;
    reader->at += length;
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

static size_t find_key(const struct condition_keys *keys, const char *path, size_t length)
{
    for (size_t i = 0; keys->paths[i]; i++)
        if (strlen(keys->paths[i]) == length && strncmp(keys->paths[i], path, length) == 0)
            return i;
    return SIZE_MAX;
}

static size_t word_length(const char *at)
{
    size_t length = 0;
    while (is_of_word(at[length]))
        length++;
    return length;
}

static size_t read_key(struct reader *reader)
{
    skip_space(reader);
    size_t length = word_length(reader->at);
    size_t key = find_key(reader->keys, reader->at, length);
    if (key != SIZE_MAX) {
        reader->at += length;
        return key;
    }
    char *word = g_strndup(reader->at, length);
    struct diagnostic *diagnostic = complain(reader, reader->at, length, "a condition compares keys that are swept");
    diagnostic_suggest(diagnostic, word, reader->keys->paths);
    char *all = g_strjoinv(", ", (char **)reader->keys->paths);
    diagnostic_note(diagnostic, "swept: %s", *all ? all : "nothing");
    g_free(all);
    g_free(word);
    return SIZE_MAX;
}

/* Where a literal ends: at `and`, `or`, a bracket that was not opened in it, or the end. */
static size_t literal_length(const char *at)
{
    size_t length = 0;
    while (at[length] && at[length] != ')') {
        bool begins = length && g_ascii_isspace(at[length - 1]);
        const char *word = at + length;
        if (begins && ((strncmp(word, "and", 3) == 0 && !is_of_word(word[3])) ||
                       (strncmp(word, "or", 2) == 0 && !is_of_word(word[2]))))
            break;
        length++;
    }
    while (length && g_ascii_isspace(at[length - 1]))
        length--;
    return length;
}

static bool read_literal(struct reader *reader, struct condition *condition)
{
    skip_space(reader);
    const char *start = reader->at;
    size_t length = literal_length(start);
    if (length == 0) {
        complain(reader, start, 1, "a value to compare with is missing");
        return false;
    }
    reader->at += length;
    condition->other_key = find_key(reader->keys, start, length);
    if (condition->other_key != SIZE_MAX)
        return true;
    const struct param *param = reader->keys->params[condition->key];
    const char *text = pool_bytes(reader->pool, start, length);
    GError *error = NULL;
    if (typed_parse(param, text, &condition->literal, &error))
        return true;
    complain(reader, start, length, error->message);
    g_error_free(error);
    return false;
}

static bool check_order(struct reader *reader, const struct condition *condition, const char *at)
{
    const struct param *left = reader->keys->params[condition->key], *right = left;
    if (condition->other_key != SIZE_MAX)
        right = reader->keys->params[condition->other_key];
    bool ordered = typed_is_ordered(left) && typed_is_ordered(right) && left->type == right->type;
    if (ordered || (condition->comparison >= EQUAL && typed_is_ordered(left) == typed_is_ordered(right)))
        return true;
    complain(reader, at, 1,
             left == right ? "texts are only equal (=) or not (!=)" : "these two keys are not of the same kind");
    return false;
}

static const struct condition *read_condition(struct reader *reader);

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
    return read_literal(reader, condition) && check_order(reader, condition, at) ? condition : NULL;
}

static const struct condition *join(struct reader *reader, enum operation operation, const struct condition *left,
                                    const struct condition *right)
{
    struct condition *condition = pool_allocate(reader->pool, sizeof *condition);
    *condition = (struct condition){.operation = operation, .left = left, .right = right};
    return left && (right || operation == OPERATION_NOT) ? condition : NULL;
}

static const struct condition *read_factor(struct reader *reader)
{
    if (reader->depth > DEEPEST) {
        complain(reader, reader->at, 1, "the condition is nested too deeply");
        return NULL;
    }
    const struct condition *found;
    reader->depth++;
    if (take_word(reader, "not")) {
        found = join(reader, OPERATION_NOT, read_factor(reader), NULL);
    } else if (take_mark(reader, "(")) {
        found = read_condition(reader);
        if (found && !take_mark(reader, ")")) {
            complain(reader, reader->at, 1, "a closing bracket is missing");
            found = NULL;
        }
    } else {
        found = read_comparison(reader);
    }
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
                                        const struct condition_keys *keys, struct diagnostics *diagnostics)
{
    struct reader reader = {
        .pool = pool, .text = text, .at = text, .place = place, .keys = keys, .diagnostics = diagnostics};
    if (strlen(text) > LONGEST) {
        diagnostics_add(diagnostics, place, "a condition has at most %d characters", LONGEST);
        return NULL;
    }
    const struct condition *condition = read_condition(&reader);
    skip_space(&reader);
    if (condition && *reader.at) {
        complain(&reader, reader.at, strlen(reader.at), "the condition has ended here; `and` or `or` would go on");
        return NULL;
    }
    return condition;
}

/* Deciding. */

static bool compares(const struct condition *condition, const struct typed_value *left, const struct typed_value *right)
{
    int found = typed_compare(left, right);
    switch (condition->comparison) {
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

bool condition_holds(const struct condition *condition, const struct typed_value *(*value)(void *user, size_t key),
                     void *user)
{
    switch (condition->operation) {
    case OPERATION_AND:
        return condition_holds(condition->left, value, user) && condition_holds(condition->right, value, user);
    case OPERATION_OR:
        return condition_holds(condition->left, value, user) || condition_holds(condition->right, value, user);
    case OPERATION_NOT:
        return !condition_holds(condition->left, value, user);
    default:
        break;
    }
    const struct typed_value *right =
        condition->other_key == SIZE_MAX ? &condition->literal : value(user, condition->other_key);
    return compares(condition, value(user, condition->key), right);
}
