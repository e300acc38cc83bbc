#ifndef TESTS_FAKESTS_ACTIONS_REPLY_TEXT_H
#define TESTS_FAKESTS_ACTIONS_REPLY_TEXT_H

#include "tests/fakests/iam_fixture.h"

/* The envelope of IAM's replies, for tests that compare whole bodies. */

#define IAM_XMLNS "https://iam.amazonaws.com/doc/2010-05-08/"
#define REPLY_END(action)                                     \
    "  <ResponseMetadata>\n"                                  \
    "    <RequestId>" IAM_FIXTURE_REQUEST_ID "</RequestId>\n" \
    "  </ResponseMetadata>\n"                                 \
    "</" action "Response>\n"
/* Of an action that tells nothing. */
#define REPLY_EMPTY(action) "<" action "Response xmlns=\"" IAM_XMLNS "\">\n" REPLY_END(action)
/* inner: lines indented by four, each with its newline. */
#define REPLY_RESULT(action, inner)                  \
    "<" action "Response xmlns=\"" IAM_XMLNS "\">\n" \
    "  <" action "Result>\n" inner "  </" action "Result>\n" REPLY_END(action)

/* Parameters of a call, for rows of tables: P("Action=GetUser", "UserName=ann"). */
#define P(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif
