#include "http/form.h"

#include "base/encode.h"
#include "base/text.h"

enum {
    NAME_SHOWN_MAX = 64,
    WRITTEN_MAX = 64 * 1024 * 1024, /* far over what any server takes */
};

/* Names come from outside and messages may end up in a header: printable ASCII only, and short. */
static struct str shown(struct arena *a, struct str raw)
{
    const struct str cut = str_sub(raw, 0, NAME_SHOWN_MAX);
    char *p = arena_cstr(a, cut);
    for (size_t i = 0; i < cut.n; i++)
        if (p[i] < ' ' || p[i] > '~')
            p[i] = '?';
    return str_n(p, cut.n);
}

/* The whole word at once where it can be: nearly all of a form is ASCII, and a token is 1 KB of it.
 */
static bool ascii(struct str s)
{
    unsigned char high = 0;
    for (size_t i = 0; i < s.n; i++)
        high |= (unsigned char)s.p[i];
    return high < 0x80;
}

static struct outcome decode(struct arena *a, struct why *why, struct str parameter, struct str raw,
                             struct str *out)
{
    struct str s = raw;
    if ((str_find(raw, '%') < raw.n || str_find(raw, '+') < raw.n) &&
        !percent_read(a, raw, true, &s))
        FAIL(why, REQUEST_MALFORMED, "parameter \"%.*s\" holds a %% without two hexadecimal digits",
             STR_ARG(shown(a, parameter)));
    if (str_find(s, '\0') < s.n)
        FAIL(why, REQUEST_MALFORMED, "parameter \"%.*s\" holds a NUL",
             STR_ARG(shown(a, parameter)));
    if (!ascii(s) && !utf8_valid(s))
        FAIL(why, REQUEST_MALFORMED, "parameter \"%.*s\" is not UTF-8",
             STR_ARG(shown(a, parameter)));
    *out = s;
    return OK;
}

static struct outcome read_field(struct arena *a, struct why *why, struct str piece,
                                 struct form_field *out)
{
    struct str raw_value = piece;
    const struct str raw_name = str_cut(&raw_value, '=');
    TRY(decode(a, why, raw_name, raw_name, &out->name));
    return decode(a, why, raw_name, raw_value, &out->value);
}

static size_t count_pieces(struct str text)
{
    size_t n = 0;
    while (text.n)
        n += str_cut(&text, '&').n > 0;
    return n;
}

struct outcome form_read(struct arena *a, struct why *why, struct str text, struct form *out)
{
    const size_t n = count_pieces(text);
    if (n > FORM_FIELDS_MAX)
        FAIL(why, REQUEST_MALFORMED, "%zu parameters, more than %d", n, FORM_FIELDS_MAX);
    struct form_field *fields = arena_array(a, struct form_field, n);
    size_t i = 0;
    while (text.n) {
        const struct str piece = str_cut(&text, '&');
        if (piece.n)
            TRY(read_field(a, why, piece, &fields[i++]));
    }
    *out = (struct form){ fields, n };
    return OK;
}

bool form_find(const struct form *form, struct str name, struct str *value)
{
    for (size_t i = form->n; i > 0; i--) {
        if (str_eq(form->fields[i - 1].name, name)) {
            *value = form->fields[i - 1].value;
            return true;
        }
    }
    return false;
}

struct str form_write(struct arena *a, const struct form *form)
{
    struct text t = text_new(a, WRITTEN_MAX);
    for (size_t i = 0; i < form->n; i++) {
        if (i)
            text_putc(&t, '&');
        text_put(&t, percent_write(a, form->fields[i].name));
        text_putc(&t, '=');
        text_put(&t, percent_write(a, form->fields[i].value));
    }
    return text_str(&t);
}
