#include "fakests/hints/families.h"

#include "base/nearest.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/subject.h"

/* aws.md section 3: azp, where the token has one, is what AWS calls the audience. */

static bool has_azp(const struct hint_case *c)
{
    return json_is_string(json_object_get(c->who->claims, "azp"));
}

static bool unregistered(const struct hint_case *c)
{
    return c->fault == FAULT_AUDIENCE_UNREGISTERED;
}

static bool is_listed(const struct str *items, size_t n, struct str item)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], item))
            return true;
    return false;
}

bool audience_azp_unregistered(const struct hint_case *c, struct hint *out)
{
    if (!unregistered(c) || !has_azp(c))
        return false;
    out->text = arena_printf(
        c->arena,
        "the token has azp \"%.*s\", and then AWS takes azp for the audience and does not look at "
        "aud \"%.*s\": register the azp as a client id",
        QUOTE(c->who->audience), QUOTE(c->who->audiences[0]));
    out->edit = edit_client_id(c, c->who->provider, c->who->audience);
    return true;
}

bool audience_azp(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!k->own || !str_eq_nocase(k->suffix, STR("aud")) || !has_azp(c))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        if (!is_listed(c->who->audiences, c->who->n_audiences, k->trace->wanted[i]))
            continue;
        out->text = arena_printf(
            c->arena,
            "%.*s is the token's azp where it has one, not its aud: write \"%.*s\" in place of "
            "\"%.*s\"",
            QUOTE(k->key), QUOTE(c->who->audience), QUOTE(k->trace->wanted[i]));
        out->edit = edit_wanted(c, k, i, c->who->audience);
        return true;
    }
    return false;
}

static const struct str aws_prefix = STR_INIT("aws:");

/* "aws:contoso" and "contoso": the same organization. */
static bool is_same_organization(struct str a, struct str b)
{
    if (str_starts(a, aws_prefix) == str_starts(b, aws_prefix))
        return false;
    struct str x = str_starts(a, aws_prefix) ? str_sub(a, aws_prefix.n, a.n) : a;
    struct str y = str_starts(b, aws_prefix) ? str_sub(b, aws_prefix.n, b.n) : b;
    return str_eq(x, y);
}

/* pulumi.com/docs, Configuring OpenID Connect for AWS, of ESC and of Deployments. */
static struct str pulumi_text(const struct hint_case *c, struct str wanted, const char *what)
{
    return arena_printf(c->arena,
                        "Pulumi ESC puts \"aws:ORGANIZATION\" into aud, Deployments and the "
                        "legacy default project the bare name: this token has \"%.*s\", and %s "
                        "\"%.*s\"",
                        QUOTE(c->who->audience), what, QUOTE(wanted));
}

bool audience_pulumi_unregistered(const struct hint_case *c, struct hint *out)
{
    if (!unregistered(c) || !subject_is_pulumi(c->who->provider->url))
        return false;
    const struct provider *p = c->who->provider;
    for (size_t i = 0; i < p->n_client_ids; i++) {
        if (!is_same_organization(p->client_ids[i], c->who->audience))
            continue;
        out->text = pulumi_text(c, p->client_ids[i], "registered is only");
        out->edit = edit_client_id(c, p, c->who->audience);
        return true;
    }
    return false;
}

bool audience_pulumi(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!k->own || !str_eq_nocase(k->suffix, STR("aud")) ||
        !subject_is_pulumi(c->who->provider->url))
        return false;
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        if (!is_same_organization(k->trace->wanted[i], c->who->audience))
            continue;
        out->text = pulumi_text(c, k->trace->wanted[i], "the role wants");
        out->edit = edit_wanted(c, k, i, c->who->audience);
        return true;
    }
    return false;
}

bool audience_misspelt(const struct hint_case *c, struct hint *out)
{
    if (!unregistered(c) || has_azp(c))
        return false;
    const struct provider *p = c->who->provider;
    struct str near = nearest_of(c->who->audience, p->client_ids, p->n_client_ids);
    if (!near.n)
        return false;
    out->text = arena_printf(c->arena,
                             "the provider's client id \"%.*s\" is not quite the token's aud "
                             "\"%.*s\", and AWS compares exactly: register the token's",
                             QUOTE(near), QUOTE(c->who->audience));
    out->edit = edit_client_id(c, p, c->who->audience);
    return true;
}

static struct str registered(const struct hint_case *c)
{
    const struct provider *p = c->who->provider;
    struct str list = STR("");
    for (size_t i = 0; i < p->n_client_ids && i < 4; i++)
        list = arena_printf(c->arena, "%.*s%s\"%.*s\"", STR_ARG(list), i ? ", " : "",
                            QUOTE(p->client_ids[i]));
    if (p->n_client_ids > 4)
        list = arena_printf(c->arena, "%.*s and %zu more", STR_ARG(list), p->n_client_ids - 4);
    return p->n_client_ids ? list : STR("none");
}

bool audience_missing(const struct hint_case *c, struct hint *out)
{
    if (!unregistered(c))
        return false;
    out->text = arena_printf(c->arena,
                             "the token's aud \"%.*s\" is not among the provider's client ids "
                             "(registered: %.*s): register it, or have the job ask for a "
                             "registered one",
                             QUOTE(c->who->audience), STR_ARG(registered(c)));
    out->edit = edit_client_id(c, c->who->provider, c->who->audience);
    return true;
}
