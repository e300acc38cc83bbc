#include "scenarios/lint_file.h"

#include "fakests/iam/document.h"
#include "fakests/lint/rule.h"
#include "scenarios/config.h"
#include "scenarios/scenario.h"

struct checking {
    struct findings *out;
    bool files_allowed;
    struct why *refusals; /* of the config, until the policies have told theirs better */
    size_t n, capacity;
};

static void collect(void *context, const struct why *why)
{
    struct checking *c = context;
    if (c->n == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 16;
        struct why *more = arena_array(c->out->arena, struct why, capacity);
        if (c->n)
            memcpy(more, c->refusals, c->n * sizeof *more);
        c->refusals = more;
        c->capacity = capacity;
    }
    c->refusals[c->n++] = *why;
}

static void check_config(struct checking *c, const struct json_at *at)
{
    struct config *config;
    config_check(c->out->arena, at, c->files_allowed, collect, c, &config);
    if (config)
        lint_config(c->out, at, config->iam, config->account, c->files_allowed);
    for (size_t i = 0; i < c->n; i++)
        lint_refusal(c->out, &c->refusals[i]);
}

/* A scenario without a world plays in the demo world, which is ours. */
static void check_scenario(struct checking *c, const struct json_at *at)
{
    struct why why = why_new(c->out->arena);
    struct json_at world, root;
    struct scenario *scenario;
    if (failed(scenario_read(c->out->arena, &why, at->doc, &scenario)))
        lint_refusal(c->out, &why);
    why = why_new(c->out->arena);
    if (!json_at_member(at, "world", &world))
        return;
    if (failed(document_resolve(c->out->arena, &why, &world, c->files_allowed, &root)))
        lint_refusal(c->out, &why);
    else
        check_config(c, &root);
}

static void unknown(struct checking *c, const struct json_at *at)
{
    const struct lint_rule *rule = rule_get("document-unknown");
    findings_add(c->out, rule, rule->severity, json_at_place(c->out->arena, at),
                 arena_printf(c->out->arena,
                              "%s that is no trust policy, no config and no scenario",
                              json_type_name(at->value)),
                 str_of(rule->fix));
}

static enum lint_file_kind kind_of(const json_t *root)
{
    if (json_object_get(root, "Statement"))
        return LINT_FILE_POLICY;
    if (json_object_get(root, "steps") || json_object_get(root, "scenario"))
        return LINT_FILE_SCENARIO;
    return config_resembles(root) ? LINT_FILE_CONFIG : LINT_FILE_UNKNOWN;
}

static enum lint_file_kind check(struct checking *c, const struct json_at *root)
{
    enum lint_file_kind kind = kind_of(root->value);
    switch (kind) {
    case LINT_FILE_UNKNOWN:
        unknown(c, root);
        break;
    case LINT_FILE_POLICY:
        lint_trust_policy(c->out, root, NULL);
        break;
    case LINT_FILE_CONFIG:
        check_config(c, root);
        break;
    case LINT_FILE_SCENARIO:
        check_scenario(c, root);
        break;
    }
    return kind;
}

enum lint_file_kind lint_file(struct findings *out, struct str name, struct str text,
                              bool files_allowed)
{
    struct checking c = { .out = out, .files_allowed = files_allowed };
    struct why why = why_new(out->arena);
    enum lint_file_kind kind = LINT_FILE_UNKNOWN;
    struct json_doc *doc;

    if (failed(json_load(out->arena, &why, name, text, JSON_DUPLICATES_REFUSED, &doc))) {
        lint_refusal(out, &why);
    } else {
        struct json_at root = json_at_root(doc);
        kind = check(&c, &root);
    }
    findings_sort(out);
    return kind;
}
