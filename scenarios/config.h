#ifndef SCENARIOS_CONFIG_H
#define SCENARIOS_CONFIG_H

#include "fakests/call.h"
#include "issuer/profile.h"
#include "scenarios/faults.h"

/*
 * The config file (docs/config.md): strict JSON; every mistake is refused with file, line, column
 * and JSON path, and nothing is half-applied.
 */
struct config_issuer {
    struct str url;
    const struct alg *alg; /* NULL: as the platform does */
    bool local;            /* iss is the URL under which this server serves it */
};

struct config {
    struct str name, text; /* of the document: its file, or what stands for one */
    bool judged;           /* see config_source */
    json_t *rest;          /* its members but IAM's, with every {"$file": ...} put in */
    struct str account, region, source_ip;
    enum dialect dialect;
    struct config_issuer *issuers;
    size_t n_issuers;
    struct faults_rules faults;
    const struct profiles *profiles;
    struct iam *iam; /* as the document has it; the world in force may have moved on */
};

enum { CONFIG_BYTES_MAX = 64 * 1024 * 1024 };

/* Where a config's text comes from, and how it is to be taken. */
struct config_source {
    struct str name; /* its path, for messages and for relative {"$file"}s */
    struct str text;
    bool files_allowed; /* one that came over HTTP may name no files */
    bool judged;        /* we wrote it ourselves: IAM's objects are read when somebody asks */
};

/* The text of the file at path, or with path == NULL of the built-in demo world. */
OUTCOME config_source_load(struct arena *a, struct why *why, const char *path,
                           struct config_source *out);
/* Everything lives in the arena. */
OUTCOME config_read(struct arena *a, struct why *why, const struct config_source *source,
                    struct config **out);
/* The config that stands at `at`, in a larger document: places are those of that document. */
OUTCOME config_read_at(struct arena *a, struct why *why, const struct json_at *at,
                       bool files_allowed, struct config **out);
/*
 * What is wrong with the config that stands at `at`: each refusal is told, and what it is about
 * left out.  *out is what remains; NULL when that is no config at all.
 */
void config_check(struct arena *a, const struct json_at *at, bool files_allowed,
                  void (*refused)(void *context, const struct why *why), void *context,
                  struct config **out);
/* The config as a document again, with IAM as it now stands: what GET world shows and what a state
 * file holds.  Borrowed from the arena. */
json_t *config_document(struct arena *a, const struct config *c, const struct iam *iam);
/* Whether an object has a member that only a config has. */
bool config_resembles(const json_t *object);
/* The file at path, or with path == NULL the built-in demo world. */
OUTCOME config_load(struct arena *a, struct why *why, const char *path, struct config **out);

/* The declared alg of an issuer, or NULL. */
const struct config_issuer *config_issuer_find(const struct config *c, struct str url);
/* NAME → ARN in the default account; an ARN stays as it is.  Empty when it is neither. */
struct str config_role_arn(struct arena *a, const struct iam *iam, struct str name_or_arn);

#endif
