#include "tests/support/runner.h"

#include "fakests/audit.h"
#include "fakests/web_identity.h"
#include "tests/support/lab.h"

/* ---- which worlds are kept alive ---- */

struct counted {
    int held;
    struct fakests_world sts;
};

static void *hold(void *world)
{
    struct counted *w = world;
    w->held++;
    return w;
}

static void drop(void *world)
{
    struct counted *w = world;
    w->held--;
}

static const struct fakests_world *sts(void *world)
{
    return &((struct counted *)world)->sts;
}

static const void *bulk(void *world)
{
    return world;
}

static const struct audit_world worlds = { hold, drop, sts, bulk };

static const struct kept {
    const char *name, *action;
    enum fault fault;
    bool token;
    int held;
} kept[] = {
    { "an exchange of a token is explained in the world it saw", "AssumeRoleWithWebIdentity",
      FAULT_NONE, true, 1 },
    { "a refused one too", "AssumeRoleWithWebIdentity", FAULT_TRUST_DENIED, true, 1 },
    { "a change of IAM lets go of its world", "TagRole", FAULT_NONE, false, 0 },
    { "a refused change too", "TagRole", FAULT_ACCESS_DENIED, false, 0 },
};

START_TEST(only_what_is_explained_by_its_world_keeps_it)
{
    const struct kept *row = &kept[_i];
    struct lab lab;
    struct counted world = { .held = 0 };
    struct web_identity_params params = { .role_arn = STR("arn:aws:iam::123456789012:role/r") };
    struct fakests_exchange x = { .action = str_of(row->action), .request_id = STR("id") };
    lab_init(&lab);
    lab_world(&lab, STR("{}"));
    world.sts = lab.world;
    x.why.fault = row->fault;
    x.web_identity = row->token ? &params : NULL;

    struct audit *audit = audit_new(&lab.service, &worlds);
    audit_add(audit, &x, &world);
    ck_assert_msg(world.held == row->held, "%s: held %d times", row->name, world.held);
    json_t *shown = audit_find(audit, lab.arena, STR("id"));
    want_str(row->name, json_str(json_object_get(shown, "action")), x.action);
    json_decref(shown);
    audit_free(audit);
    ck_assert_msg(world.held == 0, "%s: held %d times at the end", row->name, world.held);
    lab_free(&lab);
}
END_TEST

Suite *audit_suite(void);
Suite *audit_suite(void)
{
    Suite *s = suite_create("fakests/audit");
    TCase *t = tcase_create("worlds");
    tcase_add_loop_test(t, only_what_is_explained_by_its_world_keeps_it, 0,
                        sizeof kept / sizeof kept[0]);
    suite_add_tcase(s, t);
    return s;
}
