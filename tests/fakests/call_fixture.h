#ifndef TESTS_FAKESTS_CALL_FIXTURE_H
#define TESTS_FAKESTS_CALL_FIXTURE_H

#include "fakests/call.h"
#include "tests/support/lab.h"

/*
 * A call with everything a step may look at, in a world of one account: the root's key "test",
 * whose secret is "test", and the key of the user "alice".  Time stands at FIXTURE_NOW_S,
 * randomness is seeded.
 */
#define FIXTURE_ACCOUNT      "123456789012"
#define FIXTURE_ALICE_KEY    "AKIAUNDERSTUDYTESTS1"
#define FIXTURE_ALICE_SECRET "understudy/test+secret/0123456789abcdefgh"
enum { FIXTURE_NOW_S = 1789128000 }; /* 2026-09-11T12:00:00Z */

struct call_fixture {
    struct arena *arena;
    struct why why;
    struct clock clock;
    struct entropy entropy;
    struct fakests service;
    struct fakests_world world;
    struct http_request request;
    struct form form;
    struct call call;
};

static inline struct call_fixture *call_fixture_new(void)
{
    struct arena *a = arena_new();
    struct call_fixture *f = arena_make(a, struct call_fixture);
    f->arena = a;
    f->why = why_new(a);
    clock_init(&f->clock);
    clock_set(&f->clock, (int64_t)FIXTURE_NOW_S * 1000, true);
    entropy_init_seeded(&f->entropy, 1);
    memset(f->service.sealing.bytes, 7, sizeof f->service.sealing.bytes);
    f->service.clock = &f->clock;
    f->service.entropy = &f->entropy;
    f->service.signing_time_is_clock = true;
    f->world.iam = lab_iam(a, STR("{\"users\":[{\"name\":\"alice\"}],\"credentials\":["
                                  "{\"access_key_id\":\"test\",\"secret_access_key\":\"test\"},"
                                  "{\"access_key_id\":\"" FIXTURE_ALICE_KEY
                                  "\",\"secret_access_key\":\"" FIXTURE_ALICE_SECRET
                                  "\",\"user\":\"alice\"}]}"));
    f->world.region = STR("us-east-1");
    f->request.arena = a;
    f->call = (struct call){ .arena = a,
                             .why = &f->why,
                             .service = &f->service,
                             .world = &f->world,
                             .request = &f->request,
                             .form = &f->form,
                             .api = SERVICE_STS,
                             .request_id = STR("00000000-0000-4000-8000-000000000000"),
                             .now_s = FIXTURE_NOW_S };
    return f;
}

static inline void call_fixture_free(struct call_fixture *f)
{
    arena_free(f->arena);
}

#endif
