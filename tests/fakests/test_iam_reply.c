#include "tests/fakests/iam_fixture.h"
#include "tests/support/runner.h"

#include "base/map.h"
#include "base/text.h"
#include "fakests/iam/ids.h"
#include "fakests/iam_reply.h"

static struct arena *a;
static struct why why;
static struct entropy entropy;
static struct fakests service;
static struct fakests_world world;
static struct call c;

static void set_up(void)
{
    a = arena_new();
    why = why_new(a);
    entropy_init_seeded(&entropy, 1);
    service.entropy = &entropy;
    world.since_s = 1789128000;
    c = (struct call){ .arena = a,
                       .why = &why,
                       .service = &service,
                       .world = &world,
                       .api = SERVICE_IAM,
                       .request_id = STR("00000000-0000-4000-8000-000000000000"),
                       .caller = { .account = STR("123456789012") } };
}

static void tear_down(void)
{
    arena_free(a);
}

/* ---- replies ---- */

START_TEST(an_action_that_tells_nothing_has_metadata_only)
{
    want_str("reply", iam_reply_empty(&c, "DeleteRole"),
             STR("<DeleteRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
                 "  <ResponseMetadata>\n"
                 "    <RequestId>00000000-0000-4000-8000-000000000000</RequestId>\n"
                 "  </ResponseMetadata>\n"
                 "</DeleteRoleResponse>\n"));
}
END_TEST

START_TEST(tags_are_told_in_their_order_and_none_too)
{
    const struct tag tags[] = { { STR("b"), STR("1 & 2") }, { STR("a"), STR("") } };
    struct text t = text_new(a, 1024);
    struct xml x = xml_new(&t);
    iam_reply_tags(&x, tags, 2);
    iam_reply_tags(&x, NULL, 0);
    want_str("tags", text_str(&t),
             STR("<Tags>\n  <member>\n    <Key>b</Key>\n    <Value>1 &amp; 2</Value>\n"
                 "  </member>\n  <member>\n    <Key>a</Key>\n    <Value/>\n  </member>\n"
                 "</Tags>\n<Tags/>\n"));
}
END_TEST

START_TEST(a_document_is_percent_encoded_with_20_for_a_space)
{
    struct text t = text_new(a, 1024);
    struct xml x = xml_new(&t);
    iam_reply_document(&x, "PolicyDocument", STR("{\"a b\":\"*~-._/+\"}"));
    want_str("document", text_str(&t),
             STR("<PolicyDocument>%7B%22a%20b%22%3A%22%2A~-._%2F%2B%22%7D</PolicyDocument>\n"));
}
END_TEST

START_TEST(what_has_no_time_is_as_old_as_the_world)
{
    struct text t = text_new(a, 1024);
    struct xml x = xml_new(&t);
    iam_reply_time(&c, &x, "A", 1);
    iam_reply_time(&c, &x, "B", 0);
    iam_reply_time_ms(&c, &x, "C", 1001);
    iam_reply_time_ms(&c, &x, "D", 0);
    want_str("times", text_str(&t),
             STR("<A>1970-01-01T00:00:01Z</A>\n<B>2026-09-11T12:00:00Z</B>\n"
                 "<C>1970-01-01T00:00:01.001Z</C>\n<D>2026-09-11T12:00:00.000Z</D>\n"));
}
END_TEST

START_TEST(a_world_is_as_old_as_its_config)
{
    struct iam_fixture *f =
        iam_fixture_new("{\"users\":[{\"name\":\"new\"},{\"name\":\"old\",\"created\":"
                        "\"2020-02-02T02:02:02Z\"}]}");
    clock_advance(&f->clock, 60 * 1000);
    struct iam_fixture_reply r =
        iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetUser", "UserName=new", NULL);
    want_str("new", iam_fixture_text(&r, "GetUserResult/User/CreateDate"), STR(IAM_FIXTURE_TIME));
    r = iam_fixture_call(f, SERVICE_IAM, &iam_fixture_root, "Action=GetUser", "UserName=old", NULL);
    want_str("old", iam_fixture_text(&r, "GetUserResult/User/CreateDate"),
             STR("2020-02-02T02:02:02Z"));
    iam_fixture_free(f);
}
END_TEST

START_TEST(new_ids_are_the_accounts_and_each_is_another)
{
    struct map seen = map_new(a);
    struct str account;
    for (int i = 0; i < 100; i++) {
        struct str id = iam_new_id(&c, "AROA");
        ck_assert_uint_eq(id.n, ID_UNIQUE_CHARACTERS);
        ck_assert(str_starts(id, STR("AROA")) && iam_id_account(a, id, &account));
        want_str("account", account, STR("123456789012"));
        ck_assert(!map_get(&seen, id));
        map_put(&seen, id, &c);
    }
}
END_TEST

/* ---- tags of a request ---- */

static const struct tag_row {
    const char *name;
    struct tag tags[3];
    bool fold;
    enum fault fault;
    const char *message;
} tag_rows[] = {
    { "different keys are taken",
      { { STR_INIT("a"), STR_INIT("") }, { STR_INIT("b"), STR_INIT("") } },
      true,
      FAULT_NONE,
      NULL },
    { "a key twice is refused",
      { { STR_INIT("a"), STR_INIT("1") },
        { STR_INIT("b"), STR_INIT("") },
        { STR_INIT("a"), STR_INIT("1") } },
      true,
      FAULT_INPUT_INVALID,
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
    { "in another case too, where case does not count",
      { { STR_INIT("Key"), STR_INIT("") }, { STR_INIT("kEY"), STR_INIT("") } },
      true,
      FAULT_INPUT_INVALID,
      "Duplicate tag keys found. Please note that Tag keys are case insensitive." },
    { "where case counts it is another key",
      { { STR_INIT("Key"), STR_INIT("") }, { STR_INIT("kEY"), STR_INIT("") } },
      false,
      FAULT_NONE,
      NULL },
    { "where case counts the same key twice is refused",
      { { STR_INIT("Key"), STR_INIT("") }, { STR_INIT("Key"), STR_INIT("") } },
      false,
      FAULT_INPUT_INVALID,
      "Duplicate tag keys found." },
    { "AWS's keys are refused",
      { { STR_INIT("aws:x"), STR_INIT("") } },
      true,
      FAULT_INPUT_INVALID,
      "aws: prefixed tag key names are not allowed for external use." },
    { "in any case",
      { { STR_INIT("AwS:"), STR_INIT("") } },
      false,
      FAULT_INPUT_INVALID,
      "aws: prefixed tag key names are not allowed for external use." },
    { "AWS's values are refused",
      { { STR_INIT("x"), STR_INIT("aws:x") } },
      true,
      FAULT_INPUT_INVALID,
      "aws: prefixed tag key names are not allowed for external use." },
    { "what only begins alike is taken",
      { { STR_INIT("aws"), STR_INIT("aws") }, { STR_INIT("aws-x"), STR_INIT("awsx:") } },
      true,
      FAULT_NONE,
      NULL },
};

START_TEST(tags_are_judged_as_iam_judges_them)
{
    const struct tag_row *row = &tag_rows[_i];
    size_t n = 0;
    while (n < 3 && row->tags[n].key.n)
        n++;
    struct outcome o = iam_tags_check(&c, row->tags, n, row->fold);
    ck_assert_msg(o.fault == row->fault, "%s: %s", row->name, fault_reason(o.fault));
    if (row->message)
        want_str(row->name, why.arg[0], str_of(row->message));
}
END_TEST

START_TEST(an_entity_has_fifty_tags_at_most)
{
    struct tag tags[51];
    for (size_t i = 0; i < 51; i++)
        tags[i] = (struct tag){ arena_printf(a, "k%zu", i), STR("") };
    ck_assert(!failed(iam_tags_check(&c, tags, 50, true)));
    ck_assert_int_eq(iam_tags_check(&c, tags, 51, true).fault, FAULT_QUOTA_EXCEEDED);
    want_str("message", why.arg[0], STR("The number of tags has reached the maximum limit."));
}
END_TEST

START_TEST(a_quota_may_be_reached_but_not_exceeded)
{
    ck_assert(!failed(iam_quota(&c, "PoliciesPerRole", 10, 10)));
    ck_assert_int_eq(iam_quota(&c, "PoliciesPerRole", 11, 10).fault, FAULT_QUOTA_EXCEEDED);
    want_str("message", why.arg[0], STR("Cannot exceed quota for PoliciesPerRole: 10"));
}
END_TEST

/* ---- tags of an entity: "key=value,..." ---- */

static struct tag *tags_of(const char *text, size_t *n)
{
    struct str rest = str_of(text);
    struct tag *tags = arena_array(a, struct tag, rest.n + 1);
    for (*n = 0; rest.n; (*n)++) {
        tags[*n].value = str_cut(&rest, ',');
        tags[*n].key = str_cut(&tags[*n].value, '=');
    }
    return tags;
}

static struct str text_of(const struct tag *tags, size_t n)
{
    struct text t = text_new(a, 1024);
    for (size_t i = 0; i < n; i++)
        text_printf(&t, "%s%.*s=%.*s", i ? "," : "", STR_ARG(tags[i].key), STR_ARG(tags[i].value));
    return text_str(&t);
}

static const struct {
    const char *name, *tags, *more;
    bool fold;
    const char *all;
} put_rows[] = {
    { "nothing put into nothing", "", "", true, "" },
    { "the first ones", "", "a=1,b=2", true, "a=1,b=2" },
    { "nothing put", "a=1", "", true, "a=1" },
    { "a new one stands behind", "b=1", "a=2", true, "b=1,a=2" },
    { "one of that key keeps its place", "a=1,b=2", "a=3", true, "a=3,b=2" },
    { "and is spelled as the new one", "Key=1,b=2", "kEY=3", true, "kEY=3,b=2" },
    { "where case counts it is another", "Key=1", "kEY=3", false, "Key=1,kEY=3" },
    { "some of both", "a=1,b=2,c=3", "d=4,B=5,e=6", true, "a=1,B=5,c=3,d=4,e=6" },
};

START_TEST(tags_are_put_into_a_list)
{
    size_t n, n_more, n_all;
    struct tag *tags = tags_of(put_rows[_i].tags, &n), *more = tags_of(put_rows[_i].more, &n_more);
    struct tag *all = iam_tags_put(a, tags, n, more, n_more, put_rows[_i].fold, &n_all);
    want_str(put_rows[_i].name, text_of(all, n_all), str_of(put_rows[_i].all));
    want_str("the list it was", text_of(tags, n), str_of(put_rows[_i].tags));
}
END_TEST

static const struct {
    const char *name, *tags, *keys;
    bool fold;
    const char *left;
} remove_rows[] = {
    { "nothing of nothing", "", "", true, "" },
    { "nothing", "a=1", "", true, "a=1" },
    { "one in the middle", "a=1,b=2,c=3", "b", true, "a=1,c=3" },
    { "in any case", "Key=1,b=2", "kEY", true, "b=2" },
    { "in its own case where that counts", "Key=1,key=2", "key", false, "Key=1" },
    { "one that is not there", "a=1", "x", true, "a=1" },
    { "one of them twice, and all", "a=1,b=2", "b,a,b", true, "" },
};

START_TEST(tags_are_taken_out_of_a_list)
{
    size_t n, n_keys, n_left;
    struct tag *tags = tags_of(remove_rows[_i].tags, &n);
    struct tag *named = tags_of(remove_rows[_i].keys, &n_keys);
    struct str *keys = arena_array(a, struct str, n_keys + 1);
    for (size_t i = 0; i < n_keys; i++)
        keys[i] = named[i].key;
    struct tag *left = iam_tags_remove(a, tags, n, keys, n_keys, remove_rows[_i].fold, &n_left);
    want_str(remove_rows[_i].name, text_of(left, n_left), str_of(remove_rows[_i].left));
    want_str("the list it was", text_of(tags, n), str_of(remove_rows[_i].tags));
}
END_TEST

/* ---- trust policies ---- */

static const struct {
    const char *name, *given, *kept;
} trust_rows[] = {
    { "blanks go", "{ \"Version\" : \"2012-10-17\" , \"Statement\" : [ ] }",
      "{\"Version\":\"2012-10-17\",\"Statement\":[]}" },
    { "a statement's elements have their order",
      "{\"Statement\":[{\"Condition\":{\"Bool\":{\"a\":\"true\"}},\"Action\":\"sts:AssumeRole\","
      "\"Principal\":{\"AWS\":\"*\"},\"Effect\":\"Allow\",\"Sid\":\"one\"}]}",
      "{\"Statement\":[{\"Sid\":\"one\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},"
      "\"Action\":\"sts:AssumeRole\",\"Condition\":{\"Bool\":{\"a\":\"true\"}}}]}" },
    { "one that is there keeps no place for those that are not",
      "{\"Statement\":[{\"NotAction\":\"a\",\"Effect\":\"Deny\",\"NotPrincipal\":\"*\"}]}",
      "{\"Statement\":[{\"Effect\":\"Deny\",\"NotPrincipal\":\"*\",\"NotAction\":\"a\"}]}" },
    { "what has no place there stands behind",
      "{\"Statement\":{\"X\":1,\"Effect\":\"Allow\",\"A\":2}}",
      "{\"Statement\":{\"Effect\":\"Allow\",\"X\":1,\"A\":2}}" },
    { "a single statement stays one", "{\"Statement\":{\"Action\":\"a\",\"Effect\":\"Allow\"}}",
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a\"}}" },
    { "the document's own members stay in their order",
      "{\"Statement\":[],\"Id\":\"x\",\"Version\":\"2012-10-17\"}",
      "{\"Statement\":[],\"Id\":\"x\",\"Version\":\"2012-10-17\"}" },
    { "what is inside the elements stays in its order",
      "{\"Statement\":{\"Principal\":{\"Service\":\"b\",\"AWS\":[\"d\",\"c\"]},\"Effect\":"
      "\"Allow\"}}",
      "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"b\",\"AWS\":[\"d\",\"c\"]}"
      "}}" },
    { "statements stay in theirs", "{\"Statement\":[{\"Sid\":\"b\"},{\"Sid\":\"a\"}]}",
      "{\"Statement\":[{\"Sid\":\"b\"},{\"Sid\":\"a\"}]}" },
};

START_TEST(a_trust_policy_is_kept_in_one_spelling)
{
    json_t *given = json_keep(a, json_loads(trust_rows[_i].given, 0, NULL));
    struct str before = json_text(a, given);
    want_str(trust_rows[_i].name, iam_trust_canonical(a, given), str_of(trust_rows[_i].kept));
    want_str("what was given", json_text(a, given), before);
    json_t *kept = json_keep(a, json_loads(trust_rows[_i].kept, 0, NULL));
    ck_assert_msg(json_equal(given, kept), "%s", "it means something else");
}
END_TEST

Suite *iam_reply_suite(void);

Suite *iam_reply_suite(void)
{
    Suite *s = suite_create("iam_reply");
    TCase *t = tcase_create("iam_reply");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, an_action_that_tells_nothing_has_metadata_only);
    tcase_add_test(t, tags_are_told_in_their_order_and_none_too);
    tcase_add_test(t, a_document_is_percent_encoded_with_20_for_a_space);
    tcase_add_test(t, what_has_no_time_is_as_old_as_the_world);
    tcase_add_test(t, a_world_is_as_old_as_its_config);
    tcase_add_test(t, new_ids_are_the_accounts_and_each_is_another);
    tcase_add_loop_test(t, tags_are_judged_as_iam_judges_them, 0,
                        sizeof tag_rows / sizeof tag_rows[0]);
    tcase_add_test(t, an_entity_has_fifty_tags_at_most);
    tcase_add_test(t, a_quota_may_be_reached_but_not_exceeded);
    tcase_add_loop_test(t, tags_are_put_into_a_list, 0, sizeof put_rows / sizeof put_rows[0]);
    tcase_add_loop_test(t, tags_are_taken_out_of_a_list, 0,
                        sizeof remove_rows / sizeof remove_rows[0]);
    tcase_add_loop_test(t, a_trust_policy_is_kept_in_one_spelling, 0,
                        sizeof trust_rows / sizeof trust_rows[0]);
    suite_add_tcase(s, t);
    return s;
}
