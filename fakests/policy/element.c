#include "fakests/policy/element.h"

#include "base/nearest.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { QUOTED_MAX = 80 }; /* of a stranger's word in a message */

struct outcome element_refuse(const struct json_at *at, struct why *why, struct str aws,
                              const char *format, ...)
{
    char detail[1024];
    va_list args;
    if (why->fault == FAULT_NONE)
        why->arg[0] = arena_str(why->arena, aws);
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    return json_fail(at, why, FAULT_POLICY_MALFORMED, "%s", detail);
}

struct json_at element_member(const struct json_at *at, const char *key, json_t *value)
{
    return (struct json_at){ .up = at, .doc = at->doc, .key = key, .value = value };
}

static bool among(struct str word, const struct str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, names[i]))
            return true;
    return false;
}

static struct outcome unknown_member(const struct json_at *at, struct why *why, const char *what,
                                     const struct str *names, size_t n)
{
    struct str key = str_of(at->key), near = nearest_of(key, names, n);
    if (near.n)
        return element_refuse(at, why, STR(ELEMENT_SYNTAX),
                              "unknown element \"%.*s\" in %s; did you mean \"%.*s\"?",
                              STR_ARG(str_sub(key, 0, QUOTED_MAX)), what, STR_ARG(near));
    struct text list = text_new(why->arena, 512);
    for (size_t i = 0; i < n; i++)
        text_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
    return element_refuse(at, why, STR(ELEMENT_SYNTAX),
                          "unknown element \"%.*s\" in %s; expected one of: %.*s",
                          STR_ARG(str_sub(key, 0, QUOTED_MAX)), what, STR_ARG(text_str(&list)));
}

struct outcome element_want_members(const struct json_at *at, struct why *why, const char *what,
                                    const struct str *names, size_t n)
{
    const char *key;
    json_t *value;
    if (!json_is_object(at->value))
        return element_refuse(at, why, STR(ELEMENT_SYNTAX), "%s is to be an object, not %s", what,
                              json_type_name(at->value));
    json_object_foreach(at->value, key, value)
    {
        struct json_at member = element_member(at, key, value);
        if (!among(str_of(key), names, n))
            return unknown_member(&member, why, what, names, n);
    }
    return OK;
}

static bool is_scalar(const json_t *v, enum element_scalars scalars)
{
    return json_is_string(v) ||
           (scalars == ELEMENT_SCALARS && (json_is_number(v) || json_is_boolean(v)));
}

/* A number with the fewest digits that are still it: 0.1 is "0.1", as the document has it. */
static struct str number_text(struct arena *a, const json_t *v)
{
    char text[32] = "";
    double value = json_real_value(v);
    if (json_is_integer(v))
        return json_text(a, v);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return arena_str(a, str_of(text));
}

static struct str scalar_text(struct arena *a, const json_t *v)
{
    if (json_is_string(v))
        return arena_str(a, json_str(v));
    return json_is_number(v) ? number_text(a, v) : json_text(a, v);
}

static struct outcome one(struct arena *a, struct why *why, const struct json_at *at,
                          enum element_scalars scalars, struct str *out)
{
    if (!is_scalar(at->value, scalars))
        return element_refuse(at, why, STR(ELEMENT_SYNTAX), "expected %s, found %s",
                              scalars == ELEMENT_SCALARS ? "a string, a number or a boolean"
                                                         : "a string",
                              json_type_name(at->value));
    *out = scalar_text(a, at->value);
    return OK;
}

struct outcome element_strings(struct arena *a, struct why *why, const struct json_at *at,
                               enum element_scalars scalars, struct element_list *out)
{
    bool many = json_is_array(at->value);
    size_t n = many ? json_array_size(at->value) : 1;
    struct element_list list = { arena_array(a, struct str, n), n };

    for (size_t i = 0; i < n; i++) {
        struct json_at item = many ? json_at_item(at, i) : *at;
        TRY(one(a, why, &item, scalars, &list.texts[i]));
    }
    *out = list;
    return OK;
}
