#include "fakests/param_iam.h"

#include "fakests/iam/store.h"

/* The value is told before the key, as observed of TagUser. */
const struct param param_iam_tag_rows[] = {
    IAM_TEXT("Value", 0, 256, &param_pattern_tag_value, REQUIRED, struct tag, value),
    IAM_TEXT("Key", 1, 128, &param_pattern_tag_key, REQUIRED, struct tag, key),
    PARAM_END,
};

const struct param param_iam_policy_arn_rows[] = {
    { .name = "arn",
      .type = PARAM_TEXT,
      .required = true,
      .min = 20,
      .max = 2048,
      .pattern = &param_pattern_arn },
    PARAM_END,
};

#define CONTEXT_TYPES                                                                      \
    "string, stringList, numeric, numericList, boolean, booleanList, ip, ipList, binary, " \
    "binaryList, date, dateList"

const struct param param_iam_context_rows[] = {
    IAM_TEXT("ContextKeyName", 5, 256, NULL, OPTIONAL, struct param_iam_context, name),
    IAM_TEXTS("ContextKeyValues", 0, 0, 0, NULL, OPTIONAL, struct param_iam_context, values),
    IAM_ENUM("ContextKeyType", CONTEXT_TYPES, OPTIONAL, struct param_iam_context, type),
    PARAM_END,
};
