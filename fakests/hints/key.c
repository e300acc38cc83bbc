#include "fakests/hints/families.h"

#include "base/nearest.h"
#include "base/text.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/statement.h"
#include "fakests/hints/subject.h"
#include "fakests/policy/match.h"

/*
 * The key is not among the keys of this exchange.  (In a Deny, that is what satisfies a negated
 * operator.)
 */

static struct str provider_url(const struct hint_case *c)
{
    return c->who->provider->url;
}

static struct str own_key(const struct hint_case *c, struct str suffix)
{
    return arena_printf(c->arena, "%.*s:%.*s", STR_ARG(provider_url(c)), STR_ARG(suffix));
}

static struct str without_slash(struct str url)
{
    while (str_ends(url, STR("/")))
        url.n--;
    return url;
}

/* The issuer a key is about, as the policy has it; empty for aws:, sts: and their like. */
static struct str issuer_in(const struct clause *k)
{
    struct str prefix, suffix;
    statement_split_key(k->key, &prefix, &suffix);
    return str_find(prefix, '.') < prefix.n ? prefix : STR("");
}

/* Under its right name; where that stands already, this one has nothing more to say. */
static void renamed(const struct hint_case *c, const struct clause *k, struct str key,
                    struct hint *out)
{
    if (!edit_move_clause(c, k, (struct edit_move){ .key = key }, &out->edit))
        out->edit = edit_remove_clause(c, k);
}

/* ---- another prefix ---- */

static bool is_url(struct str prefix)
{
    return str_contains(prefix, STR("://"));
}

bool key_scheme(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry || !is_url(issuer_in(k)))
        return false;
    struct str right = own_key(c, k->suffix);
    out->text = arena_printf(c->arena,
                             "condition keys begin with the provider's URL without https://: write "
                             "\"%.*s\" in place of \"%.*s\"",
                             QUOTE(right), QUOTE(k->key));
    renamed(c, k, right, out);
    return true;
}

bool key_slash(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    struct str prefix = issuer_in(k);
    if (k->entry || k->own || !str_eq_nocase(without_slash(prefix), without_slash(provider_url(c))))
        return false;
    struct str right = own_key(c, k->suffix);
    out->text =
        arena_printf(c->arena,
                     "the key \"%.*s\" and the provider https://%.*s differ by the slash at "
                     "the end of the URL, which belongs to the key: write \"%.*s\"",
                     QUOTE(k->key), QUOTE(provider_url(c)), QUOTE(right));
    renamed(c, k, right, out);
    return true;
}

bool key_other_issuer(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry || k->own || !issuer_in(k).n)
        return false;
    struct str right = own_key(c, k->suffix);
    out->text = arena_printf(c->arena,
                             "the key \"%.*s\" belongs to another issuer, this token comes from "
                             "https://%.*s: write \"%.*s\"",
                             QUOTE(k->key), QUOTE(provider_url(c)), QUOTE(right));
    renamed(c, k, right, out);
    return true;
}

/* aws:PrincipalTag/K is there once the session exists; at its beginning the tag is asked for. */
bool key_principal_tag(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    static const struct str beginning = STR_INIT("aws:PrincipalTag/");
    struct str name = str_sub(k->key, 0, beginning.n);
    if (k->entry || !str_eq_nocase(name, beginning))
        return false;
    struct str right = arena_printf(c->arena, "aws:RequestTag/%.*s",
                                    STR_ARG(str_sub(k->key, beginning.n, k->key.n)));
    if (!keys_find(c->trace->context, right))
        return false;
    out->text =
        arena_printf(c->arena,
                     "session tags become aws:PrincipalTag only once the session exists; in "
                     "the role's own trust policy write \"%.*s\"",
                     QUOTE(right));
    renamed(c, k, right, out);
    return true;
}

/* ---- claims that become no key ---- */

bool key_iss(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry || !k->own || !str_eq_nocase(k->suffix, STR("iss")))
        return false;
    out->text =
        arena_printf(c->arena,
                     "AWS fills no key \"%.*s\": the Principal names the issuer already, so "
                     "take the condition out",
                     QUOTE(k->key));
    out->edit = edit_remove_clause(c, k);
    return true;
}

bool key_azp(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry || !k->own || !str_eq_nocase(k->suffix, STR("azp")))
        return false;
    struct str right = own_key(c, STR("aud"));
    out->text = arena_printf(c->arena,
                             "AWS fills no key \"%.*s\": the azp of a token that has one is in "
                             "\"%.*s\"",
                             QUOTE(k->key), QUOTE(right));
    renamed(c, k, right, out);
    return true;
}

/* Puts a pattern on sub in the place of a condition on a key that is never filled. */
static void replaced_by_subject(const struct hint_case *c, const struct clause *k,
                                struct str pattern, struct hint *out)
{
    struct str sub = own_key(c, STR("sub"));
    bool exact = str_find(pattern, '*') == pattern.n && str_find(pattern, '?') == pattern.n;
    struct edit_move to = { .op = exact ? STR("StringEquals") : STR("StringLike"),
                            .key = sub,
                            .value = json_of(pattern) };
    if (edit_move_clause(c, k, to, &out->edit) || !exact)
        return;
    to.op = STR("StringLike");
    to.value = json_of(pattern);
    (void)edit_move_clause(c, k, to, &out->edit);
}

/* sub with another branch or repository in the V2 part; "user/" changes with every run. */
static struct str vcs_pattern(const struct hint_case *c, const struct clause *k, bool origin)
{
    struct arena *a = c->arena;
    struct str job = subject_pattern(a, provider_url(c), subject_circleci_v1(c->who->subject));
    const json_t *from = json_object_get(c->who->claims, "oidc.circleci.com/vcs-origin");
    struct str wanted = k->trace->n_wanted ? k->trace->wanted[0] : STR("*");
    struct str repository = json_is_string(from) ? json_str(from) : STR("*");
    if (origin)
        return arena_printf(a, "%.*s/vcs-origin/%.*s/vcs-ref/*", STR_ARG(job), STR_ARG(wanted));
    return arena_printf(a, "%.*s/vcs-origin/%.*s/vcs-ref/%.*s", STR_ARG(job), STR_ARG(repository),
                        STR_ARG(wanted));
}

/* A condition on sub that says no more than "this project" gives way to one that says more. */
static bool refines_subject(const struct hint_case *c, const struct clause *k, struct str pattern,
                            struct hint *out)
{
    const struct clause *sub = statement_clause_on(k->statement, STR("sub"));
    struct str job = subject_pattern(c->arena, provider_url(c), c->who->subject);
    if (!sub || sub->trace->n_wanted != 1 || !str_eq(sub->trace->wanted[0], job) ||
        !str_eq(sub->base, STR("StringLike")))
        return false;
    out->edit = edit_merge_clause(c, k, sub, json_of(pattern));
    return true;
}

/* aws.md section 3.2: of CircleCI's own claims project-id alone becomes a key. */
bool key_vcs(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    bool origin = str_contains(k->suffix, STR("vcs-origin"));
    if (k->entry || !k->own || !subject_is_circleci(provider_url(c)) ||
        (!origin && !str_contains(k->suffix, STR("vcs-ref"))))
        return false;
    struct str pattern = vcs_pattern(c, k, origin);
    out->text = arena_printf(
        c->arena,
        "AWS fills no key \"%.*s\": repository and branch stand only in the sub of "
        "$CIRCLE_OIDC_TOKEN_V2; send that token, and match %.*s with StringLike \"%.*s\"",
        QUOTE(k->key), QUOTE(own_key(c, STR("sub"))), QUOTE(pattern));
    if (!refines_subject(c, k, pattern, out))
        replaced_by_subject(c, k, pattern, out);
    return true;
}

static bool is_edge(struct str s, size_t at)
{
    return at == 0 || at >= s.n || strchr(":/|@,", s.p[at]) || strchr(":/|@,", s.p[at - 1]);
}

/* The subject up to and including the value, which stands in it as a part of its own. */
static bool subject_through(struct arena *a, struct str subject, struct str value, struct str *out)
{
    for (size_t i = 0; value.n && i + value.n <= subject.n; i++) {
        size_t end = i + value.n;
        if (!str_starts(str_sub(subject, i, subject.n), value) || !is_edge(subject, i) ||
            !is_edge(subject, end))
            continue;
        *out = end == subject.n ? subject
                                : arena_printf(a, "%.*s*", STR_ARG(str_sub(subject, 0, end + 1)));
        return true;
    }
    return false;
}

static bool is_wanted(const struct hint_case *c, const struct clause *k, struct str value)
{
    for (size_t i = 0; i < k->trace->n_wanted; i++)
        if (match_like(match_compile(c->arena, k->trace->wanted[i]), value))
            return true;
    return false;
}

static struct str filled_names(const struct hint_case *c)
{
    size_t n;
    const struct str *names = context_key_names(c->arena, provider_url(c), &n);
    struct text t = text_new(c->arena, 4096);
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
    return text_str(&t);
}

bool key_never_filled(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    struct str pattern;
    const json_t *claim = json_object_get(c->who->claims, arena_cstr(c->arena, k->suffix));
    if (k->entry || !k->own || !claim || context_fills(provider_url(c), k->suffix))
        return false;
    bool carried = subject_through(c->arena, c->who->subject, json_str(claim), &pattern);
    out->text =
        arena_printf(c->arena,
                     "AWS makes no condition key of the claim \"%.*s\" (for this issuer it "
                     "fills %.*s): %s \"%.*s\"",
                     QUOTE(k->suffix), STR_ARG(filled_names(c)),
                     carried ? "sub carries it" : "what tells this token from others is sub",
                     QUOTE(c->who->subject));
    /* A token that the condition was meant to keep out gets no edit that lets it in. */
    if (!json_is_string(claim) || !is_wanted(c, k, json_str(claim)))
        return true;
    if (!carried)
        pattern = subject_pattern(c->arena, provider_url(c), c->who->subject);
    if (carried || !statement_clause_on(k->statement, STR("sub")))
        replaced_by_subject(c, k, pattern, out);
    return true;
}

/* ---- slips of the finger, and keys this token has no claim for ---- */

static struct str nearest_key(const struct hint_case *c, const struct clause *k)
{
    const struct keys *keys = c->trace->context;
    struct str *names = arena_array(c->arena, struct str, keys->n);
    for (size_t i = 0; i < keys->n; i++)
        names[i] = keys->entries[i].name;
    if (!k->own)
        return nearest_of(k->key, names, keys->n);
    /* Of one's own keys the part behind the issuer counts, or all of them would be near. */
    struct str best = STR("");
    size_t fewest = k->suffix.n / 3 + 2, skip = provider_url(c).n + 1;
    for (size_t i = 0; i < keys->n; i++) {
        struct str suffix = str_sub(names[i], skip, names[i].n);
        if (!str_starts(names[i], provider_url(c)) || nearest_distance(k->suffix, suffix) >= fewest)
            continue;
        fewest = nearest_distance(k->suffix, suffix);
        best = names[i];
    }
    return best;
}

bool key_misspelt(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry || (k->own && context_fills(provider_url(c), k->suffix)))
        return false;
    struct str near = nearest_key(c, k);
    if (!near.n)
        return false;
    out->text = arena_printf(c->arena, "there is no key \"%.*s\"; did you mean \"%.*s\"?",
                             QUOTE(k->key), QUOTE(near));
    renamed(c, k, near, out);
    return true;
}

static struct str tag_names(const struct hint_case *c)
{
    struct text t = text_new(c->arena, 4096);
    for (size_t i = 0; i < c->who->tags.n_tags; i++)
        text_printf(&t, "%s%.*s", i ? ", " : "", QUOTE(c->who->tags.tags[i].key));
    return c->who->tags.n_tags ? text_str(&t) : STR("none");
}

bool key_absent(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (k->entry)
        return false;
    if (str_eq_nocase(str_sub(k->key, 0, 15), STR("aws:RequestTag/")))
        out->text =
            arena_printf(c->arena, "the token carries no session tag for \"%.*s\"; its tags: %.*s",
                         QUOTE(k->key), STR_ARG(tag_names(c)));
    else if (k->own && context_fills(provider_url(c), k->suffix))
        out->text =
            arena_printf(c->arena,
                         "AWS fills \"%.*s\" from the claim \"%.*s\", which this token does "
                         "not have",
                         QUOTE(k->key), QUOTE(k->suffix));
    else if (k->own)
        out->text =
            arena_printf(c->arena, "AWS fills no key \"%.*s\": for this issuer there are %.*s",
                         QUOTE(k->key), STR_ARG(filled_names(c)));
    else
        out->text =
            arena_printf(c->arena, "the key \"%.*s\" is not in this exchange", QUOTE(k->key));
    return true;
}
