#include "fakests/param.h"

#include "base/encode.h"
#include "base/text.h"

#include <inttypes.h>

enum {
    VIOLATIONS_MAX = 10, /* AWS tells no more: an eleventh gap in a list still makes "10 errors" */
    SKIP_MAX = 10,       /* aws.md 1.1: each index may extend the list by so many positions */
    INDEX_MAX =
        214748369, /* SES's parser says "Index N is illegal" above it; taken for STS's too */
    VALUE_SHOWN_BYTES = 64 * 1024,   /* of a value that a message quotes: any legal one fits */
    MESSAGE_BYTES_MAX = 1024 * 1024, /* VIOLATIONS_MAX such values and the words between */
};

/* ---- decoding ---- */

/* What stands below a name: "member.1.Key" of "Tags.member.1.Key". */
struct nested {
    struct str name, value;
    bool scalar; /* nothing is below it: its name is empty */
    size_t index;
    struct nested *next;
};

/* A parameter as it was given; which member counts depends on the row's type. */
struct given {
    struct str text;              /* the last value; p == NULL: none */
    struct nested *nested, *last; /* in the form's order */
    int64_t integer;
    size_t n;            /* elements of a list */
    struct str *texts;   /* n of them; p == NULL: a gap */
    struct given *parts; /* of structures: n times one for each of their rows */
};

/* REQUEST_MALFORMED; a message that AWS is not known to give stays empty. */
static struct outcome malformed(struct call *c, const char *parameter, struct str message)
{
    struct outcome o = why_set(c->why, FAULT_REQUEST_MALFORMED, "%s: %.*s", parameter,
                               STR_ARG(message.n ? message : STR("not a value of its type")));
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

static size_t count(const struct param *rows)
{
    size_t n = 0;
    while (rows[n].name)
        n++;
    return n;
}

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

/* Cuts the first component off a name; what is left is `below` it. */
static struct str component(struct nested *field)
{
    const size_t n = field->name.n;
    struct str first = str_cut(&field->name, '.');
    field->scalar = first.n == n;
    return first;
}

/*
 * What follows "Name.member".  Without an index the first element is meant, and the rest is a
 * member of it: AWS answers "Tags.member.one.Key" by missing the Key of element 1.
 */
static struct outcome position_read(struct call *c, const char *list, struct nested *field,
                                    size_t *extent)
{
    struct nested below = *field;
    struct str first = component(&below), next = below.name;
    if (!looks_like_index(first))
        return index_read(c, list, STR("1"), extent, &field->index);
    if (looks_like_index(str_cut(&next, '.')))
        return malformed(c, list, STR("Two index elements may not occur back to back"));
    field->name = below.name;
    field->scalar = below.scalar;
    return index_read(c, list, first, extent, &field->index);
}

static void place(struct arena *a, const struct param *rows, struct nested field, struct given *out)
{
    const struct str name = component(&field);
    size_t i = 0;
    while (rows[i].name && !str_eq(name, str_of(rows[i].name)))
        i++;
    if (!rows[i].name)
        return;
    if (field.scalar) {
        out[i].text = str_n(field.value.p ? field.value.p : "", field.value.n);
        return;
    }
    struct nested *kept = arena_make(a, struct nested);
    *kept = field;
    *(out[i].last ? &out[i].last->next : &out[i].nested) = kept;
    out[i].last = kept;
}

/* Drops what is not below "member", and finds each field's element. */
static struct outcome positions_read(struct call *c, const char *list, struct given *g)
{
    struct nested **link = &g->nested;
    while (*link) {
        if (!str_eq(component(*link), STR("member"))) {
            *link = (*link)->next;
            continue;
        }
        TRY(position_read(c, list, *link, &g->n));
        link = &(*link)->next;
    }
    /* "Tags=" is an empty list; a list that is a text is none (aws-sdk-ruby#1067 and others). */
    if (g->text.n)
        return malformed(c, list, STR("Unexpected list element termination"));
    return OK;
}

/* Whatever is below a text: observed of "PolicyInputList.member.+1", and of SNS's Endpoint. */
static struct outcome check_flat(struct call *c, const char *name, bool flat)
{
    return flat ? OK : malformed(c, name, STR("Start of list found where not expected"));
}

static struct outcome texts_read(struct call *c, const struct param *row, struct given *g)
{
    TRY(positions_read(c, row->name, g));
    g->texts = arena_array(c->arena, struct str, g->n);
    for (const struct nested *f = g->nested; f; f = f->next) {
        TRY(check_flat(c, row->name, f->scalar));
        g->texts[f->index - 1] = str_n(f->value.p ? f->value.p : "", f->value.n);
    }
    return OK;
}

static struct outcome decode_rows(struct call *c, const struct param *rows, struct given *given);

static struct outcome structs_read(struct call *c, const struct param *row, struct given *g)
{
    const size_t n_rows = count(row->members);
    TRY(positions_read(c, row->name, g));
    g->parts = arena_array(c->arena, struct given, g->n * n_rows);
    for (const struct nested *f = g->nested; f; f = f->next) {
        if (f->scalar && f->value.n) /* legacy-jclouds#274 shows the message, of CloudWatch */
            return malformed(c, row->name, STR("Unexpected complex element termination"));
        if (!f->scalar)
            place(c->arena, row->members, *f, &g->parts[(f->index - 1) * n_rows]);
    }
    for (size_t i = 0; i < g->n; i++)
        TRY(decode_rows(c, row->members, &g->parts[i * n_rows]));
    return OK;
}

static struct outcome struct_read(struct call *c, const struct param *row, struct given *g)
{
    if (g->text.n)
        return malformed(c, row->name, STR("Unexpected complex element termination"));
    g->parts = arena_array(c->arena, struct given, count(row->members));
    g->n = g->nested ? 1 : 0;
    for (const struct nested *f = g->nested; f; f = f->next)
        place(c->arena, row->members, *f, g->parts);
    return decode_rows(c, row->members, g->parts);
}

static struct outcome decode(struct call *c, const struct param *row, struct given *g)
{
    bool valid = true;
    switch (row->type) {
    case PARAM_TEXT:
        return check_flat(c, row->name, !g->nested);
    case PARAM_INTEGER:
        TRY(check_flat(c, row->name, !g->nested));
        valid = !g->text.p || param_integer_read(g->text, &g->integer);
        break;
    case PARAM_BOOLEAN:
        TRY(check_flat(c, row->name, !g->nested));
        valid = !g->text.p || str_eq(g->text, STR("true")) || str_eq(g->text, STR("false"));
        break;
    case PARAM_TEXTS:
        return texts_read(c, row, g);
    case PARAM_STRUCTS:
        return structs_read(c, row, g);
    case PARAM_STRUCT:
        return struct_read(c, row, g);
    }
    return valid ? OK : malformed(c, row->name, STR(""));
}

static struct outcome decode_rows(struct call *c, const struct param *rows, struct given *given)
{
    for (size_t i = 0; rows[i].name; i++)
        TRY(decode(c, &rows[i], &given[i]));
    return OK;
}

/*
 * "Entries.1.Id": an index may follow "member" only, whether the name is known or not
 * (aws-sdk-go#161, aws-elixir#199).
 */
static struct outcome check_top_level(struct call *c, struct str name)
{
    struct str below = name;
    if (str_cut(&below, '.').n < name.n && looks_like_index(str_cut(&below, '.')))
        return malformed(c, "a list", STR("Top level element may not be treated as a list"));
    return OK;
}

static struct outcome decode_form(struct call *c, const struct param *rows, struct given *given)
{
    for (size_t i = 0; i < c->form->n; i++) {
        const struct form_field *field = &c->form->fields[i];
        TRY(check_top_level(c, field->name));
        place(c->arena, rows, (struct nested){ .name = field->name, .value = field->value }, given);
    }
    return decode_rows(c, rows, given);
}

/* ---- constraints ---- */

struct violations {
    struct arena *a;
    struct text text;
    struct str first; /* "roleArn: Member must ...", without the value */
    size_t n;
    bool quotes; /* STS prints the values, IAM does not */
};

/* What a violation speaks of: the value in element 1 of tags is at "tags.1.member.value". */
struct subject {
    const struct param *row;
    const struct given *given;
    const struct subject *list; /* NULL: at the top */
    size_t index;
};

static bool is_present(const struct given *g)
{
    return g->text.p || g->n;
}

static struct str place_text(struct arena *a, const struct subject *s)
{
    const struct str name = str_of(s->row->name);
    struct str camel = arena_join(a, ascii_lower(a, str_sub(name, 0, 1)), str_sub(name, 1, name.n));
    if (!s->list)
        return camel;
    struct str list = place_text(a, s->list);
    if (s->list->row->type == PARAM_STRUCT)
        return arena_join(a, list, STR("."), camel);
    return arena_printf(a, "%.*s.%zu.member.%.*s", STR_ARG(list), s->index, STR_ARG(camel));
}

/* "[a, b]", as a Java list prints itself. */
static struct str texts_shown(struct arena *a, const struct str *texts, size_t n)
{
    struct text t = text_new(a, VALUE_SHOWN_BYTES);
    text_putc(&t, '[');
    for (size_t i = 0; i < n; i++) {
        text_put(&t, i ? STR(", ") : STR(""));
        text_put(&t, texts[i].p ? texts[i] : STR("null"));
    }
    text_putc(&t, ']');
    return text_str(&t);
}

/* How AWS prints structures is not known: their texts will do. */
static struct str structs_shown(struct arena *a, const struct given *parts, size_t n)
{
    struct str *texts = arena_array(a, struct str, n);
    for (size_t i = 0; i < n; i++)
        texts[i] = parts[i].text;
    return texts_shown(a, texts, n);
}

static struct str value_shown(struct arena *a, const struct subject *s)
{
    const struct given *g = s->given;
    switch (s->row->type) {
    case PARAM_TEXT:
    case PARAM_BOOLEAN:
        break;
    case PARAM_INTEGER:
        return arena_printf(a, "%" PRId64, g->integer);
    case PARAM_TEXTS:
        return texts_shown(a, g->texts, g->n);
    case PARAM_STRUCTS:
    case PARAM_STRUCT:
        return structs_shown(a, g->parts, g->n * count(s->row->members));
    }
    return g->text;
}

/* "Value 'x'", "Value null", or "Value" alone. */
static void put_value(struct violations *v, const struct subject *s)
{
    text_put(&v->text, v->n ? STR("; Value") : STR("Value"));
    if (!v->quotes || (is_present(s->given) && s->row->sensitive))
        return;
    if (!is_present(s->given)) {
        text_put(&v->text, STR(" null"));
        return;
    }
    struct str value = value_shown(v->a, s);
    struct str shown = str_sub(value, 0, VALUE_SHOWN_BYTES);
    while (shown.n < value.n && shown.n && ((unsigned char)value.p[shown.n] & 0xC0) == 0x80)
        shown.n--; /* not through the middle of a character */
    text_printf(&v->text, " '%.*s'", STR_ARG(shown));
}

static void violated(struct violations *v, const struct subject *s, struct str constraint)
{
    if (v->n == VIOLATIONS_MAX)
        return;
    struct str at = place_text(v->a, s);
    put_value(v, s);
    text_printf(&v->text, " at '%.*s' failed to satisfy constraint: %.*s", STR_ARG(at),
                STR_ARG(constraint));
    if (v->n++ == 0)
        v->first = arena_printf(v->a, "%.*s: %.*s", STR_ARG(at), STR_ARG(constraint));
}

/* The constraints' names, in the words of AWS. */
static struct str at_least(struct arena *a, const char *what, int64_t min)
{
    return arena_printf(a, "Member must have %s greater than or equal to %" PRId64, what, min);
}

static struct str at_most(struct arena *a, const char *what, int64_t max)
{
    return arena_printf(a, "Member must have %s less than or equal to %" PRId64, what, max);
}

static struct str in_pattern(struct arena *a, const struct param_pattern *pattern)
{
    return arena_printf(a, "Member must satisfy regular expression pattern: %s", pattern->printed);
}

static struct str in_values(struct arena *a, const char *values)
{
    return arena_printf(a, "Member must satisfy enum value set: [%s]", values);
}

static const struct str not_null = STR_INIT("Member must not be null");

/* Whether a text is one of "Active, Inactive". */
static bool is_value(const char *values, struct str text)
{
    struct str rest = str_of(values);
    while (rest.n)
        if (str_eq(str_trim(str_cut(&rest, ',')), text))
            return true;
    return false;
}

/* Length in characters; one has one to four bytes, so that most need no counting. */
static int64_t length(struct str s, int64_t min, int64_t max)
{
    const int64_t bytes = (int64_t)s.n;
    const bool within = bytes / 4 >= min && (!max || bytes <= max);
    return within ? bytes : (int64_t)utf8_length(s);
}

/* Pattern before length, as AWS orders them (aws.md 1.7). */
static void check_text(struct violations *v, const struct subject *s)
{
    const struct param *row = s->row;
    const struct str text = s->given->text;
    const int64_t n = length(text, row->min, row->max);
    if (row->values && !is_value(row->values, text))
        violated(v, s, in_values(v->a, row->values));
    if (row->pattern && !param_pattern_matches(row->pattern, text))
        violated(v, s, in_pattern(v->a, row->pattern));
    if (n < row->min)
        violated(v, s, at_least(v->a, "length", row->min));
    if (row->max && n > row->max)
        violated(v, s, at_most(v->a, "length", row->max));
}

static void check_range(struct violations *v, const struct subject *s, const char *what,
                        int64_t value)
{
    if (value < s->row->min)
        violated(v, s, at_least(v->a, what, s->row->min));
    if (s->row->max && value > s->row->max)
        violated(v, s, at_most(v->a, what, s->row->max));
}

/* A gap breaks whatever constraint there is (GetContextKeysForCustomPolicy with 1, 8, 15). */
static bool element_valid(const struct param *row, struct str text)
{
    if (!text.p)
        return false;
    const int64_t n = length(text, row->element_min, row->element_max);
    return n >= row->element_min && (!row->element_max || n <= row->element_max) &&
           (!row->pattern || param_pattern_matches(row->pattern, text)) &&
           (!row->values || is_value(row->values, text));
}

/* All constraints of an element, whichever was broken, in the order that was observed. */
static struct str element_constraints(struct arena *a, const struct param *row)
{
    struct str parts[4];
    struct text t = text_new(a, MESSAGE_BYTES_MAX);
    size_t n = 0;
    if (row->element_max)
        parts[n++] = at_most(a, "length", row->element_max);
    if (row->element_min)
        parts[n++] = at_least(a, "length", row->element_min);
    if (row->pattern)
        parts[n++] = in_pattern(a, row->pattern);
    if (row->values)
        parts[n++] = in_values(a, row->values);
    if (!n)
        parts[n++] = not_null;
    text_put(&t, STR("Member must satisfy constraint: ["));
    for (size_t i = 0; i < n; i++) {
        text_put(&t, i ? STR(", ") : STR(""));
        text_put(&t, parts[i]);
    }
    text_putc(&t, ']');
    return text_str(&t);
}

static void check_texts(struct violations *v, const struct subject *s)
{
    bool valid = true;
    check_range(v, s, "length", (int64_t)s->given->n);
    for (size_t i = 0; valid && i < s->given->n; i++)
        valid = element_valid(s->row, s->given->texts[i]);
    if (!valid)
        violated(v, s, element_constraints(v->a, s->row));
}

static void check_rows(struct violations *v, const struct param *rows, const struct given *given,
                       const struct subject *list, size_t index);

static void check_structs(struct violations *v, const struct subject *s)
{
    const size_t n_rows = count(s->row->members);
    check_range(v, s, "length", (int64_t)s->given->n);
    for (size_t i = 0; i < s->given->n && v->n < VIOLATIONS_MAX; i++)
        check_rows(v, s->row->members, &s->given->parts[i * n_rows], s, i + 1);
}

static void check(struct violations *v, const struct subject *s)
{
    switch (s->row->type) {
    case PARAM_TEXT:
        check_text(v, s);
        break;
    case PARAM_INTEGER:
        check_range(v, s, "value", s->given->integer);
        break;
    case PARAM_BOOLEAN:
        break;
    case PARAM_TEXTS:
        check_texts(v, s);
        break;
    case PARAM_STRUCTS:
        check_structs(v, s);
        break;
    case PARAM_STRUCT:
        check_rows(v, s->row->members, s->given->parts, s, 0);
        break;
    }
}

static void check_rows(struct violations *v, const struct param *rows, const struct given *given,
                       const struct subject *list, size_t index)
{
    for (size_t i = 0; rows[i].name; i++) {
        const struct subject s = { &rows[i], &given[i], list, index };
        if (is_present(&given[i]))
            check(v, &s);
        else if (rows[i].required)
            violated(v, &s, not_null);
    }
}

static struct outcome check_all(struct call *c, const struct param *rows, const struct given *given)
{
    struct violations v = { .a = c->arena,
                            .text = text_new(c->arena, MESSAGE_BYTES_MAX),
                            .quotes = c->api == SERVICE_STS };
    check_rows(&v, rows, given, NULL, 0);
    if (!v.n)
        return OK;
    struct outcome o = why_set(c->why, FAULT_PARAMETER_INVALID, "%.*s", STR_ARG(v.first));
    c->why->arg[0] = arena_printf(c->arena, "%zu validation error%s detected: %.*s", v.n,
                                  v.n == 1 ? "" : "s", STR_ARG(text_str(&v.text)));
    return o;
}

/* ---- storing ---- */

static void store_rows(struct arena *a, const struct param *rows, const struct given *given,
                       void *out);

static struct param_structs structs(struct arena *a, const struct param *row, const struct given *g)
{
    const size_t n_rows = count(row->members);
    char *items = arena_array_bytes(a, g->n, row->element_bytes);
    for (size_t i = 0; i < g->n; i++)
        store_rows(a, row->members, &g->parts[i * n_rows], items + i * row->element_bytes);
    return (struct param_structs){ items, g->n, is_present(g) };
}

static void store(struct arena *a, const struct param *row, const struct given *g, void *at)
{
    const bool present = is_present(g);
    switch (row->type) {
    case PARAM_TEXT:
        memcpy(at, &g->text, sizeof g->text);
        break;
    case PARAM_INTEGER:
        memcpy(at, &(struct param_integer){ present, g->integer }, sizeof(struct param_integer));
        break;
    case PARAM_BOOLEAN:
        memcpy(at, &(struct param_boolean){ present, str_eq(g->text, STR("true")) },
               sizeof(struct param_boolean));
        break;
    case PARAM_TEXTS:
        memcpy(at, &(struct param_list){ g->texts, g->n, present }, sizeof(struct param_list));
        break;
    case PARAM_STRUCTS: {
        struct param_structs list = structs(a, row, g);
        memcpy(at, &list, sizeof list);
        break;
    }
    case PARAM_STRUCT:
        store_rows(a, row->members, g->parts, at);
        break;
    }
}

static void store_rows(struct arena *a, const struct param *rows, const struct given *given,
                       void *out)
{
    for (size_t i = 0; rows[i].name; i++)
        store(a, &rows[i], &given[i], (char *)out + rows[i].offset);
}

struct outcome param_read(struct call *c, const struct param *rows, void *out)
{
    struct given *given = arena_array(c->arena, struct given, count(rows));
    TRY(decode_form(c, rows, given));
    TRY(check_all(c, rows, given));
    store_rows(c->arena, rows, given, out);
    return OK;
}
