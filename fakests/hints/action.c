#include "fakests/hints/families.h"

#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"

/* The right principal under the right conditions, and not this action. */

static bool only_action_is_missing(const struct statement *s)
{
    return s->trace->allow && !s->trace->action && json_object_get(s->document, "Action");
}

static struct str at_action(const struct hint_case *c, const struct statement *s)
{
    return edit_member(c->arena, s->at, STR("Action"));
}

/* One action more. */
static struct hint_edit added(const struct hint_case *c, const struct statement *s,
                              struct str action)
{
    json_t *now = json_object_get(s->document, "Action");
    struct str at = at_action(c, s);
    if (json_is_array(now))
        return edit_policy(c, "add", arena_printf(c->arena, "%.*s/-", STR_ARG(at)),
                           json_of(action));
    return edit_policy(c, "replace", at, json_pack("[o, o]", json_deep_copy(now), json_of(action)));
}

/* Where "sts:AssumeRole" stands in the element; p == NULL: nowhere. */
static struct str assume_role_at(const struct hint_case *c, const struct statement *s)
{
    json_t *now = json_object_get(s->document, "Action");
    struct str at = at_action(c, s), wrong = STR("sts:AssumeRole");
    if (str_eq_nocase(json_str(now), wrong))
        return at;
    for (size_t i = 0; i < json_array_size(now); i++)
        if (str_eq_nocase(json_str(json_array_get(now, i)), wrong))
            return edit_item(c->arena, at, i);
    return str_n(NULL, 0);
}

static bool is_asked(const struct hint_case *c, struct str action)
{
    return str_eq(c->trace->evaluated_action, action);
}

#define ASSUME STR("sts:AssumeRoleWithWebIdentity")

bool action_not_web_identity(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    if (!only_action_is_missing(s) || !is_asked(c, ASSUME))
        return false;
    struct str at = assume_role_at(c, s);
    if (!at.p)
        return false;
    out->text = arena_printf(c->arena,
                             "statement %zu allows sts:AssumeRole, which is for callers with AWS "
                             "credentials: write sts:AssumeRoleWithWebIdentity",
                             s->trace->index);
    out->edit = edit_policy(c, "replace", at, json_of(ASSUME));
    return true;
}

bool action_missing(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    if (!only_action_is_missing(s) || !is_asked(c, ASSUME))
        return false;
    out->text =
        arena_printf(c->arena, "statement %zu does not allow sts:AssumeRoleWithWebIdentity: add it",
                     s->trace->index);
    out->edit = added(c, s, ASSUME);
    return true;
}

bool action_tag_session(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    if (!only_action_is_missing(s) || !is_asked(c, STR("sts:TagSession")))
        return false;
    out->text =
        arena_printf(c->arena,
                     "the token carries %zu session tag%s, which the role has to allow: "
                     "add sts:TagSession to the actions of statement %zu",
                     c->who->tags.n_tags, c->who->tags.n_tags == 1 ? "" : "s", s->trace->index);
    out->edit = added(c, s, STR("sts:TagSession"));
    return true;
}

bool action_source_identity(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    if (!only_action_is_missing(s) || !is_asked(c, STR("sts:SetSourceIdentity")))
        return false;
    out->text = arena_printf(c->arena,
                             "the token carries the source identity \"%.*s\", which the role has "
                             "to allow: add sts:SetSourceIdentity to the actions of statement %zu",
                             QUOTE(c->who->tags.source_identity), s->trace->index);
    out->edit = added(c, s, STR("sts:SetSourceIdentity"));
    return true;
}
