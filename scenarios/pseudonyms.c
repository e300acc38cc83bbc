#include "scenarios/pseudonyms.h"

#include "base/map.h"
#include "base/text.h"

#include <string.h>

enum {
    OPAQUE_MIN = 16, /* letters and digits in one word: shorter ones are names and versions */
    NUMBER_MIN = 5,  /* of digits: years and ports have four, and an HTTP status three */
};

struct pseudonyms {
    struct arena *a;
    struct map known; /* text → struct str */
    size_t n;
    bool looking; /* the first time: prose is passed over */
};

/* ---- kinds of words ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool in_address(char c)
{
    return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '%';
}

/* "8-4-4-4-12"; how many bytes, or 0. */
static size_t uuid_length(struct str s)
{
    enum { UUID_BYTES = 36 };
    for (size_t i = 0; i < UUID_BYTES; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (i >= s.n || (dash ? s.p[i] != '-' : !is_hex(s.p[i])))
            return 0;
    }
    return s.n > UUID_BYTES && is_hex(s.p[UUID_BYTES]) ? 0 : UUID_BYTES;
}

/* An address's domain: it has to have a dot, and to end in a letter. */
static size_t email_length(struct str s)
{
    size_t local = 0, n, dots = 0;
    while (local < s.n && in_address(s.p[local]))
        local++;
    if (!local || local == s.n || s.p[local] != '@')
        return 0;
    for (n = local + 1; n < s.n && (is_digit(s.p[n]) || is_letter(s.p[n]) || s.p[n] == '-' ||
                                    (s.p[n] == '.' && n + 1 < s.n && s.p[n + 1] != '.'));
         n++)
        dots += s.p[n] == '.';
    while (n > local + 1 && !is_letter(s.p[n - 1]))
        n--;
    return dots ? n : 0;
}

static size_t word_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && (is_digit(s.p[n]) || is_letter(s.p[n])))
        n++;
    return n;
}

static bool is_opaque(struct str word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.n; i++)
        digits += is_digit(word.p[i]);
    return (digits == word.n && word.n >= NUMBER_MIN) ||
           (digits && digits < word.n && word.n >= OPAQUE_MIN);
}

/* ---- pseudonyms ---- */

/* The number in the last digits, and before it zeros, with the dashes where they were. */
static struct str numbered(struct pseudonyms *p, struct str word)
{
    char *out = arena_cstr(p->a, word), number[24];
    size_t left = (size_t)snprintf(number, sizeof number, "%zu", p->n);
    bool letters = false, uuid = uuid_length(word) > 0; /* it has to stay hexadecimal */
    for (size_t i = word.n; i-- > 0;) {
        letters |= is_letter(word.p[i]);
        if (word.p[i] != '-')
            out[i] = left ? number[--left] : '0';
    }
    if (letters && !uuid && is_letter(word.p[0]))
        memcpy(out, "id", 2);
    else if (!letters)
        out[0] = '1'; /* no id begins with a zero that a reader may drop */
    return str_n(out, word.n);
}

static struct str pseudonym(struct pseudonyms *p, struct str text, bool email)
{
    struct str *known = map_get(&p->known, text);
    if (known)
        return *known;
    known = arena_make(p->a, struct str);
    p->n++;
    *known = email ? arena_printf(p->a, "user%zu@example.com", p->n) : numbered(p, text);
    map_put(&p->known, arena_str(p->a, text), known);
    return *known;
}

/* ---- texts ---- */

/* AWS's messages tell times as seconds since 1970, which have ten digits until the year 2286. */
static bool is_epoch(struct str word)
{
    int64_t number;
    return word.n == 10 && str_to_i64(word, &number) && number >= 1000000000;
}

/* Takes the next piece off: what is to be replaced, or what stays. */
static struct str next_piece(struct str *rest, bool *replace, bool *email)
{
    size_t n = email_length(*rest);
    *email = n > 0;
    if (!n)
        n = uuid_length(*rest);
    *replace = n > 0;
    if (!n) {
        n = word_length(*rest);
        *replace = is_opaque(str_sub(*rest, 0, n));
    }
    if (!n)
        n = 1;
    struct str piece = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return piece;
}

/* Times and the versions of policies look like numbers, and are none. */
static bool is_date(struct str s)
{
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !is_digit(s.p[0]))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) && !strchr("-:.+TZtz ", s.p[i]))
            return false;
    return true;
}

/* A number of a message that stands nowhere else is AWS's: a bound, or a time since 1970. */
static bool is_aws_own(struct pseudonyms *p, struct str word)
{
    int64_t number;
    return str_to_i64(word, &number) && (is_epoch(word) || !map_get(&p->known, word));
}

/* `prose`: a message, in which numbers of AWS stand. */
static struct str put_text(struct pseudonyms *p, struct str s, bool prose)
{
    struct text t = text_new(p->a, 16 * 1024 * 1024);
    if (is_date(s))
        return s;
    while (s.n) {
        bool replace, email;
        struct str piece = next_piece(&s, &replace, &email);
        if (replace && prose && !email && is_aws_own(p, piece))
            replace = false;
        text_put(&t, replace ? pseudonym(p, piece, email) : piece);
    }
    return text_str(&t);
}

/* ---- values ---- */

static json_t *put_value(struct pseudonyms *p, const char *key, const json_t *v);

static json_t *put_members(struct pseudonyms *p, const json_t *v)
{
    json_t *o = json_object(), *member;
    const char *key;
    json_object_foreach((json_t *)(uintptr_t)v, key, member) json_object_set_new(
        o, arena_cstr(p->a, put_text(p, str_of(key), false)), put_value(p, key, member));
    return o;
}

static json_t *put_items(struct pseudonyms *p, const json_t *v)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(v); i++)
        json_array_append_new(list, put_value(p, "", json_array_get(v, i)));
    return list;
}

/* Claims and members that hold times: seconds since 1970 are numbers too, and so is a duration. */
static bool is_time(const char *key)
{
    static const char *const names[] = { "iat",
                                         "exp",
                                         "nbf",
                                         "auth_time",
                                         "updated_at",
                                         "max_session_duration",
                                         "DurationSeconds",
                                         "lifetime_s",
                                         "issued",
                                         "expires",
                                         "mfa",
                                         "advance",
                                         "clock",
                                         NULL };
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], key) == 0)
            return true;
    return false;
}

static bool is_prose(const char *key)
{
    return strcmp(key, "message") == 0 || strcmp(key, "story") == 0;
}

/* An id may be a number; what stands in texts as well has to stay the same there. */
static json_t *put_integer(struct pseudonyms *p, const char *key, const json_t *v)
{
    struct str text = json_text(p->a, v);
    int64_t number;
    if (is_time(key) || !is_opaque(text) || !str_to_i64(pseudonym(p, text, false), &number))
        return json_deep_copy(v);
    return json_integer(number);
}

/* Keys that an issuer publishes are nobody's, and would be no keys any more. */
static bool is_of_key(const char *key, const json_t *v)
{
    return strcmp(key, "kid") == 0 || (strcmp(key, "jwks") == 0 && json_is_object(v));
}

static json_t *put_value(struct pseudonyms *p, const char *key, const json_t *v)
{
    if (is_of_key(key, v))
        return json_deep_copy(v);
    if (json_is_object(v))
        return put_members(p, v);
    if (json_is_array(v))
        return put_items(p, v);
    if (json_is_string(v) && is_time(key))
        return json_deep_copy(v);
    if (json_is_string(v) && is_prose(key) && p->looking)
        return json_deep_copy(v);
    if (json_is_string(v))
        return json_of(put_text(p, json_str(v), is_prose(key)));
    if (json_is_integer(v))
        return put_integer(p, key, v);
    return json_deep_copy(v);
}

json_t *pseudonyms_put(struct arena *a, const json_t *scenario)
{
    struct pseudonyms p = { .a = a, .known = map_new(a), .looking = true };
    (void)json_keep(a, put_value(&p, "", scenario)); /* what there is, before messages tell of it */
    p.looking = false;
    return json_keep(a, put_value(&p, "", scenario));
}
