#ifndef FAKESTS_PARAM_IAM_H
#define FAKESTS_PARAM_IAM_H

#include "fakests/param.h"

/*
 * Rows for the members that many actions have in common, so that an action's table reads as one
 * line a parameter:
 *
 *     static const struct param rows[] = {
 *         IAM_ROLE_NAME(REQUIRED, struct params, role_name),
 *         IAM_ARN("PermissionsBoundary", OPTIONAL, struct params, boundary),
 *         IAM_INTEGER("MaxSessionDuration", 3600, 43200, OPTIONAL, struct params, duration_s),
 *         IAM_TAGS(OPTIONAL, struct params, tags),
 *         PARAM_END,
 *     };
 *
 * Limits and patterns are those of the service models.  `into` is the struct that is filled, `at`
 * its member.
 */
enum { OPTIONAL, REQUIRED };

/* One of "Tags.member.N": the element is a struct tag. */
extern const struct param param_iam_tag_rows[];
/* One of "PolicyArns.member.N": the element is a struct str. */
extern const struct param param_iam_policy_arn_rows[];
/* One of "ContextEntries.member.N". */
extern const struct param param_iam_context_rows[];

struct param_iam_context {
    struct str name, type; /* p == NULL: absent */
    struct param_list values;
};

/* ---- any member of a type ---- */

#define IAM_ROW(name_, type_, need, into, at, ...)                                          \
    {                                                                                       \
        .name = (name_), .type = (type_), .required = (need), .offset = offsetof(into, at), \
        __VA_ARGS__                                                                         \
    }

/* A text; a max of 0 is none.  pattern_ is &param_pattern_... or NULL. */
#define IAM_TEXT(name_, min_, max_, pattern_, need, into, at) \
    IAM_ROW(name_, PARAM_TEXT, need, into, at, .min = (min_), .max = (max_), .pattern = (pattern_))
/* The same, its value never printed. */
#define IAM_SECRET(name_, min_, max_, pattern_, need, into, at)              \
    IAM_ROW(name_, PARAM_TEXT, need, into, at, .min = (min_), .max = (max_), \
            .pattern = (pattern_), .sensitive = true)
/* One of some words: IAM_ENUM("Status", "Active, Inactive", ...). */
#define IAM_ENUM(name_, values_, need, into, at) \
    IAM_ROW(name_, PARAM_TEXT, need, into, at, .values = (values_))
#define IAM_INTEGER(name_, min_, max_, need, into, at) \
    IAM_ROW(name_, PARAM_INTEGER, need, into, at, .min = (min_), .max = (max_))
#define IAM_BOOLEAN(name_, need, into, at) IAM_ROW(name_, PARAM_BOOLEAN, need, into, at, .max = 0)
/* A list of at most n_max texts (0: any number), each of min_ to max_ characters. */
#define IAM_TEXTS(name_, n_max, min_, max_, pattern_, need, into, at)                  \
    IAM_ROW(name_, PARAM_TEXTS, need, into, at, .max = (n_max), .element_min = (min_), \
            .element_max = (max_), .pattern = (pattern_))
/* A list of some words. */
#define IAM_ENUMS(name_, values_, need, into, at) \
    IAM_ROW(name_, PARAM_TEXTS, need, into, at, .values = (values_))
/* A list of at most n_max structs of a type, as the rows say. */
#define IAM_STRUCTS(name_, n_max, rows, element, need, into, at)                     \
    IAM_ROW(name_, PARAM_STRUCTS, need, into, at, .max = (n_max), .members = (rows), \
            .element_bytes = sizeof(element))

/* ---- shapes that have several names ---- */
#define IAM_NAME(name_, max_, need, into, at) \
    IAM_TEXT(name_, 1, max_, &param_pattern_name, need, into, at)
#define IAM_ARN(name_, need, into, at) IAM_TEXT(name_, 20, 2048, NULL, need, into, at)
#define IAM_DOCUMENT(name_, need, into, at) \
    IAM_TEXT(name_, 1, 131072, &param_pattern_document, need, into, at)
#define IAM_DOCUMENTS(name_, need, into, at) \
    IAM_TEXTS(name_, 0, 1, 131072, &param_pattern_document, need, into, at)
#define IAM_RESOURCE_NAME(name_, need, into, at) IAM_TEXT(name_, 1, 2048, NULL, need, into, at)

/* ---- members by their name ---- */
#define IAM_ROLE_NAME(need, into, at) IAM_NAME("RoleName", 64, need, into, at)
#define IAM_USER_NAME(need, into, at) IAM_NAME("UserName", 64, need, into, at) /* userNameType */
#define IAM_EXISTING_USER_NAME(need, into, at) \
    IAM_NAME("UserName", 128, need, into, at) /* existingUserNameType */
#define IAM_GROUP_NAME(need, into, at)  IAM_NAME("GroupName", 128, need, into, at)
#define IAM_POLICY_NAME(need, into, at) IAM_NAME("PolicyName", 128, need, into, at)
#define IAM_INSTANCE_PROFILE_NAME(need, into, at) \
    IAM_NAME("InstanceProfileName", 128, need, into, at)
#define IAM_POLICY_ARN(need, into, at)   IAM_ARN("PolicyArn", need, into, at)
#define IAM_PROVIDER_ARN(need, into, at) IAM_ARN("OpenIDConnectProviderArn", need, into, at)
#define IAM_CLIENT_ID(need, into, at)    IAM_TEXT("ClientID", 1, 255, NULL, need, into, at)
#define IAM_ACCESS_KEY_ID(need, into, at) \
    IAM_TEXT("AccessKeyId", 16, 128, &param_pattern_id, need, into, at)
#define IAM_VERSION_ID(need, into, at) \
    IAM_TEXT("VersionId", 0, 0, &param_pattern_version_id, need, into, at)
#define IAM_PATH(into, at) IAM_TEXT("Path", 1, 512, &param_pattern_path, OPTIONAL, into, at)
#define IAM_POLICY_PATH(into, at) \
    IAM_TEXT("Path", 1, 512, &param_pattern_policy_path, OPTIONAL, into, at)
#define IAM_PATH_PREFIX(into, at) \
    IAM_TEXT("PathPrefix", 1, 512, &param_pattern_path_prefix, OPTIONAL, into, at)
#define IAM_DESCRIPTION(need, into, at) \
    IAM_TEXT("Description", 0, 1000, &param_pattern_description, need, into, at)
#define IAM_MARKER(into, at)    IAM_TEXT("Marker", 1, 320, &param_pattern_marker, OPTIONAL, into, at)
#define IAM_MAX_ITEMS(into, at) IAM_INTEGER("MaxItems", 1, 1000, OPTIONAL, into, at)
#define IAM_TAGS(need, into, at) \
    IAM_STRUCTS("Tags", 50, param_iam_tag_rows, struct tag, need, into, at)
#define IAM_TAG_KEYS(need, into, at) \
    IAM_TEXTS("TagKeys", 50, 1, 128, &param_pattern_tag_key, need, into, at)
#define IAM_CLIENT_IDS(need, into, at)   IAM_TEXTS("ClientIDList", 0, 1, 255, NULL, need, into, at)
#define IAM_THUMBPRINTS(need, into, at)  IAM_TEXTS("ThumbprintList", 0, 40, 40, NULL, need, into, at)
#define IAM_ACTION_NAMES(need, into, at) IAM_TEXTS("ActionNames", 0, 3, 128, NULL, need, into, at)
#define IAM_RESOURCE_ARNS(need, into, at) \
    IAM_TEXTS("ResourceArns", 0, 1, 2048, NULL, need, into, at)
#define IAM_CONTEXT_ENTRIES(into, at)                                                            \
    IAM_STRUCTS("ContextEntries", 0, param_iam_context_rows, struct param_iam_context, OPTIONAL, \
                into, at)

/* ---- of STS ---- */
#define STS_ROLE_ARN(name_, need, into, at) \
    IAM_TEXT(name_, 20, 2048, &param_pattern_arn, need, into, at)
#define STS_SESSION_NAME(name_, max_, need, into, at) \
    IAM_TEXT(name_, 2, max_, &param_pattern_session_name, need, into, at)
#define STS_POLICY(max_, into, at) \
    IAM_TEXT("Policy", 1, max_, &param_pattern_policy, OPTIONAL, into, at)
#define STS_POLICY_ARNS(into, at) \
    IAM_STRUCTS("PolicyArns", 10, param_iam_policy_arn_rows, struct str, OPTIONAL, into, at)
#define STS_DURATION(min_, max_, into, at) \
    IAM_INTEGER("DurationSeconds", min_, max_, OPTIONAL, into, at)
#define STS_SERIAL_NUMBER(into, at) \
    IAM_TEXT("SerialNumber", 9, 256, &param_pattern_serial_number, OPTIONAL, into, at)
#define STS_TOKEN_CODE(into, at) \
    IAM_TEXT("TokenCode", 6, 6, &param_pattern_token_code, OPTIONAL, into, at)
#define STS_EXTERNAL_ID(into, at) \
    IAM_TEXT("ExternalId", 2, 1224, &param_pattern_external_id, OPTIONAL, into, at)
#define STS_TRANSITIVE_TAG_KEYS(into, at) \
    IAM_TEXTS("TransitiveTagKeys", 50, 1, 128, &param_pattern_tag_key, OPTIONAL, into, at)

#endif
