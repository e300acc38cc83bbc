#include "fakests/param.h"

#include "base/encode.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    VIOLATIONS_MAX = 10, /* AWS tells no more: an eleventh gap in a list still makes "10 errors" */
    SKIP_MAX = 10,       /* aws.md 1.1: each index may extend the list by so many positions */
    INDEX_MAX =
        214748369, /* SES's parser says "Index N is illegal" above it; taken for STS's too */
    ARN_MIN = 20,  /* arnType of the service model */
    ARN_MAX = 2048,
    VALUE_SHOWN_BYTES = 64 * 1024,   /* of a value that a message quotes: any legal one fits */
    MESSAGE_BYTES_MAX = 1024 * 1024, /* VIOLATIONS_MAX such values and the words between */
};

/* ---- patterns ---- */

static bool between(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

static bool blank(uint32_t c)
{
    return c == 0x09 || c == 0x0A || c == 0x0D;
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

/* \w of a Java pattern: ASCII only. */
static bool in_word(uint32_t c)
{
    return between(c, 'a', 'z') || between(c, 'A', 'Z') || between(c, '0', '9') || c == '_';
}

static bool in_session_name(uint32_t c)
{
    return in_word(c) || c == '+' || c == '=' || c == ',' || c == '.' || c == '@' || c == '-';
}

const struct param_pattern param_pattern_arn = {
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]"
    "+",
    in_arn, true
};
const struct param_pattern param_pattern_session_name = { "[\\w+=,.@-]*", in_session_name, false };
const struct param_pattern param_pattern_policy = { "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
                                                    in_policy, true };
const struct param_pattern param_pattern_word = { "[\\w]*", in_word, false };

static bool matches(const struct param_pattern *pattern, struct str text)
{
    if (pattern->at_least_one && !text.n)
        return false;
    while (text.n) {
        unsigned char first = (unsigned char)text.p[0];
        if (first < 0x80)
            text = str_n(text.p + 1, text.n - 1);
        if (!pattern->allows(first < 0x80 ? first : utf8_next(&text)))
            return false;
    }
    return true;
}

/* ---- decoding ---- */

/* REQUEST_MALFORMED; a message that AWS is not known to give stays empty. */
static struct outcome malformed(struct call *c, const char *parameter, struct str message)
{
    struct outcome o = why_set(c->why, FAULT_REQUEST_MALFORMED, "%s: %.*s", parameter,
                               STR_ARG(message.n ? message : STR("not an integer")));
    c->why->arg[0] = message;
    return o;
}

bool param_integer_read(struct str text, int64_t *out)
{
    int64_t value;
    if (!str_to_i64(text, &value) || value < INT32_MIN || value > INT32_MAX)
        return false;
    *out = value;
    return true;
}

/*
 * A list of structures as "Name.member.INDEX.Member" spells it: for each index the members that
 * were given.  Whatever the structure is, its list is read from this.
 */
struct member {
    struct str name, value;
    struct member *older;
};

struct elements {
    bool present;
    struct member **items; /* the newest member of each, or NULL: a gap */
    size_t n;
};

/* "1", "01", "-1": what AWS takes for an index ("+1" is none, unlike among integers). */
static bool looks_like_index(struct str s)
{
    size_t i = s.n && s.p[0] == '-' ? 1 : 0;
    if (i == s.n)
        return false;
    for (; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* 1234567 → "1,234,567", as a Java "%,d" prints it. */
static struct str grouped(struct arena *a, int64_t n)
{
    if (n < 1000)
        return arena_printf(a, "%" PRId64, n);
    struct str head = grouped(a, n / 1000);
    return arena_printf(a, "%.*s,%03" PRId64, STR_ARG(head), n % 1000);
}

/* Reads an index and lets the list grow to it: the observed rules of aws.md 1.1. */
static struct outcome index_read(struct call *c, const char *list, struct str text, size_t *extent,
                                 size_t *index)
{
    int64_t value;
    if (!str_to_i64(text, &value) || value > INDEX_MAX)
        return malformed(c, list, arena_printf(c->arena, "Index %.*s is illegal", STR_ARG(text)));
    if (value < 1)
        return malformed(c, list,
                         arena_printf(c->arena, "%" PRId64 " is not a valid index", value));
    int64_t skip = value - (int64_t)(*extent ? *extent : 1); /* a list starts at position one */
    if (skip > SKIP_MAX) {
        struct str n = grouped(c->arena, skip);
        return malformed(c, list,
                         arena_printf(c->arena,
                                      "Excessively sparse input would skip %.*s list elements",
                                      STR_ARG(n)));
    }
    *index = (size_t)value;
    if (*extent < *index)
        *extent = *index;
    return OK;
}

/*
 * What follows "Name.member.".  Without an index the first element is meant, and the rest is a
 * member of it: AWS answers "Tags.member.one.Key" by missing the Key of element 1.
 */
static struct outcome position_read(struct call *c, const char *list, struct str rest,
                                    size_t *extent, size_t *index, struct str *member)
{
    struct str after = rest;
    struct str first = str_cut(&after, '.');
    if (!looks_like_index(first)) {
        *member = rest;
        return index_read(c, list, STR("1"), extent, index);
    }
    if (first.n == rest.n)
        return malformed(c, list, STR("Value found where not expected"));
    *member = after;
    if (looks_like_index(str_cut(&after, '.')))
        return malformed(c, list, STR("Two index elements may not occur back to back"));
    return index_read(c, list, first, extent, index);
}

struct placed {
    size_t index;
    struct member *member;
};

static struct outcome elements_read(struct call *c, const char *list, struct elements *out)
{
    struct str prefix = arena_printf(c->arena, "%s.member.", list);
    struct placed *placed = arena_array(c->arena, struct placed, c->form->n);
    size_t n = 0, extent = 0;

    for (size_t i = 0; i < c->form->n; i++) {
        const struct form_field *field = &c->form->fields[i];
        if (str_eq(field->name, str_of(list)))
            out->present = true; /* "PolicyArns=": an empty list */
        if (!str_starts(field->name, prefix))
            continue;
        struct member *m = arena_make(c->arena, struct member);
        m->value = field->value;
        TRY(position_read(c, list, str_sub(field->name, prefix.n, field->name.n), &extent,
                          &placed[n].index, &m->name));
        placed[n++].member = m;
    }
    out->present = out->present || extent > 0;
    out->items = arena_array(c->arena, struct member *, extent);
    out->n = extent;
    for (size_t i = 0; i < n; i++) {
        struct member **newest = &out->items[placed[i].index - 1];
        placed[i].member->older = *newest;
        *newest = placed[i].member;
    }
    return OK;
}

/* The value of a member of element i, the last one given; NULL when there is none. */
static const struct str *element_member(const struct elements *e, size_t i, struct str name)
{
    for (const struct member *m = e->items[i]; m; m = m->older)
        if (str_eq(m->name, name))
            return &m->value;
    return NULL;
}

/* A parameter as it was given; which member counts depends on the row's type. */
struct given {
    struct str text; /* p == NULL: absent */
    struct param_integer integer;
    struct elements elements;
};

static struct outcome decode(struct call *c, const struct param *row, struct given *out)
{
    switch (row->type) {
    case PARAM_TEXT:
        if (form_find(c->form, str_of(row->name), &out->text) && !out->text.p)
            out->text.p = ""; /* present and empty is not absent */
        return OK;
    case PARAM_INTEGER:
        out->integer.present = form_find(c->form, str_of(row->name), &out->text);
        if (out->integer.present && !param_integer_read(out->text, &out->integer.value))
            return malformed(c, row->name, STR(""));
        return OK;
    case PARAM_ARN_LIST:
        return elements_read(c, row->name, &out->elements);
    }
    return OK;
}

/* ---- constraints ---- */

struct violations {
    struct arena *a;
    struct text text;
    struct str first; /* "roleArn: Member must ...", without the value */
    size_t n;
};

/* What a violation speaks of: "Value 'x' at 'roleArn'", "Value null at ..." or "Value at ...". */
struct subject {
    struct str place;
    struct str value; /* p == NULL: null */
    bool sensitive;
};

static void put_value(struct text *t, const struct subject *s)
{
    struct str shown = str_sub(s->value, 0, VALUE_SHOWN_BYTES);
    while (shown.n < s->value.n && shown.n && ((unsigned char)s->value.p[shown.n] & 0xC0) == 0x80)
        shown.n--; /* not through the middle of a character */
    if (!s->value.p)
        text_put(t, STR(" null"));
    else if (!s->sensitive)
        text_printf(t, " '%.*s'", STR_ARG(shown));
}

static void violated(struct violations *v, const struct subject *s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void violated(struct violations *v, const struct subject *s, const char *format, ...)
{
    char constraint[256]; /* the longest pattern has 95 characters */
    va_list args;
    if (v->n == VIOLATIONS_MAX)
        return;
    va_start(args, format);
    vsnprintf(constraint, sizeof constraint, format, args);
    va_end(args);

    text_put(&v->text, v->n ? STR("; Value") : STR("Value"));
    put_value(&v->text, s);
    text_printf(&v->text, " at '%.*s' failed to satisfy constraint: %s", STR_ARG(s->place),
                constraint);
    if (v->n++ == 0)
        v->first = arena_printf(v->a, "%.*s: %s", STR_ARG(s->place), constraint);
}

static void check_null(struct violations *v, const struct subject *s)
{
    violated(v, s, "Member must not be null");
}

/* Pattern before length, as AWS orders them (aws.md 1.7). */
static void check_text(struct violations *v, const struct subject *s,
                       const struct param_pattern *pattern, int64_t min, int64_t max)
{
    /* A character has one to four bytes: most lengths need no counting. */
    const int64_t bytes = (int64_t)s->value.n;
    const bool within = bytes / 4 >= min && (!max || bytes <= max);
    const int64_t length = within ? bytes : (int64_t)utf8_length(s->value);
    if (pattern && !matches(pattern, s->value))
        violated(v, s, "Member must satisfy regular expression pattern: %s", pattern->printed);
    if (length < min)
        violated(v, s, "Member must have length greater than or equal to %" PRId64, min);
    if (max && length > max)
        violated(v, s, "Member must have length less than or equal to %" PRId64, max);
}

static void check_integer(struct violations *v, const struct subject *s, int64_t value,
                          const struct param *row)
{
    if (value < row->min)
        violated(v, s, "Member must have value greater than or equal to %" PRId64, row->min);
    if (row->max && value > row->max)
        violated(v, s, "Member must have value less than or equal to %" PRId64, row->max);
}

/* "[a, b]", as a Java list prints itself. */
static struct str list_text(struct arena *a, const struct elements *e, struct str member)
{
    struct text t = text_new(a, VALUE_SHOWN_BYTES);
    for (size_t i = 0; i < e->n; i++) {
        const struct str *value = element_member(e, i, member);
        text_put(&t, i ? STR(", ") : STR("["));
        text_put(&t, value ? *value : STR("null"));
    }
    text_put(&t, e->n ? STR("]") : STR("[]"));
    return text_str(&t);
}

static void check_list_length(struct violations *v, const struct subject *s, size_t n,
                              const struct param *row)
{
    if ((int64_t)n < row->min)
        violated(v, s, "Member must have length greater than or equal to %" PRId64, row->min);
    if (row->max && (int64_t)n > row->max)
        violated(v, s, "Member must have length less than or equal to %" PRId64, row->max);
}

static void check_arns(struct violations *v, const struct subject *list, const struct elements *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct str *arn = element_member(e, i, STR("arn"));
        struct subject s = { .sensitive = list->sensitive };
        s.place = arena_printf(v->a, "%.*s.%zu.member.arn", STR_ARG(list->place), i + 1);
        if (!arn) {
            check_null(v, &s);
            continue;
        }
        s.value = str_n(arn->p ? arn->p : "", arn->n);
        check_text(v, &s, &param_pattern_arn, ARN_MIN, ARN_MAX);
    }
}

static struct str lower_camel(struct arena *a, const char *name)
{
    char *s = arena_cstr(a, str_of(name));
    if (s[0] >= 'A' && s[0] <= 'Z')
        s[0] = (char)(s[0] - 'A' + 'a');
    return str_of(s);
}

static bool is_present(const struct param *row, const struct given *g)
{
    return row->type == PARAM_ARN_LIST ? g->elements.present : g->text.p != NULL;
}

static void check(struct violations *v, const struct param *row, const struct given *g)
{
    struct subject s = { .place = lower_camel(v->a, row->name), .sensitive = row->sensitive };
    if (!is_present(row, g)) {
        if (row->required)
            check_null(v, &s);
        return;
    }
    switch (row->type) {
    case PARAM_TEXT:
        s.value = g->text;
        check_text(v, &s, row->pattern, row->min, row->max);
        break;
    case PARAM_INTEGER:
        s.value = arena_printf(v->a, "%" PRId64, g->integer.value);
        check_integer(v, &s, g->integer.value, row);
        break;
    case PARAM_ARN_LIST:
        s.value = list_text(v->a, &g->elements, STR("arn"));
        check_list_length(v, &s, g->elements.n, row);
        check_arns(v, &s, &g->elements);
        break;
    }
}

static struct outcome check_all(struct call *c, const struct param *rows, const struct given *given)
{
    struct violations v = { .a = c->arena, .text = text_new(c->arena, MESSAGE_BYTES_MAX) };
    for (size_t i = 0; rows[i].name; i++)
        check(&v, &rows[i], &given[i]);
    if (!v.n)
        return OK;
    struct outcome o = why_set(c->why, FAULT_PARAMETER_INVALID, "%.*s", STR_ARG(v.first));
    c->why->arg[0] = arena_printf(c->arena, "%zu validation error%s detected: %.*s", v.n,
                                  v.n == 1 ? "" : "s", STR_ARG(text_str(&v.text)));
    return o;
}

/* ---- storing ---- */

static struct param_list arns(struct arena *a, const struct elements *e)
{
    struct param_list list = { arena_array(a, struct str, e->n), e->n };
    for (size_t i = 0; i < e->n; i++)
        list.items[i] = *element_member(e, i, STR("arn"));
    return list;
}

static void store(struct call *c, const struct param *row, const struct given *g, void *out)
{
    void *at = (char *)out + row->offset;
    switch (row->type) {
    case PARAM_TEXT:
        memcpy(at, &g->text, sizeof g->text);
        break;
    case PARAM_INTEGER:
        memcpy(at, &g->integer, sizeof g->integer);
        break;
    case PARAM_ARN_LIST: {
        struct param_list list = arns(c->arena, &g->elements);
        memcpy(at, &list, sizeof list);
        break;
    }
    }
}

struct outcome param_read(struct call *c, const struct param *rows, void *out)
{
    size_t n = 0;
    while (rows[n].name)
        n++;
    struct given *given = arena_array(c->arena, struct given, n);
    for (size_t i = 0; i < n; i++)
        TRY(decode(c, &rows[i], &given[i]));
    TRY(check_all(c, rows, given));
    for (size_t i = 0; i < n; i++)
        store(c, &rows[i], &given[i], out);
    return OK;
}
