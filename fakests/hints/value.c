#include "fakests/hints/families.h"

#include "base/text.h"
#include "fakests/difference.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/statement.h"
#include "fakests/hints/subject.h"
#include "fakests/policy/match.h"

/* The key is there with one value, and the condition wants another. */

static bool is_compared(const struct clause *k)
{
    return k->entry && k->entry->n_values && !k->trace->passed && !k->negated &&
           (str_starts(k->base, STR("String")) || str_starts(k->base, STR("Arn")));
}

static bool is_like(const struct clause *k)
{
    return str_eq(k->base, STR("StringLike"));
}

static bool is_exact(const struct clause *k)
{
    return str_eq(k->base, STR("StringEquals")) || str_eq(k->base, STR("StringEqualsIgnoreCase"));
}

static bool is_own_subject(const struct clause *k)
{
    return k->own && str_eq_nocase(k->suffix, STR("sub")) && is_compared(k);
}

static bool has_wildcard(struct str s)
{
    return str_find(s, '*') < s.n || str_find(s, '?') < s.n;
}

static struct str got(const struct clause *k)
{
    return k->entry->values[0];
}

/* As the clause's own operator compares, wildcards counting under StringLike only. */
static bool matches(const struct hint_case *c, const struct clause *k, struct str wanted,
                    struct str text)
{
    return is_like(k) ? match_like(match_compile(c->arena, wanted), text) : str_eq(wanted, text);
}

/* ---- wildcards ---- */

bool value_wildcard(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_compared(k) || !is_exact(k))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = statement_wanted(k, i);
        if (!has_wildcard(wanted) || !match_like(match_compile(c->arena, wanted), got(k)))
            continue;
        struct edit_move to = { .op = arena_printf(c->arena, "%.*sStringLike%s", STR_ARG(k->set),
                                                   k->if_exists ? "IfExists" : "") };
        out->text = arena_printf(
            c->arena, "under %.*s a %s in \"%.*s\" is that character itself: put %.*s under %.*s",
            STR_ARG(k->trace->operator), str_find(wanted, '*') < wanted.n ? "*" : "?",
            QUOTE(wanted), QUOTE(k->key), STR_ARG(to.op));
        (void)edit_move_clause(c, k, to, &out->edit);
        return true;
    }
    return false;
}

/* ---- platforms that have two kinds of subject ---- */

/* Both subjects, the one the policy has and its longer one, under an operator that can say so. */
static void also_like(const struct hint_case *c, const struct clause *k, struct str wanted,
                      struct str pattern, struct hint *out)
{
    struct edit_move to = { .op = STR("StringLike"),
                            .value = json_pack("[o, o]", json_of(wanted), json_of(pattern)) };
    (void)edit_move_clause(c, k, to, &out->edit);
}

bool value_circleci_v2(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_own_subject(k) || !subject_is_circleci(c->who->provider->url))
        return false;
    struct str v1 = subject_circleci_v1(got(k));
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i];
        if (v1.n == got(k).n || !matches(c, k, wanted, v1))
            continue;
        struct str pattern = arena_printf(c->arena, "%.*s/vcs-origin/*", STR_ARG(wanted));
        out->text = arena_printf(
            c->arena,
            "the policy has the subject of $CIRCLE_OIDC_TOKEN, and this is $CIRCLE_OIDC_TOKEN_V2, "
            "whose sub goes on with /vcs-origin/...: admit \"%.*s\" with StringLike, or send the "
            "other token",
            QUOTE(pattern));
        also_like(c, k, wanted, pattern, out);
        return true;
    }
    return false;
}

bool value_circleci_v1(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_own_subject(k) || !subject_is_circleci(c->who->provider->url))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i], v1 = subject_circleci_v1(wanted);
        if (v1.n == wanted.n || subject_circleci_v1(got(k)).n < got(k).n ||
            !matches(c, k, v1, got(k)))
            continue;
        out->text = arena_printf(c->arena,
                                 "the policy looks for repository or branch in sub, \"%.*s\", and "
                                 "only $CIRCLE_OIDC_TOKEN_V2 has them there: send that token",
                                 QUOTE(wanted));
        return true;
    }
    return false;
}

static const struct str repo = STR_INIT("repo:");

/* "repo:owner/..." of the policy with the numbers that this token has in it. */
static struct str with_ids(struct arena *a, struct str wanted, struct str subject)
{
    struct str owner = str_sub(subject, 0, str_find(subject, '@'));
    struct str rest = str_sub(wanted, owner.n, wanted.n);
    struct str whole = str_sub(subject, repo.n, subject.n), owner_id = str_cut(&whole, '/');
    struct str name_id = str_cut(&whole, ':');
    struct str name = str_sub(name_id, 0, str_find(name_id, '@'));
    struct str slash_name = arena_printf(a, "/%.*s:", STR_ARG(name));
    if (!str_starts(wanted, owner))
        return subject;
    if (str_starts(rest, slash_name))
        return arena_printf(a, "repo:%.*s/%.*s%.*s", STR_ARG(owner_id), STR_ARG(name_id),
                            STR_ARG(str_sub(rest, slash_name.n - 1, rest.n)));
    if (str_starts(rest, STR("/")))
        return arena_printf(a, "repo:%.*s%.*s", STR_ARG(owner_id), STR_ARG(rest));
    return subject;
}

/* aws.md section 5.4, last line: repo:OWNER@ID/REPO@ID:... since July 2026. */
bool value_github_immutable(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    struct str classic;
    if (!is_own_subject(k) || !subject_is_github(c->who->provider->url) ||
        !subject_github_classic(c->arena, got(k), &classic))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i];
        if (!matches(c, k, wanted, classic) || !str_starts(wanted, repo))
            continue;
        struct str right = with_ids(c->arena, wanted, got(k));
        out->text = arena_printf(
            c->arena,
            "this repository has immutable subjects, with the numbers of owner and repository in "
            "them, and the policy has the classic form \"%.*s\": write \"%.*s\"",
            QUOTE(wanted), QUOTE(right));
        out->edit = edit_wanted(c, k, i, right);
        return true;
    }
    return false;
}

/* "...:env:development" → "...:env:"; empty when there is no such part. */
static struct str before_environment(struct str subject)
{
    static const struct str env = STR_INIT(":env:");
    for (size_t i = 0; i + env.n <= subject.n; i++)
        if (str_starts(str_sub(subject, i, subject.n), env))
            return str_sub(subject, 0, i + env.n);
    return STR("");
}

/* pulumi/pulumi#14509: opened through Pulumi IaC, every environment is called "<yaml>". */
bool value_pulumi_yaml(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_own_subject(k) || !subject_is_pulumi(c->who->provider->url))
        return false;
    struct str organization = before_environment(got(k));
    bool anonymous = str_ends(got(k), STR(":env:<yaml>"));
    for (size_t i = 0; organization.n && i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i];
        if (!str_starts(wanted, organization) || anonymous == str_ends(wanted, STR(":env:<yaml>")))
            continue;
        if (!anonymous && !str_ends(wanted, STR(":env:<yaml>")))
            continue;
        out->text = arena_printf(
            c->arena,
            "an environment that Pulumi IaC opens has the literal <yaml> for its name in sub, "
            "whichever it is, and one that esc opens has its own: this token's is \"%.*s\", the "
            "policy wants \"%.*s\"",
            QUOTE(got(k)), QUOTE(wanted));
        out->edit = edit_wanted(c, k, i, got(k));
        return true;
    }
    return false;
}

/* ---- upper and lower case ---- */

static char lower(char ch)
{
    return ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch;
}

static bool piece_fits(struct str piece, struct str text)
{
    for (size_t i = 0; i < piece.n; i++)
        if (i >= text.n || (piece.p[i] != '?' && lower(piece.p[i]) != lower(text.p[i])))
            return false;
    return true;
}

/* A piece of the pattern with the letters the text has in its place. */
static void put_piece(struct text *t, struct str piece, struct str text)
{
    for (size_t i = 0; i < piece.n; i++)
        text_putc(t, piece.p[i] == '?' ? '?' : text.p[i]);
}

/*
 * The pattern in the case of the text: piece by piece between the stars, each where it fits first,
 * the last at the end.  False when they differ in more.
 */
static bool in_case_of(struct arena *a, struct str pattern, struct str text, struct str *out)
{
    struct text t = text_new(a, pattern.n + 1);
    bool first = true, last = false;
    while (!last) {
        size_t star = str_find(pattern, '*');
        struct str piece = str_sub(pattern, 0, star);
        last = star == pattern.n;
        pattern = str_sub(pattern, star + 1, pattern.n);
        size_t at = 0;
        if (last && !first && text.n >= piece.n)
            at = text.n - piece.n;
        while (!first && !last && at < text.n && !piece_fits(piece, str_sub(text, at, text.n)))
            at++;
        struct str here = str_sub(text, at, text.n);
        if (!piece_fits(piece, here) || (last && here.n != piece.n))
            return false;
        put_piece(&t, piece, here);
        if (!last)
            text_putc(&t, '*');
        text = str_sub(here, piece.n, here.n);
        first = false;
    }
    *out = text_str(&t);
    return true;
}

bool value_case(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_compared(k) || k->entry->is_list || !(is_like(k) || is_exact(k)))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = statement_wanted(k, i), right = got(k);
        bool differs = is_like(k) ? in_case_of(c->arena, wanted, got(k), &right)
                                  : str_eq_nocase(wanted, got(k));
        if (!differs)
            continue;
        out->text = arena_printf(c->arena,
                                 "\"%.*s\" and the token's \"%.*s\" differ only in upper and lower "
                                 "case, which counts: write \"%.*s\"",
                                 QUOTE(wanted), QUOTE(got(k)), QUOTE(right));
        out->edit = edit_wanted(c, k, i, right);
        return true;
    }
    return false;
}

/* ---- another value ---- */

/* '*' and '?' of the value itself, as StringLike wants them written. */
static struct str literal(struct arena *a, struct str value)
{
    struct text t = text_new(a, 4 * value.n + 1);
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] == '*' || value.p[i] == '?')
            text_printf(&t, "${%c}", value.p[i]);
        else
            text_putc(&t, value.p[i]);
    return text_str(&t);
}

/* Who runs the job again: under StringLike a pattern that admits the next run too. */
static struct str admitted(const struct hint_case *c, const struct clause *k)
{
    if (!is_like(k))
        return got(k);
    struct str value = literal(c->arena, got(k));
    return is_own_subject(k) ? subject_pattern(c->arena, c->who->provider->url, value) : value;
}

/* What a person has to tell apart: what stands behind the place where the two part. */
static struct str tail(const struct hint_case *c, struct str s, size_t at)
{
    enum { TAIL_MAX = 60 };
    struct str rest = str_sub(s, at, s.n);
    if (rest.n <= TAIL_MAX)
        return rest;
    while (rest.n > TAIL_MAX || ((unsigned char)rest.p[rest.n] & 0xC0) == 0x80)
        rest.n--;
    return arena_printf(c->arena, "%.*s...", STR_ARG(rest));
}

/* The wanted value that goes along with the token's farthest, and how far. */
static size_t nearest_wanted(const struct hint_case *c, const struct clause *k,
                             struct difference *out)
{
    enum difference_rule rule = is_like(k) ? DIFFERENCE_PATTERN : DIFFERENCE_EXACT;
    size_t best = 0;
    *out = (struct difference){ 0, 0 };
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct difference d = difference_find(c->arena, rule, statement_wanted(k, i), got(k));
        if (d.got <= out->got)
            continue;
        *out = d;
        best = i;
    }
    return best;
}

static struct str differs_text(const struct hint_case *c, const struct clause *k)
{
    struct difference d;
    struct str name = k->own ? k->suffix : k->key;
    size_t nearest = nearest_wanted(c, k, &d);
    if (!k->trace->n_wanted)
        return arena_printf(c->arena, "the role wants %.*s to be one of no values: name some",
                            QUOTE(name));
    struct str from = STR("");
    if (d.got)
        from = arena_printf(c->arena, " (from character %zu on)", d.got + 1);
    return arena_printf(c->arena,
                        "the role wants %.*s with \"%.*s\" where this token has "
                        "\"%.*s\"%.*s: admit it if this is who is meant",
                        QUOTE(name), STR_ARG(tail(c, statement_wanted(k, nearest), d.wanted)),
                        STR_ARG(tail(c, got(k), d.got)), STR_ARG(from));
}

/* A list under ForAllValues: every one of its values has to be among the wanted ones. */
static struct hint_edit all_admitted(const struct hint_case *c, const struct clause *k)
{
    json_t *all = json_is_array(k->value) ? json_deep_copy(k->value)
                                          : json_pack("[o]", json_deep_copy(k->value));
    for (size_t i = 0; i < k->entry->n_values; i++) {
        bool there = false;
        for (size_t j = 0; j < k->trace->n_wanted; j++)
            there |= matches(c, k, k->trace->wanted[j], k->entry->values[i]);
        if (!there)
            json_array_append_new(all, json_of(k->entry->values[i]));
    }
    return edit_policy(c, "replace", k->at, all);
}

bool value_differs(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_compared(k))
        return false;
    struct str value = admitted(c, k);
    out->text = differs_text(c, k);
    out->edit = k->entry->is_list && str_eq(k->set, STR("ForAllValues:")) ? all_admitted(c, k)
                                                                          : edit_admit(c, k, value);
    return true;
}
