/* SPDX-License-Identifier: MIT */
#include "record/description.h"
#include "record/table.h"

#include <string.h>

static const char *type_text(enum column_type type)
{
    switch (type) {
    case COLUMN_U8:
    case COLUMN_U32:
    case COLUMN_U64:
        return "integer";
    case COLUMN_HEX64:
        return "0x and 16 hex digits";
    case COLUMN_TIME:
        return "seconds, 9 decimals";
    case COLUMN_FLAG:
        return "0 or 1";
    case COLUMN_RATIO:
        return "6 decimals";
    case COLUMN_TEXT:
        return "text";
    case COLUMN_NAME:
        return "word";
    }
    return "";
}

static enum value_kind kind_of(enum column_type type)
{
    switch (type) {
    case COLUMN_U8:
    case COLUMN_U32:
    case COLUMN_U64:
        return VALUE_INTEGER;
    case COLUMN_TIME:
    case COLUMN_RATIO:
        return VALUE_NUMBER;
    case COLUMN_HEX64:
        return VALUE_HEX64;
    case COLUMN_FLAG:
        return VALUE_FLAG;
    case COLUMN_NAME:
        return VALUE_WORD;
    case COLUMN_TEXT:
        return VALUE_TEXT;
    }
    return VALUE_TEXT;
}

struct description column_description(const struct column *column)
{
    return (struct description){.name = column->name,
                                .kind = kind_of(column->type),
                                .unit = column->unit,
                                .meaning = column->meaning,
                                .words = column->names};
}

static void describe(GString *text, enum table table)
{
    struct table_info info = table_info(table);
    g_string_append_printf(text, "\n#### %s\n\n`%s`: %s.%s%s\n\n| column | type | meaning |\n|---|---|---|\n",
                           info.name, info.file, info.meaning, info.each_row ? "" : " Raw rows.",
                           info.by_default ? "" : " Opt-in.");
    for (size_t i = 0; i < info.column_count; i++)
        g_string_append_printf(text, "| %s | %s | %s |\n", info.columns[i].name, type_text(info.columns[i].type),
                               info.columns[i].meaning);
}

void table_explain(enum table table, GString *text)
{
    struct table_info info = table_info(table);
    int widest = 0;
    for (size_t i = 0; i < info.column_count; i++)
        widest = MAX(widest, (int)strlen(info.columns[i].name) + 1);
    g_string_append_printf(text, "%s: a table, %s in a run's folder of traces%s\n  %s\n  columns\n", info.name,
                           info.file, info.by_default ? "" : ", if `record:` names it", info.meaning);
    for (size_t i = 0; i < info.column_count; i++)
        g_string_append_printf(text, "    %-*s %s (%s)\n", widest, info.columns[i].name, info.columns[i].meaning,
                               type_text(info.columns[i].type));
}

void trace_describe_markdown(GString *text)
{
    g_string_append(text, "Times count from the start of the run. NA stands for what is missing or was never reached.\n"
                          "Tables that are not opt-in are written for every run that keeps its traces.\n");
    for (enum table table = 0; table < TABLES; table++)
        describe(text, table);
}
