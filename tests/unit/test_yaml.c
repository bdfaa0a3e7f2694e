/* SPDX-License-Identifier: MIT */
/* The strict YAML subset: what is read, where each thing stands, and what is refused with which words. */
#include "scenario/yaml.h"

#include <string.h>

struct reading {
    struct pool pool;
    struct diagnostics diagnostics;
    const struct yaml_node *root;
    char *errors;
};

static void read_bytes(struct reading *reading, const char *text, size_t length)
{
    pool_init(&reading->pool);
    diagnostics_init(&reading->diagnostics);
    const struct source *source = source_new(&reading->pool, "a.yaml", "/", NULL, text, length);
    reading->root = yaml_parse(&reading->pool, source, 0, &reading->diagnostics);
    GString *errors = g_string_new(NULL);
    diagnostics_print(&reading->diagnostics, errors);
    reading->errors = g_string_free(errors, FALSE);
}

static void reading_release(struct reading *reading)
{
    g_free(reading->errors);
    diagnostics_release(&reading->diagnostics);
    pool_release(&reading->pool);
}

static void expect_errors(const char *text, const char *expected)
{
    struct reading reading;
    read_bytes(&reading, text, strlen(text));
    g_assert_cmpstr(reading.errors, ==, expected);
    reading_release(&reading);
}

/* Keys keep their order; scalars stay texts whatever they look like; quotes and block scalars are texts too. */
static void reads_a_tree(void)
{
    struct reading reading;
    const char *text = "b: 12 s\na: [yes, '1', {x: ~}]\nc: |\n  two\n  lines\nd:\n";
    read_bytes(&reading, text, strlen(text));
    g_assert_cmpstr(reading.errors, ==, "");
    const struct yaml_node *root = reading.root;
    g_assert_cmpint(root->kind, ==, YAML_MAP);
    g_assert_cmpuint(root->count, ==, 4);
    g_assert_cmpstr(root->entries[0].key, ==, "b");
    g_assert_cmpstr(root->entries[0].value->text, ==, "12 s");

    const struct yaml_node *list = yaml_find(root, "a")->value;
    g_assert_cmpint(list->kind, ==, YAML_LIST);
    g_assert_cmpstr(list->entries[0].value->text, ==, "yes");
    g_assert_true(list->entries[0].value->is_plain);
    g_assert_cmpstr(list->entries[1].value->text, ==, "1");
    g_assert_false(list->entries[1].value->is_plain);
    g_assert_cmpstr(yaml_find(list->entries[2].value, "x")->value->text, ==, "~");
    g_assert_cmpstr(yaml_find(root, "c")->value->text, ==, "two\nlines\n");
    g_assert_cmpstr(yaml_find(root, "d")->value->text, ==, "");
    g_assert_null(yaml_find(root, "e"));
    g_assert_null(yaml_find(list, "a"));
    g_assert_null(yaml_find(NULL, "a"));
    reading_release(&reading);
}

/* Lines and columns count from 1, columns in characters: the umlaut is one. A byte order mark is no column. */
static void knows_places(void)
{
    struct reading reading;
    const char *text = "\xef\xbb\xbfk\xc3\xb6y: value\nmap:\n  inner: [1, 22]\n";
    read_bytes(&reading, text, strlen(text));
    g_assert_cmpstr(reading.errors, ==, "");
    const struct yaml_entry *first = &reading.root->entries[0];
    g_assert_cmpstr(first->key, ==, "k\xc3\xb6y");
    g_assert_cmpint(first->key_place.line, ==, 1);
    g_assert_cmpint(first->key_place.column, ==, 1);
    g_assert_cmpint(first->value->place.column, ==, 6);
    g_assert_cmpint(first->value->place.length, ==, 5);
    const struct yaml_node *list = yaml_find(yaml_find(reading.root, "map")->value, "inner")->value;
    g_assert_cmpint(list->entries[1].value->place.line, ==, 3);
    g_assert_cmpint(list->entries[1].value->place.column, ==, 14);
    g_assert_cmpint(list->entries[1].value->place.length, ==, 2);
    reading_release(&reading);
}

/* Everything that the subset leaves out, in one file: each is told, and reading goes on after it. */
static void refuses_what_the_subset_leaves_out(void)
{
    expect_errors("a: &x 1\n"
                  "b: *x\n"
                  "c: !!str 2\n"
                  "a: 3\n"
                  "<<: 4\n"
                  "[d]: 5\n"
                  "{}: 6\n"
                  "? e\n"
                  ": \"\\0\"\n"
                  "f: !t [1]\n"
                  "g: &m {h: 1}\n"
                  "\"\": 7\n",
                  "a.yaml:1:4: anchors are not supported: `&x`\n"
                  "    a: &x 1\n"
                  "       ^~~~\n"
                  "a.yaml:2:4: aliases are not supported: `*x`\n"
                  "    b: *x\n"
                  "       ^~\n"
                  "a.yaml:3:4: tags are not supported: `!!str`\n"
                  "    c: !!str 2\n"
                  "       ^~~~~~~\n"
                  "a.yaml:4:1: duplicate key `a`\n"
                  "    a: 3\n"
                  "    ^\n"
                  "  first given at line 1\n"
                  "a.yaml:5:1: merge keys are not supported: `<<`\n"
                  "    <<: 4\n"
                  "    ^~\n"
                  "  `extends:` builds on another file\n"
                  "a.yaml:6:1: a key must be a text, not a list\n"
                  "    [d]: 5\n"
                  "    ^\n"
                  "a.yaml:7:1: a key must be a text, not a map\n"
                  "    {}: 6\n"
                  "    ^\n"
                  "a.yaml:9:3: a text cannot hold the character \\0\n"
                  "    : \"\\0\"\n"
                  "      ^~~~\n"
                  "a.yaml:10:4: tags are not supported: `!t`\n"
                  "    f: !t [1]\n"
                  "       ^~~~\n"
                  "a.yaml:11:4: anchors are not supported: `&m`\n"
                  "    g: &m {h: 1}\n"
                  "       ^~~~\n"
                  "a.yaml:12:1: a key is missing before the `:`\n"
                  "    \"\": 7\n"
                  "    ^~\n");
    expect_errors("a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document is not supported\n"
                                       "    ---\n"
                                       "    ^~~\n");
}

/* Tabs, control characters and bytes that are not UTF-8 are found before libyaml sees them, once a line. */
static void refuses_characters(void)
{
    expect_errors("a:\n\tb:\t1\nc: x\ty\n", "a.yaml:2:1: tabs are not allowed: indent and align with spaces\n"
                                            "     b: 1\n"
                                            "    ^\n"
                                            "a.yaml:3:5: tabs are not allowed: indent and align with spaces\n"
                                            "    c: x y\n"
                                            "        ^\n");
    expect_errors("a: \xff\xfe\n", "a.yaml:1:4: this is not UTF-8\n"
                                   "    a: \xef\xbf\xbd\xef\xbf\xbd\n"
                                   "       ^\n");
    expect_errors("a: \x1b[1m\n", "a.yaml:1:4: control characters are not allowed\n"
                                  "    a: ?[1m\n"
                                  "       ^\n");
    struct reading reading;
    read_bytes(&reading, "a: b\0c\n\x01\n", 9);
    g_assert_cmpstr(reading.errors, ==, "a.yaml: this is a binary file, not a scenario\n");
    reading_release(&reading);
}

/* What libyaml cannot parse ends the reading with its words, a place and a hint; the caret counts wide characters. */
static void explains_syntax_errors(void)
{
    expect_errors("title: a: b\n", "a.yaml:1:9: this is not YAML: mapping values are not allowed in this context\n"
                                   "    title: a: b\n"
                                   "            ^\n"
                                   "  a text that holds `: ` needs quotes, and keys of one map start in one column\n");
    expect_errors("a: {\xe4\xbd\x8d: 1, b\n", "a.yaml:1:12: this is not YAML: did not find expected ',' or '}'\n"
                                              "    a: {\xe4\xbd\x8d: 1, b\n"
                                              "                ^\n"
                                              "  a `{` is closed by `}`, and its entries are separated by commas\n");
    expect_errors("a: %x\n", "a.yaml:1:4: this is not YAML: found character that cannot start any token\n"
                             "    a: %x\n"
                             "       ^\n"
                             "  a text that begins with `%`, `@` or a backquote needs quotes\n");
    expect_errors("\xe4\xbd\x8d: &q \xe4\xbd\x8d\n", "a.yaml:1:4: anchors are not supported: `&q`\n"
                                                     "    \xe4\xbd\x8d: &q \xe4\xbd\x8d\n"
                                                     "        ^~~~~\n");
}

/* Depth has a limit, so no file can exhaust the stack; so have the keys of a map, and the size. */
static void has_limits(void)
{
    GString *deep = g_string_new(NULL);
    for (int i = 0; i < 1000; i++)
        g_string_append_c(deep, '[');
    struct reading reading;
    read_bytes(&reading, deep->str, deep->len);
    g_assert_nonnull(strstr(reading.errors, "too many maps and lists within each other: at most 32 are allowed"));
    g_assert_null(reading.root);
    reading_release(&reading);

    g_string_truncate(deep, 0);
    for (int i = 0; i <= YAML_MOST_KEYS; i++)
        g_string_append_printf(deep, "key%d: 1\n", i);
    read_bytes(&reading, deep->str, deep->len);
    g_assert_cmpstr(reading.errors, ==,
                    "a.yaml:10001:1: too many keys in one map: at most 10000 are allowed\n"
                    "    key10000: 1\n"
                    "    ^~~~~~~~\n");
    reading_release(&reading);

    g_string_set_size(deep, YAML_LARGEST + 1);
    memset(deep->str, '#', deep->len);
    read_bytes(&reading, deep->str, deep->len);
    g_assert_cmpstr(reading.errors, ==, "a.yaml: the file is larger than 8388608 bytes\n");
    reading_release(&reading);
    g_string_free(deep, TRUE);
}

/* Nothing, and nothing but comments, is no tree and no error: the caller knows what it wanted. */
static void reads_nothing(void)
{
    struct reading reading;
    read_bytes(&reading, "# only this\n", 12);
    g_assert_cmpstr(reading.errors, ==, "");
    g_assert_null(reading.root);
    reading_release(&reading);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/yaml/reads a tree", reads_a_tree);
    g_test_add_func("/yaml/knows places", knows_places);
    g_test_add_func("/yaml/refuses what the subset leaves out", refuses_what_the_subset_leaves_out);
    g_test_add_func("/yaml/refuses characters", refuses_characters);
    g_test_add_func("/yaml/explains syntax errors", explains_syntax_errors);
    g_test_add_func("/yaml/has limits", has_limits);
    g_test_add_func("/yaml/reads nothing", reads_nothing);
    return g_test_run();
}
