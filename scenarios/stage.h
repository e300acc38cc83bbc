#ifndef SCENARIOS_STAGE_H
#define SCENARIOS_STAGE_H

#include "http/client.h"
#include "scenarios/scenario.h"

/*
 * Where a scenario is played: a world of its own in this process, or a server that is reached by
 * HTTP.  Both are spoken to in the same requests, those of docs/control.md and of the Query
 * protocol, so that there is one way of playing a step.
 */
struct stage_request {
    struct str method, path; /* "/_understudy/clock" */
    bool iam;                /* a call of IAM: AWS has it at a host of its own */
    struct str content_type, body;
    struct http_header *headers; /* beside those; may be NULL */
    size_t n_headers;
};

struct stage_answer {
    bool lost; /* dropped or cut: nothing else is known */
    int status;
    struct str body;
    struct str request_id, reason; /* x-amzn-requestid, x-understudy-reason, or empty */
};

struct stage {
    void *context;
    /* One request.  A lost answer is an answer; fails with PEER_UNREACHABLE, PEER_UNINTELLIGIBLE.
     */
    OUTCOME(*send)
    (void *context, struct arena *a, struct why *why, const struct stage_request *request,
     struct stage_answer *out);
    struct str host, iam_host; /* what calls are signed for, of STS and of IAM */
    bool controlled;           /* understudy's control side is there */
    bool clock_signs;          /* signatures carry the scenario's time, else the machine's */
};

/* The credentials of the environment, for a stage that is real AWS. */
#define STAGE_ENVIRONMENT "environment"

#endif
