#ifndef FAKESTS_TRACE_H
#define FAKESTS_TRACE_H

#include "fakests/policy/policy.h"

/*
 * What was seen on the way to an answer, written down only when somebody asks: every step that
 * takes a trace accepts NULL and then costs nothing more.
 */
struct trace_check {
    const char *name; /* kebab-case, constant: "issuer-registered" */
    bool passed;
    struct str detail; /* one sentence, or empty */
};

enum trace_signature { SIGNATURE_UNCHECKED, SIGNATURE_VALID, SIGNATURE_INVALID };

struct trace {
    struct arena *arena; /* borrowed */
    struct trace_check *checks;
    size_t n_checks, checks_capacity;
    json_t *header, *claims; /* of the token, once it could be split; borrowed */
    enum trace_signature signature;
    const struct keys *context;
    struct str *unmapped; /* claims that became no condition key */
    size_t n_unmapped;
    struct str evaluated_action; /* the one `policy` is about */
    struct policy_trace policy;
    bool has_policy;
};

struct trace trace_new(struct arena *a);
/* Notes a check that passed; its arguments are not even looked at without a trace. */
#define trace_pass(t, ...)                \
    do {                                  \
        if (t)                            \
            trace_note((t), __VA_ARGS__); \
    } while (0)
void trace_note(struct trace *t, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Notes the check that failed, with why's detail; returns the outcome, so that callers can return
 * it. */
struct outcome trace_fail(struct trace *t, const char *name, const struct why *why);

#endif
