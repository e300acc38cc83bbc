#ifndef FAKESTS_HINTS_FAMILIES_H
#define FAKESTS_HINTS_FAMILIES_H

#include "fakests/hints/rule.h"

/* The rules, each family in the file it is named after.  What each is about says hints.c. */

hint_of_case provider_in_other_account, provider_slash, provider_case, provider_port,
    provider_misspelt, provider_missing;

hint_of_case audience_azp_unregistered, audience_pulumi_unregistered, audience_misspelt,
    audience_missing;
hint_of_clause audience_azp, audience_pulumi;

hint_of_case role_in_other_account, role_path, role_misspelt, role_session_arn, role_of_others;

hint_of_case time_expired, time_skew;
hint_of_case duration_over_maximum, duration_raise;

hint_of_statement deny_explicit;

hint_of_statement principal_other_account, principal_scheme, principal_slash, principal_case,
    principal_path, principal_misspelt, principal_anyone, principal_aws;

hint_of_statement action_not_web_identity, action_missing, action_tag_session,
    action_source_identity;

hint_of_clause key_scheme, key_slash, key_other_issuer, key_principal_tag, key_iss, key_azp,
    key_vcs, key_never_filled, key_misspelt, key_absent;

hint_of_clause list_scalar, list_tag_case, list_for_all_values;

hint_of_clause value_wildcard, value_circleci_v2, value_circleci_v1, value_github_immutable,
    value_pulumi_yaml, value_case, value_differs;

hint_of_statement loose_subject;
hint_of_clause loose_if_exists;

#endif
