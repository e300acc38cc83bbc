#include "issuer/pattern.h"

#include <regex.h>

/* The library copies what it repeats, so that each level may double the whole. */
enum { GROUP_DEPTH_MAX = 4 };

struct pattern {
    regex_t regex;
};

static void drop_pattern(void *p)
{
    struct pattern *pattern = p;
    regfree(&pattern->regex);
}

/* The numbers of "{n}", "{n,}" or "{n,m}" stay below the bound. */
static bool small_repeat(struct str inside)
{
    int64_t n;
    while (inside.n) {
        struct str number = str_cut(&inside, ',');
        if (number.n && (!str_to_i64(number, &n) || n > PATTERN_REPEAT_MAX))
            return false;
    }
    return true;
}

/* Behind the bracket expression that begins at `i`: "[]abc]", "[^]abc]", "[[:alpha:]]". */
static size_t skip_bracket(struct str t, size_t i)
{
    i += i + 1 < t.n && t.p[i + 1] == '^' ? 2 : 1;
    i += i < t.n && t.p[i] == ']';
    while (i < t.n && t.p[i] != ']') {
        bool named = t.p[i] == '[' && i + 1 < t.n && strchr(":.=", t.p[i + 1]) && t.p[i + 1];
        i += named ? 3 + str_find(str_sub(t, i + 2, t.n), ']') : 1;
    }
    return i + 1;
}

/* Where a scan through an expression stands. */
struct scan {
    struct str text;
    size_t at, depth;
    enum { AT_ATOM, AT_GROUP_END, AT_REPEAT } behind;
};

static const char *take_braces(struct scan *s)
{
    struct str rest = str_sub(s->text, s->at, s->text.n);
    size_t length = str_find(rest, '}');
    if (s->behind == AT_GROUP_END)
        return "braces stand behind a group";
    if (!small_repeat(str_sub(rest, 1, length - 1)))
        return "it repeats too often";
    s->at += length + 1;
    return NULL;
}

static const char *take_repeat(struct scan *s)
{
    const char *refused = NULL;
    if (s->behind == AT_REPEAT)
        return "one repetition stands behind another";
    if (s->text.p[s->at] == '{')
        refused = take_braces(s);
    else
        s->at++;
    s->behind = AT_REPEAT;
    return refused;
}

static const char *take_atom(struct scan *s)
{
    char c = s->text.p[s->at];
    char next = s->at + 1 < s->text.n ? s->text.p[s->at + 1] : '\0';
    s->behind = c == ')' ? AT_GROUP_END : AT_ATOM;
    if (c == '\\' && next >= '1' && next <= '9')
        return "it refers back to a group";
    if (c == '(' && ++s->depth > GROUP_DEPTH_MAX)
        return "its groups are nested too deep";
    if (c == ')' && s->depth)
        s->depth--;
    s->at = c == '[' ? skip_bracket(s->text, s->at) : s->at + (c == '\\' ? 2 : 1);
    return NULL;
}

/* What makes expressions explode: "(a{9}){9}", "a{30000}", "((((a+)+)+)+)+", "a++++", "\\1". */
static const char *too_much(struct str text)
{
    struct scan s = { .text = text };
    const char *refused = text.n > PATTERN_BYTES_MAX ? "it is too long" : NULL;
    while (!refused && s.at < text.n)
        refused = strchr("*+?{", text.p[s.at]) && text.p[s.at] ? take_repeat(&s) : take_atom(&s);
    return refused;
}

struct outcome pattern_compile(struct arena *a, struct why *why, struct str text,
                               const struct pattern **out)
{
    const char *refused = too_much(text);
    struct pattern *p = arena_make(a, struct pattern);
    char reason[128];

    if (refused)
        FAIL(why, CONFIG_INVALID, "the pattern \"%.*s\" is not taken: %s", STR_ARG(text), refused);
    int error = regcomp(&p->regex, arena_cstr(a, text), REG_EXTENDED | REG_NOSUB);
    if (error) {
        regerror(error, &p->regex, reason, sizeof reason);
        FAIL(why, CONFIG_INVALID, "the pattern \"%.*s\" is no regular expression: %s",
             STR_ARG(text), reason);
    }
    arena_defer(a, drop_pattern, p);
    *out = p;
    return OK;
}

bool pattern_fits(const struct pattern *p, const char *text)
{
    return regexec(&p->regex, text, 0, NULL, 0) == 0;
}
