#ifndef FAKESTS_IAM_REPLY_H
#define FAKESTS_IAM_REPLY_H

#include "fakests/iam/change.h"
#include "fakests/page.h"
#include "fakests/reply.h"

/*
 * What replies and refusals of IAM actions have in common (aws.md section 7).
 */

/* <Tags><member><Key/><Value/></member>...</Tags>, in the order given; written even when empty. */
void iam_reply_tags(struct xml *x, const struct tag *tags, size_t n);
/* A policy document, percent-encoded by RFC 3986: a space is %20. */
void iam_reply_document(struct xml *x, const char *name, struct str text);
/* Whole seconds, "2026-09-11T12:00:00Z"; 0 is told as the time the world came into force. */
void iam_reply_time(struct call *c, struct xml *x, const char *name, int64_t epoch_s);
/* With milliseconds, as OIDC providers have it. */
void iam_reply_time_ms(struct call *c, struct xml *x, const char *name, int64_t epoch_ms);

/* The reply of an action that tells nothing: ResponseMetadata only. */
struct str iam_reply_empty(struct call *c, const char *action);

/* A fresh unique id of the caller's account: "AROA", "AIDA", "ANPA", ... */
struct str iam_new_id(struct call *c, const char *prefix);

/*
 * Tags as a request gives them, judged as IAM judges them after authorization: duplicate keys
 * ("Duplicate tag keys found. ..."), keys and values that begin with "aws:", more than 50 (what a
 * Tag action would lead to is judged again after iam_tags_put); `fold` as there.  Fails with
 * INPUT_INVALID or QUOTA_EXCEEDED.
 */
OUTCOME iam_tags_check(struct call *c, const struct tag *tags, size_t n, bool fold);

/* n is how many there would be.  Over the quota is LimitExceeded "Cannot exceed quota for WHAT:
 * MAX". */
OUTCOME iam_quota(struct call *c, const char *what, size_t n, size_t max);

#endif
