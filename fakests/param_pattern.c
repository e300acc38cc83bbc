#include "fakests/param_pattern.h"

#include "base/encode.h"

#include <unictype.h>

/* ---- characters ---- */

static bool between(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

static bool among(uint32_t c, const char *ascii)
{
    return c && c < 0x80 && strchr(ascii, (int)c);
}

static bool blank(uint32_t c)
{
    return c == 0x09 || c == 0x0A || c == 0x0D;
}

static bool digit(uint32_t c)
{
    return between(c, '0', '9');
}

static bool alphanumeric(uint32_t c)
{
    return between(c, 'a', 'z') || between(c, 'A', 'Z') || digit(c);
}

static bool upper_or_digit(uint32_t c)
{
    return between(c, 'A', 'Z') || digit(c);
}

static bool word(uint32_t c)
{
    return alphanumeric(c) || c == '_';
}

static bool in_arn(uint32_t c)
{
    return blank(c) || between(c, 0x20, 0x7E) || c == 0x85 || between(c, 0xA0, 0xD7FF) ||
           between(c, 0xE000, 0xFFFD) || between(c, 0x10000, 0x10FFFF);
}

static bool in_policy(uint32_t c)
{
    return blank(c) || between(c, 0x20, 0xFF);
}

static bool in_document(uint32_t c)
{
    return blank(c) || between(c, 0x20, 0x7E) || between(c, 0xA1, 0xFF);
}

static bool in_marker(uint32_t c)
{
    return between(c, 0x20, 0xFF);
}

static bool in_name(uint32_t c)
{
    return word(c) || among(c, "+=,.@-");
}

static bool in_external_id(uint32_t c)
{
    return in_name(c) || c == ':' || c == '/';
}

static bool in_namespace(uint32_t c)
{
    return word(c) || c == '-';
}

static bool in_saml_name(uint32_t c)
{
    return in_namespace(c) || c == '.';
}

static bool in_tag(uint32_t c)
{
    return c < 0x80 ? alphanumeric(c) || among(c, " _.:/=+-@")
                    : uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_Z |
                                                              UC_CATEGORY_MASK_N);
}

/* ---- whole texts ---- */

static bool all(struct str s, bool (*allows)(uint32_t))
{
    while (s.n) {
        unsigned char first = (unsigned char)s.p[0];
        if (first < 0x80)
            s = str_n(s.p + 1, s.n - 1);
        if (!allows(first < 0x80 ? first : utf8_next(&s)))
            return false;
    }
    return true;
}

static bool printable(uint32_t c)
{
    return between(c, 0x21, 0x7E);
}

static bool printable_or_delete(uint32_t c)
{
    return between(c, 0x21, 0x7F);
}

static bool is_path(struct str s)
{
    return str_eq(s, STR("/")) ||
           (s.n >= 3 && str_starts(s, STR("/")) && str_ends(s, STR("/")) && all(s, printable));
}

static bool in_policy_path(uint32_t c)
{
    return alphanumeric(c) || among(c, "/.,+@=_-");
}

static bool is_policy_path(struct str s)
{
    return str_starts(s, STR("/")) && str_ends(s, STR("/")) && all(s, in_policy_path) &&
           !str_contains(s, STR("//"));
}

static bool is_path_prefix(struct str s)
{
    return str_starts(s, STR("/")) && all(s, printable_or_delete);
}

static bool in_alias(uint32_t c)
{
    return between(c, 'a', 'z') || digit(c) || c == '-';
}

static bool is_account_alias(struct str s)
{
    return s.n >= 3 && s.n <= 63 && all(s, in_alias) && s.p[0] != '-' && s.p[s.n - 1] != '-' &&
           !str_contains(s, STR("--"));
}

static bool in_version_suffix(uint32_t c)
{
    return alphanumeric(c) || c == '-';
}

static bool is_version_id(struct str s)
{
    struct str suffix = s;
    struct str number = str_cut(&suffix, '.');
    return number.n >= 2 && number.p[0] == 'v' && number.p[1] != '0' &&
           all(str_sub(number, 1, number.n), digit) && all(suffix, in_version_suffix);
}

/* ---- patterns ---- */

#define PRINTED_ARN                                                                       \
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-" \
    "\\u10FFFF]+"
#define PRINTED_DOCUMENT "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]"

#define SOME(name, printed, allows) \
    const struct param_pattern param_pattern_##name = { printed, allows, true, NULL }
#define ANY(name, printed, allows) \
    const struct param_pattern param_pattern_##name = { printed, allows, false, NULL }
#define WHOLE(name, printed, whole) \
    const struct param_pattern param_pattern_##name = { printed, NULL, false, whole }

SOME(policy, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+", in_policy);
SOME(tag_key, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", in_tag);
ANY(tag_value, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", in_tag);

SOME(arn, PRINTED_ARN, in_arn);
ANY(session_name, "[\\w+=,.@-]*", in_name);
ANY(word, "[\\w]*", word);
ANY(external_id, "[\\w+=,.@:\\/-]*", in_external_id);
ANY(serial_number, "[\\w+=/:,.@-]*", in_external_id);
ANY(token_code, "[\\d]*", digit);

SOME(name, "[\\w+=,.@-]+", in_name);
SOME(id, "[\\w]+", word);
SOME(document, PRINTED_DOCUMENT "+", in_document);
ANY(description, PRINTED_DOCUMENT "*", in_document);
SOME(marker, "[\\u0020-\\u00FF]+", in_marker);
WHOLE(path, "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)", is_path);
WHOLE(policy_path, "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/", is_policy_path);
WHOLE(path_prefix, "\\u002F[\\u0021-\\u007F]*", is_path_prefix);
WHOLE(version_id, "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?", is_version_id);
SOME(mfa_serial, "[\\w+=/:,.@-]+", in_external_id);
SOME(mfa_code, "[\\d]+", digit);
ANY(namespace, "[\\w-]*", in_namespace);
SOME(saml_name, "[\\w._-]+", in_saml_name);
SOME(private_key_id, "[A-Z0-9]+", upper_or_digit);
WHOLE(account_alias, "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", is_account_alias);

bool param_pattern_matches(const struct param_pattern *pattern, struct str text)
{
    if (pattern->whole)
        return pattern->whole(text);
    return (text.n || !pattern->at_least_one) && all(text, pattern->allows);
}
