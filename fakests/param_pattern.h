#ifndef FAKESTS_PARAM_PATTERN_H
#define FAKESTS_PARAM_PATTERN_H

#include "base/str.h"

/*
 * What a text may consist of: the regular expression as AWS prints it, and its meaning.  The
 * expressions are those of the service models; \w and \d are ASCII, as in Java.
 */
struct param_pattern {
    const char *printed;
    bool (*allows)(uint32_t character);
    bool at_least_one;              /* "+" rather than "*" */
    bool (*whole)(struct str text); /* in place of the two, where characters alone do not tell */
};

/* text is valid UTF-8. */
bool param_pattern_matches(const struct param_pattern *pattern, struct str text);

/* ---- of both services ---- */
extern const struct param_pattern param_pattern_policy;    /* [\u0009\u000A\u000D\u0020-\u00FF]+ */
extern const struct param_pattern param_pattern_tag_key;   /* [\p{L}\p{Z}\p{N}_.:/=+\-@]+ */
extern const struct param_pattern param_pattern_tag_value; /* [\p{L}\p{Z}\p{N}_.:/=+\-@]* */

/* ---- of STS ---- */
/* [\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-...\u10FFFF]+; ARNs of IAM have no pattern */
extern const struct param_pattern param_pattern_arn;
extern const struct param_pattern param_pattern_session_name;  /* [\w+=,.@-]* */
extern const struct param_pattern param_pattern_word;          /* [\w]* */
extern const struct param_pattern param_pattern_external_id;   /* [\w+=,.@:\/-]* */
extern const struct param_pattern param_pattern_serial_number; /* [\w+=/:,.@-]* */
extern const struct param_pattern param_pattern_token_code;    /* [\d]* */

/* ---- of IAM ---- */
extern const struct param_pattern param_pattern_name; /* [\w+=,.@-]+ */
extern const struct param_pattern param_pattern_id;   /* [\w]+ */
/* [\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+, as policies are observed to be checked */
extern const struct param_pattern param_pattern_document;
extern const struct param_pattern param_pattern_description; /* the same with "*" */
extern const struct param_pattern param_pattern_marker;      /* [\u0020-\u00FF]+ */
extern const struct param_pattern param_pattern_path; /* (\u002F)|(\u002F[\u0021-\u007E]+\u002F) */
extern const struct param_pattern param_pattern_policy_path;    /* ((/[A-Za-z0-9\.,\+@=_-]+)*)/ */
extern const struct param_pattern param_pattern_path_prefix;    /* \u002F[\u0021-\u007F]* */
extern const struct param_pattern param_pattern_version_id;     /* v[1-9][0-9]*(\.[A-Za-z0-9-]*)? */
extern const struct param_pattern param_pattern_mfa_serial;     /* [\w+=/:,.@-]+ */
extern const struct param_pattern param_pattern_mfa_code;       /* [\d]+ */
extern const struct param_pattern param_pattern_namespace;      /* [\w-]* */
extern const struct param_pattern param_pattern_saml_name;      /* [\w._-]+ */
extern const struct param_pattern param_pattern_private_key_id; /* [A-Z0-9]+ */
/* ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$ */
extern const struct param_pattern param_pattern_account_alias;

#endif
