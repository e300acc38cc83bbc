#ifndef TESTS_FAKESTS_ACTIONS_SEQUENCE_H
#define TESTS_FAKESTS_ACTIONS_SEQUENCE_H

#include "tests/fakests/actions/reply_text.h"
#include "tests/support/runner.h"

/*
 * Calls one after the other in one world: what the first made, the next finds.  In bodies a unique
 * id that was made by chance stands as its prefix and seventeen '#'.
 */
#define SEQUENCE_ID(prefix) prefix "#################"
enum { SEQUENCE_ID_TAIL = 17 };

struct sequence_step {
    const char *what;
    const char *const *parameters;
    const char *body; /* of a success, to the letter; NULL: not looked at */
    int status;       /* of a refusal; 0: success */
    const char *code, *message;
};

/* The text of <RoleId> and the like, where it is of the default account. */
static inline struct str sequence_masked(struct arena *a, struct str body)
{
    static const struct str heads[] = { STR_INIT(">AROARZPUZDIK"), STR_INIT(">ANPARZPUZDIK") };
    char *p = arena_cstr(a, body);
    for (size_t i = 0; i < body.n; i++)
        for (size_t j = 0; j < sizeof heads / sizeof heads[0]; j++)
            if (str_starts(str_sub(body, i, body.n), heads[j]))
                memset(p + i + 5, '#', SEQUENCE_ID_TAIL);
    return str_n(p, body.n);
}

/* Each as root. */
static inline void sequence_run(struct iam_fixture *f, const struct sequence_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct sequence_step *s = &steps[i];
        struct iam_fixture_reply r =
            iam_fixture_send(f, SERVICE_IAM, &iam_fixture_root, s->parameters);
        iam_fixture_want(&r, s->what, s->status ? s->status : 200, s->code ? s->code : "",
                         s->message);
        if (s->body)
            want_str(s->what, sequence_masked(f->arena, r.body), str_of(s->body));
    }
}

#endif
