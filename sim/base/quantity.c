/* SPDX-License-Identifier: MIT */
#include "base/quantity.h"

#include "base/assert.h"
#include "base/quantity_dimension.h"

#include <string.h>

G_DEFINE_QUARK(posim - quantity - error - quark, quantity_error)

enum quantity_error {
    QUANTITY_ERROR_FORM,  /* not written as it should be */
    QUANTITY_ERROR_RANGE, /* well written but not allowed */
};

/* The plain number at the start of a text: digits / 10^decimals, in lowest terms of ten. */
struct number {
    uint128 digits;
    unsigned decimals;
    const char *text; /* where it starts, and how long it is */
    int length;
};

static bool refuse(GError **error, enum quantity_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(GError **error, enum quantity_error code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(QUANTITY_ERROR, code, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_character(gunichar character, GError **error)
{
    switch (character) {
    case '\t':
        return refuse(error, QUANTITY_ERROR_FORM, "a TAB is not allowed here: use a space");
    case 0x00b5: /* micro sign */
    case 0x03bc: /* Greek mu */
        return refuse(error, QUANTITY_ERROR_FORM, "the letter mu is not allowed here: write us for microseconds");
    case 0x00a0:
    case 0x2009:
    case 0x202f:
        return refuse(error, QUANTITY_ERROR_FORM, "the space U+%04X is not allowed here: use a plain one", character);
    case 0x2212:
        return refuse(error, QUANTITY_ERROR_FORM, "the minus sign U+2212 is not allowed here: use -");
    default:
        return refuse(error, QUANTITY_ERROR_FORM, "the character U+%04X is not allowed here: use plain ASCII",
                      character);
    }
}

/* Refuses what looks like plain text on a screen but is not. */
static bool check_characters(const char *text, GError **error)
{
    if (!g_utf8_validate(text, -1, NULL))
        return refuse(error, QUANTITY_ERROR_FORM, "the text is not valid UTF-8");
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);
        if (character < 0x20 || character > 0x7e)
            return refuse_character(character, error);
    }
    return true;
}

static const char *skip_spaces(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

/* Appends the digits at *cursor, `_` between them allowed; false where there is none or they are too many. */
static bool read_digits(const char **cursor, struct number *number, bool after_point)
{
    const char *at = *cursor;
    if (!g_ascii_isdigit(*at))
        return false;
    for (; g_ascii_isdigit(*at) || (*at == '_' && at[-1] != '_' && g_ascii_isdigit(at[1])); at++) {
        if (*at == '_')
            continue;
        if (number->digits > (~(uint128)0 - 9) / 10 || (after_point && number->decimals == QUANTITY_DIGITS_MAXIMUM))
            return false;
        number->digits = number->digits * 10 + (unsigned)(*at - '0');
        number->decimals += after_point;
    }
    *cursor = at;
    return true;
}

/* Reads `12`, `1_000` or `0.25` and leaves *cursor behind it; false where the text starts otherwise. */
static bool read_number(const char **cursor, struct number *number)
{
    const char *at = *cursor;
    *number = (struct number){.text = at};
    if (!read_digits(&at, number, false))
        return false;
    if (*at == '.') {
        at++;
        if (!read_digits(&at, number, true))
            return false;
    }
    while (number->decimals > 0 && number->digits % 10 == 0) {
        number->digits /= 10;
        number->decimals--;
    }
    number->length = (int)(at - number->text);
    *cursor = at;
    return true;
}

static uint128 power_of_ten(unsigned exponent)
{
    uint128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static uint128 greatest_common_divisor(uint128 a, uint128 b)
{
    while (b) {
        uint128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Says why a text is not the number that it should start with. */
static bool refuse_number(const char *text, const char *thing, const char *examples, GError **error)
{
    if (!*text)
        return refuse(error, QUANTITY_ERROR_FORM, "nothing is written here: %s is needed, such as %s", thing, examples);
    if (*text == '-' && g_ascii_isdigit(text[1]))
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is negative: %s cannot be", text, thing);
    if (*text == '.' && g_ascii_isdigit(text[1]))
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" starts with a point: write 0%s", text, text);
    if (strspn(text, "0123456789_.") > QUANTITY_DIGITS_MAXIMUM)
        return refuse(error, QUANTITY_ERROR_RANGE, "\"%s\" has too many digits: at most %d count", text,
                      QUANTITY_DIGITS_MAXIMUM);
    return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not %s: write for example %s", text, thing, examples);
}

static bool refuse_unit(const struct dimension *dimension, const struct number *number, const char *rest,
                        GError **error)
{
    if (!*rest)
        return refuse(error, QUANTITY_ERROR_FORM, "%s needs a unit: %.*s %s, %.*s %s, %.*s %s", dimension->thing,
                      number->length, number->text, dimension->suggested[0], number->length, number->text,
                      dimension->suggested[1], number->length, number->text, dimension->suggested[2]);
    if (*rest == ',')
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" has a comma: decimals take a point", number->text);
    return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not a unit of %s: use %s", rest, dimension->thing,
                  dimension->units);
}

static const struct unit *find_unit(const struct dimension *dimension, const char *name)
{
    size_t length = strlen(name);
    while (length > 0 && name[length - 1] == ' ')
        length--;
    for (const struct unit *unit = dimension->unit; unit->name; unit++)
        if (strlen(unit->name) == length && memcmp(unit->name, name, length) == 0)
            return unit;
    return NULL;
}

/* number * factor, exactly. */
static bool scale(const struct dimension *dimension, const struct number *number, uint64_t factor, uint64_t *value,
                  GError **error)
{
    uint128 divisor = power_of_ten(number->decimals);
    uint128 common = greatest_common_divisor(factor, divisor);
    divisor /= common;
    factor = (uint64_t)(factor / common);
    if (number->digits % divisor != 0)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is not a whole number of %s", number->text, dimension->whole);
    uint128 count = number->digits / divisor;
    if (count > dimension->maximum / factor)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is too much: %s is at most %s", number->text, dimension->thing,
                      dimension->maximum_text);
    *value = (uint64_t)count * factor;
    return true;
}

static bool parse_dimensioned(const struct dimension *dimension, const char *text, uint64_t *value, GError **error)
{
    if (!check_characters(text, error))
        return false;
    const char *cursor = skip_spaces(text);
    struct number number;
    if (!read_number(&cursor, &number))
        return refuse_number(cursor, dimension->thing, dimension->examples, error);
    const char *rest = skip_spaces(cursor);
    const struct unit *unit = find_unit(dimension, rest);
    if (!unit && !(*rest == '\0' && number.digits == 0))
        return refuse_unit(dimension, &number, rest, error);
    return scale(dimension, &number, unit ? unit->factor : 1, value, error);
}

bool quantity_parse_duration(const char *text, time_ns *value, GError **error)
{
    uint64_t count;
    if (!parse_dimensioned(&dimension_duration, text, &count, error))
        return false;
    *value = (time_ns)count;
    return true;
}

bool quantity_parse_size(const char *text, uint64_t *value_bytes, GError **error)
{
    return parse_dimensioned(&dimension_size, text, value_bytes, error);
}

bool quantity_parse_rate(const char *text, uint64_t *value_bit_per_s, GError **error)
{
    return parse_dimensioned(&dimension_rate, text, value_bit_per_s, error);
}

bool quantity_parse_tx_rate(const char *text, uint64_t *value, GError **error)
{
    return parse_dimensioned(&dimension_tx_rate, text, value, error);
}

bool quantity_parse_flag(const char *text, bool *value, GError **error)
{
    if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not a switch: write on or off", text);
    *value = strcmp(text, "on") == 0;
    return true;
}

/* Whole digits and nothing else, up to `maximum`. */
static bool parse_whole(const char *text, const char *thing, uint64_t maximum, uint64_t *value, GError **error)
{
    if (!check_characters(text, error))
        return false;
    const char *cursor = skip_spaces(text);
    struct number number;
    if (!read_number(&cursor, &number))
        return refuse_number(cursor, thing, "12 or 1_000_000", error);
    if (*skip_spaces(cursor))
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not %s: write digits only, such as 12 or 1_000_000", text,
                      thing);
    if (memchr(number.text, '.', (size_t)number.length))
        return refuse(error, QUANTITY_ERROR_FORM, "%s has a point: %s has none", text, thing);
    if (number.digits > maximum)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is too large: at most %" G_GUINT64_FORMAT, text, maximum);
    *value = (uint64_t)number.digits;
    return true;
}

bool quantity_parse_integer(const char *text, int64_t *value, GError **error)
{
    const char *start = skip_spaces(text);
    bool negative = *start == '-' && g_ascii_isdigit(start[1]);
    uint64_t magnitude;
    if (!parse_whole(start + negative, "a whole number", INT64_MAX, &magnitude, error))
        return false;
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool quantity_parse_stake(const char *text, stake_amount *value, GError **error)
{
    return parse_whole(text, "a stake", UINT64_MAX, value, error);
}

static bool ratio_reduce(uint128 numerator, uint128 denominator, const char *text, struct ratio *value, GError **error)
{
    uint128 common = greatest_common_divisor(numerator, denominator);
    numerator /= common;
    denominator /= common;
    if (numerator > UINT64_MAX || denominator > UINT64_MAX)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s has too many digits to be held exactly", text);
    *value = (struct ratio){(uint64_t)numerator, (uint64_t)denominator};
    return true;
}

/* The `/3` of 1/3, up to the end of the text. */
static bool parse_fraction(const char *text, const struct number *top, const char *cursor, struct ratio *value,
                           GError **error)
{
    struct number bottom;
    cursor = skip_spaces(cursor + 1);
    if (!read_number(&cursor, &bottom) || *skip_spaces(cursor) || top->decimals || bottom.decimals)
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not a fraction of two whole numbers, such as 1/3", text);
    if (bottom.digits == 0)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s divides by zero", text);
    return ratio_reduce(top->digits, bottom.digits, text, value, error);
}

bool quantity_parse_decimal(const char *text, struct ratio *value, GError **error)
{
    if (!check_characters(text, error))
        return false;
    const char *cursor = skip_spaces(text);
    struct number number;
    if (!read_number(&cursor, &number))
        return refuse_number(cursor, "a number", "1.16 or 1/3", error);
    const char *rest = skip_spaces(cursor);
    if (*rest == '/')
        return parse_fraction(text, &number, rest, value, error);
    if (*rest == ',')
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" has a comma: decimals take a point", text);
    if (*rest)
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not a plain number: write for example 1.16 or 1/3", text);
    return ratio_reduce(number.digits, power_of_ten(number.decimals), text, value, error);
}

/* A bare number where a share should be: shows both ways of writing it. */
static bool refuse_bare_share(const struct number *number, GError **error)
{
    if (number->decimals == 0 || number->decimals > 18 || number->digits > UINT64_MAX / 10)
        return refuse(error, QUANTITY_ERROR_FORM, "a share needs %% or a fraction: 33 %% or 33/100, not %.*s",
                      number->length, number->text);
    unsigned decimals = MAX(number->decimals, 2);
    uint64_t digits = (uint64_t)(number->digits * power_of_ten(decimals - number->decimals));
    uint64_t percent = (uint64_t)power_of_ten(decimals - 2);
    char *part =
        decimals == 2 ? g_strdup("") : g_strdup_printf(".%0*" G_GUINT64_FORMAT, (int)decimals - 2, digits % percent);
    refuse(error, QUANTITY_ERROR_FORM,
           "a share needs %% or a fraction: %" G_GUINT64_FORMAT "%s %% or %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
           digits / percent, part, digits, (uint64_t)power_of_ten(decimals));
    g_free(part);
    return false;
}

/* A share of any size; quantity_parse_share and a parameter's range bound it. */
static bool parse_share(const char *text, struct ratio *value, GError **error)
{
    if (!check_characters(text, error))
        return false;
    const char *cursor = skip_spaces(text);
    struct number number;
    if (!read_number(&cursor, &number))
        return refuse_number(cursor, "a share", "33 % or 1/3", error);
    const char *rest = skip_spaces(cursor);
    if (*rest == '/')
        return parse_fraction(text, &number, rest, value, error);
    if (*rest == '%' && !*skip_spaces(rest + 1)) {
        if (number.decimals + 2 > QUANTITY_DIGITS_MAXIMUM)
            return refuse(error, QUANTITY_ERROR_RANGE, "%s has too many digits to be held exactly", text);
        return ratio_reduce(number.digits, power_of_ten(number.decimals + 2), text, value, error);
    }
    if (*rest == ',')
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" has a comma: decimals take a point", text);
    if (*rest)
        return refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not a share: write for example 33 %% or 1/3", text);
    if (number.digits == 0)
        return ratio_reduce(0, 1, text, value, error);
    return refuse_bare_share(&number, error);
}

bool quantity_parse_share(const char *text, struct ratio *value, GError **error)
{
    struct ratio share;
    if (!parse_share(text, &share, error))
        return false;
    if (share.numerator > share.denominator)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is more than the whole: at most 100 %%", text);
    *value = share;
    return true;
}

int ratio_compare(struct ratio a, struct ratio b)
{
    REQUIRE(a.denominator && b.denominator);
    uint128 left = (uint128)a.numerator * b.denominator;
    uint128 right = (uint128)b.numerator * a.denominator;
    return (left > right) - (left < right);
}

/* More choices than these are too many to read in an error. */
#define CHOICES_TOLD 16

static bool parse_choice(const struct param *param, const char *text, int *value, GError **error)
{
    for (int i = 0; param->choices[i]; i++)
        if (strcmp(param->choices[i], text) == 0) {
            *value = i;
            return true;
        }
    guint count = g_strv_length((char **)param->choices);
    if (count > CHOICES_TOLD) {
        refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is none of the %u that there are: %s, %s, ... %s", text, count,
               param->choices[0], param->choices[1], param->choices[count - 1]);
        return false;
    }
    char *all = g_strjoinv(", ", (char **)param->choices);
    refuse(error, QUANTITY_ERROR_FORM, "\"%s\" is not one of: %s", text, all);
    g_free(all);
    return false;
}

static bool parse_typed(const struct param *param, const char *text, void *value, GError **error)
{
    switch (param->type) {
    case PARAM_FLAG:
        return quantity_parse_flag(text, value, error);
    case PARAM_INTEGER:
        return quantity_parse_integer(text, value, error);
    case PARAM_DECIMAL:
        return quantity_parse_decimal(text, value, error);
    case PARAM_SHARE:
        return parse_share(text, value, error);
    case PARAM_DURATION:
        return quantity_parse_duration(text, value, error);
    case PARAM_SIZE:
        return quantity_parse_size(text, value, error);
    case PARAM_RATE:
        return quantity_parse_rate(text, value, error);
    case PARAM_TX_RATE:
        return quantity_parse_tx_rate(text, value, error);
    case PARAM_STAKE:
        return quantity_parse_stake(text, value, error);
    case PARAM_CHOICE:
        return parse_choice(param, text, value, error);
    default:
        assert_failed(__FILE__, __LINE__, "requirement", "quantity_parse is given a scalar that has a syntax");
    }
}

/* Room for any scalar that has a range. */
union scalar {
    bool flag;
    int choice;
    int64_t integer;
    uint64_t count;
    struct ratio ratio;
};

static int compare_typed(enum param_type type, const void *a, const void *b)
{
    switch (type) {
    case PARAM_INTEGER:
    case PARAM_DURATION: {
        int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
        return (left > right) - (left < right);
    }
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_TX_RATE:
    case PARAM_STAKE: {
        uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
        return (left > right) - (left < right);
    }
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        return ratio_compare(*(const struct ratio *)a, *(const struct ratio *)b);
    default:
        assert_failed(__FILE__, __LINE__, "requirement", "only numbers have a range");
    }
}

/* Whether the value lies beyond a bound of the table: sign -1 for the minimum, 1 for the maximum. */
static bool beyond(const struct param *param, const void *value, const char *bound_text, int sign)
{
    if (!bound_text)
        return false;
    union scalar bound;
    bool parsed = parse_typed(param, bound_text, &bound, NULL);
    REQUIRE(parsed);
    return compare_typed(param->type, value, &bound) == sign;
}

static bool check_range(const struct param *param, const char *text, const void *value, GError **error)
{
    const char *minimum = param->minimum;
    const char *maximum = !param->maximum && param->type == PARAM_SHARE ? "100 %" : param->maximum;
    if (!beyond(param, value, minimum, -1) && !beyond(param, value, maximum, 1))
        return true;
    if (!maximum)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is too small: at least %s", text, minimum);
    if (!minimum)
        return refuse(error, QUANTITY_ERROR_RANGE, "%s is too large: at most %s", text, maximum);
    return refuse(error, QUANTITY_ERROR_RANGE, "%s is out of range: from %s to %s", text, minimum, maximum);
}

bool quantity_parse(const struct param *param, const char *text, void *value, GError **error)
{
    union scalar parsed;
    if (!parse_typed(param, text, &parsed, error) || !check_range(param, text, &parsed, error))
        return false;
    memcpy(value, &parsed, param_value_size(param));
    return true;
}
