#include "fakests/policy/operator.h"

#include "base/encode.h"
#include "base/nearest.h"
#include "fakests/policy/lower.h"
#include "fakests/policy/match.h"

/* ---- reading ---- */

static bool read_text(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    out->text = s;
    return true;
}

static bool read_lowered(struct arena *a, struct str s, union operator_value *out)
{
    out->text = lower_text(a, s);
    return true;
}

static bool read_almost_lowered(struct arena *a, struct str s, union operator_value *out)
{
    out->text = lower_almost(a, s);
    return true;
}

static bool read_number(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return decimal_read(s, &out->number);
}

static bool read_date(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return instant_read(s, &out->moment);
}

/* "true" in any case is true, anything else is false (observed, on either side). */
static bool read_bool(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    out->yes = str_eq_nocase(s, STR("true"));
    return true;
}

/* Strict base64 has one spelling for every value, so the spellings are what is compared. */
static bool read_base64(struct arena *a, struct str s, union operator_value *out)
{
    struct str bytes;
    out->text = s;
    return base64_read(a, s, &bytes);
}

static bool read_network(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return ipnet_read_network(s, &out->ip);
}

static bool read_address(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return ipnet_read_address(s, &out->ip);
}

static bool read_arn_pattern(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return arnlike_read_pattern(s, &out->arn);
}

static bool read_arn(struct arena *a, struct str s, union operator_value *out)
{
    (void)a;
    return arnlike_read(s, &out->arn);
}

/* ---- comparing ---- */

static bool text_equals(const struct operator_row *op, const union operator_value *wanted,
                        const union operator_value *got)
{
    (void)op;
    return str_eq(wanted->text, got->text);
}

static bool lowered_equals(const struct operator_row *op, const union operator_value *wanted,
                           const union operator_value *got)
{
    (void)op;
    return str_eq_nocase(wanted->text, got->text);
}

static bool text_like(const struct operator_row *op, const union operator_value *wanted,
                      const union operator_value *got)
{
    (void)op;
    return match_like(wanted->text, got->text);
}

static bool accepts(const struct operator_row *op, int order)
{
    return op->accepts & (unsigned)(order < 0   ? OPERATOR_LESS
                                    : order > 0 ? OPERATOR_GREATER
                                                : OPERATOR_EQUAL);
}

static bool number_compares(const struct operator_row *op, const union operator_value *wanted,
                            const union operator_value *got)
{
    return accepts(op, decimal_cmp(&got->number, &wanted->number));
}

static bool date_compares(const struct operator_row *op, const union operator_value *wanted,
                          const union operator_value *got)
{
    return accepts(op, instant_cmp(&got->moment, &wanted->moment));
}

static bool bool_equals(const struct operator_row *op, const union operator_value *wanted,
                        const union operator_value *got)
{
    (void)op;
    return wanted->yes == got->yes;
}

static bool ip_within(const struct operator_row *op, const union operator_value *wanted,
                      const union operator_value *got)
{
    (void)op;
    return ipnet_holds(&wanted->ip, &got->ip);
}

static bool arn_like(const struct operator_row *op, const union operator_value *wanted,
                     const union operator_value *got)
{
    (void)op;
    return arnlike_matches(&wanted->arn, &got->arn);
}

/* ---- the table: aws.md section 5.2 ---- */

#define TEXT  .read_wanted = read_text, .read_got = read_text, .variables = true
#define EXACT TEXT, .matches = text_equals
#define NOCASE                                                                               \
    .read_wanted = read_lowered, .read_got = read_almost_lowered, .matches = lowered_equals, \
    .variables = true
#define LIKE TEXT, .matches = text_like, .wildcards = true
#define NUMBER                                                                       \
    .read_wanted = read_number, .read_got = read_number, .matches = number_compares, \
    .bad_wanted = "not a decimal number", .bad_got = "the request's value is not a number"
#define DATE                                                                   \
    .read_wanted = read_date, .read_got = read_date, .matches = date_compares, \
    .bad_wanted = "not an ISO 8601 date or epoch seconds",                     \
    .bad_got = "the request's value is not a date"
#define IP                                                                       \
    .read_wanted = read_network, .read_got = read_address, .matches = ip_within, \
    .bad_got_never = true,                                                       \
    .bad_wanted = "not an address or network (CIDR; IPv6 without host bits)",    \
    .bad_got = "the request's value is not an IP address, which fails either operator"
#define ARN                                                                                        \
    .read_wanted = read_arn_pattern, .read_got = read_arn, .matches = arn_like, .variables = true, \
    .wildcards = true, .bad_got_never = true, .bad_wanted_denies = true,                           \
    .bad_wanted = "not an ARN: six parts between colons, the first \"arn\"",                       \
    .bad_got = "the request's value is not an ARN, which fails either operator"

static const struct operator_row rows[] = {
    { STR_INIT("StringEquals"), EXACT },
    { STR_INIT("StringNotEquals"), EXACT, .negated = true },
    { STR_INIT("StringEqualsIgnoreCase"), NOCASE },
    { STR_INIT("StringNotEqualsIgnoreCase"), NOCASE, .negated = true },
    { STR_INIT("StringLike"), LIKE },
    { STR_INIT("StringNotLike"), LIKE, .negated = true },
    { STR_INIT("NumericEquals"), NUMBER, .accepts = OPERATOR_EQUAL },
    { STR_INIT("NumericNotEquals"), NUMBER, .accepts = OPERATOR_EQUAL, .negated = true },
    { STR_INIT("NumericLessThan"), NUMBER, .accepts = OPERATOR_LESS },
    { STR_INIT("NumericLessThanEquals"), NUMBER, .accepts = OPERATOR_LESS | OPERATOR_EQUAL },
    { STR_INIT("NumericGreaterThan"), NUMBER, .accepts = OPERATOR_GREATER },
    { STR_INIT("NumericGreaterThanEquals"), NUMBER, .accepts = OPERATOR_GREATER | OPERATOR_EQUAL },
    { STR_INIT("DateEquals"), DATE, .accepts = OPERATOR_EQUAL },
    { STR_INIT("DateNotEquals"), DATE, .accepts = OPERATOR_EQUAL, .negated = true },
    { STR_INIT("DateLessThan"), DATE, .accepts = OPERATOR_LESS },
    { STR_INIT("DateLessThanEquals"), DATE, .accepts = OPERATOR_LESS | OPERATOR_EQUAL },
    { STR_INIT("DateGreaterThan"), DATE, .accepts = OPERATOR_GREATER },
    { STR_INIT("DateGreaterThanEquals"), DATE, .accepts = OPERATOR_GREATER | OPERATOR_EQUAL },
    { STR_INIT("Bool"), .read_wanted = read_bool, .read_got = read_bool, .matches = bool_equals },
    { STR_INIT("BinaryEquals"), .read_wanted = read_base64, .read_got = read_text,
      .matches = text_equals, .strict_in_sessions = true, .bad_wanted = "not base64" },
    { STR_INIT("IpAddress"), IP },
    { STR_INIT("NotIpAddress"), IP, .negated = true },
    { STR_INIT("ArnEquals"), ARN },
    { STR_INIT("ArnLike"), ARN },
    { STR_INIT("ArnNotEquals"), ARN, .negated = true },
    { STR_INIT("ArnNotLike"), ARN, .negated = true },
    { STR_INIT("Null"), .read_wanted = read_bool, .read_got = read_bool, .matches = bool_equals,
      .presence = true },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const struct operator_row *operator_all(size_t *n)
{
    *n = ROWS;
    return rows;
}

const struct operator_row *operator_find(struct str name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (str_eq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

struct str operator_nearest(struct str name)
{
    struct str names[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        names[i] = rows[i].name;
    return nearest_of(name, names, ROWS);
}
