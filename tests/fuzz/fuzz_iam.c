#include "tests/fuzz/fuzz.h"

#include "base/xml.h"
#include "fakests/action.h"
#include "fakests/aws_error.h"
#include "fakests/iam/change.h"
#include "fakests/reply.h"

#include <stdlib.h>

/*
 * Any bytes as the parameters of every action, twice, by an account's root; or by the user that a
 * parameter "-as" names.  Whatever comes of it, the answer is a document; a change reads back from
 * its line of the journal as it was; and the world that it all leaves is a config, which reads as
 * the same world again: what IAM takes, a start must take too.
 */

static const char config_text[] =
    "{\"oidc_providers\":[{\"url\":\"https://i.example.com/x\",\"client_ids\":[\"a\"]}],"
    "\"roles\":[{\"name\":\"r\",\"trust_policy\":{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"sts:AssumeRole\","
    "\"sts:TagSession\",\"sts:SetSourceIdentity\"]}]}}],"
    "\"managed_policies\":[{\"name\":\"p\",\"policy\":{\"Version\":\"2012-10-17\",\"Statement\":"
    "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}}],"
    "\"users\":[{\"name\":\"u\",\"policies\":{\"p\":{\"Version\":\"2012-10-17\",\"Statement\":"
    "{\"Effect\":\"Allow\",\"Action\":[\"iam:*\",\"sts:*\"],\"Resource\":\"*\",\"Condition\":{"
    "\"StringLikeIfExists\":{\"aws:RequestTag/k\":\"${aws:username}*\"}}}}}},{\"name\":\"v\"}]}";

enum { NOW_S = 1789123721 };

struct world {
    struct arena *arena; /* owns all of this */
    struct arena *call;  /* of one call */
    struct clock clock;
    struct entropy entropy;
    struct fakests service;
    struct iam *iam; /* as it stands; held */
    struct caller caller;
};

static void want(bool holds)
{
    if (!holds)
        abort();
}

/* ---- one call ---- */

static struct outcome no_keys(void *context, void *owner, struct arena *a, struct why *why,
                              struct str issuer, bool fresh, const struct jwks **out)
{
    (void)context, (void)owner, (void)a, (void)fresh, (void)out;
    FAIL(why, KEYS_UNAVAILABLE, "%.*s has no keys here", STR_ARG(issuer));
}

static struct outcome unsigned_token(void *context, void *owner, struct arena *a, struct why *why,
                                     struct str issuer, struct str alg, struct str claims,
                                     struct str *token)
{
    (void)context, (void)owner, (void)why;
    *token = arena_join(a, issuer, STR("."), alg, claims);
    return OK;
}

static void want_same_again(struct call *c)
{
    struct iam_changes again;
    struct str line = iam_changes_write(c->arena, c->changes);
    want(str_find(line, '\n') == line.n);
    want(!failed(iam_changes_read(c->arena, c->why, STR("journal"), line, &again)));
    want(str_eq(line, iam_changes_write(c->arena, &again)));
}

static struct outcome keep(void *context, struct call *c,
                           struct outcome (*run)(struct call *c, struct str *document),
                           struct str *document)
{
    struct world *w = context;
    struct iam_changes changes = iam_changes_new(c->arena);
    c->changes = &changes;
    TRY(run(c, document));
    want_same_again(c);
    struct iam *next = iam_apply(w->iam, &changes);
    iam_drop(w->iam);
    w->iam = next;
    return OK;
}

static void check_answer(struct call *c, struct outcome o, struct str document)
{
    struct why why = why_new(c->arena);
    struct xml_node *root;
    if (failed(o)) {
        struct aws_error e = aws_error_of(c->arena, c->why, c->world->dialect, c->api);
        want(o.fault != FAULT_INTERNAL && c->why->fault == o.fault && c->why->detail.n > 0);
        want(e.status >= 400 && e.status < 600);
        document = reply_error(c->arena, &e, c->api, c->request_id);
    }
    want(!failed(xml_read(c->arena, &why, document, &root)));
}

static void run(struct world *w, const struct action *action, const struct form *form, bool check)
{
    struct arena *a = w->call;
    struct why why = why_new(a);
    struct fakests_world world = { .iam = w->iam, .region = STR("us-east-1"), .since_s = 1 };
    struct http_request request = { .arena = a, .peer = STR("127.0.0.1"), .path = STR("/") };
    struct str document = STR("");
    struct call c = { .arena = a,
                      .why = &why,
                      .service = &w->service,
                      .world = &world,
                      .request = &request,
                      .form = form,
                      .api = action->service,
                      .action = str_of(action->name),
                      .request_id = STR("00000000-0000-4000-8000-000000000000"),
                      .now_s = NOW_S,
                      .caller = w->caller };
    struct outcome o =
        action->changes ? keep(w, &c, action->run, &document) : action->run(&c, &document);
    if (check)
        check_answer(&c, o, document);
    arena_reset(a);
}

/* ---- a world ---- */

static struct iam *iam_of(struct arena *a, struct str text, bool judged)
{
    struct why why = why_new(a);
    const struct iam_options options = { .account = STR("123456789012"), .judged = judged };
    const struct json_part whole = json_part_whole(a, STR("fuzz"), text);
    struct json_parts members;
    struct iam *iam;
    want(!failed(json_part_members(a, &why, &whole, &members)));
    want(!failed(iam_read(a, &why, &members, &options, &iam)));
    return iam;
}

static struct world *world_new(void)
{
    struct arena *a = arena_new();
    struct world *w = arena_make(a, struct world);
    w->arena = a;
    w->call = arena_new();
    clock_init(&w->clock);
    clock_set(&w->clock, (int64_t)NOW_S * 1000, true);
    entropy_init_seeded(&w->entropy, 1);
    w->service.clock = &w->clock;
    w->service.entropy = &w->entropy;
    w->service.keys = (struct key_source){ no_keys, NULL };
    w->service.outbound = (struct outbound_signer){ unsigned_token, NULL };
    w->iam = iam_of(a, str_of(config_text), false);
    return w;
}

static void world_free(struct world *w)
{
    iam_drop(w->iam);
    arena_free(w->call);
    arena_free(w->arena);
}

static struct str text_of(struct arena *a, const struct iam *iam)
{
    json_t *document = json_keep(a, json_object());
    iam_write(iam, document);
    return json_text_pretty(a, document);
}

static void want_a_config(const struct world *w)
{
    struct arena *a = arena_new();
    struct str text = text_of(a, w->iam);
    for (int judged = 0; judged < 2; judged++) {
        struct iam *again = iam_of(a, text, judged);
        want(str_eq(text, text_of(a, again)));
        iam_drop(again);
    }
    arena_free(a);
}

static void set_caller(struct world *w, const struct form *form)
{
    struct str name;
    w->caller = (struct caller){ STR("123456789012"), STR("arn:aws:iam::123456789012:root"),
                                 STR("123456789012"), STR("test"), NULL };
    const struct user *user =
        form_find(form, STR("-as"), &name) ? iam_user_named(w->iam, w->caller.account, name) : NULL;
    if (user) {
        w->caller.arn = arena_str(w->arena, user->arn);
        w->caller.user_id = arena_str(w->arena, user->id);
    }
}

static bool takes_away(const struct action *action)
{
    static const struct str words[] = { STR_INIT("Delete"), STR_INIT("Detach"), STR_INIT("Remove"),
                                        STR_INIT("Untag") };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_starts(str_of(action->name), words[i]))
            return true;
    return false;
}

/* Everything, and then what makes things once more, so that they are in the world that is left. */
static void run_all(struct world *w, const struct form *form)
{
    const struct action *action;
    for (size_t i = 0; (action = action_at(i)); i++)
        run(w, action, form, takes_away(action));
    for (size_t i = 0; (action = action_at(i)); i++)
        if (!takes_away(action))
            run(w, action, form, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct world *w = world_new();
    struct why why = why_new(w->arena);
    struct form form;
    if (!failed(form_read(w->arena, &why, str_n((const char *)bytes, n), &form))) {
        set_caller(w, &form);
        run_all(w, &form);
        want_a_config(w);
    }
    world_free(w);
    return 0;
}
