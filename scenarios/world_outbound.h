#ifndef SCENARIOS_WORLD_OUTBOUND_H
#define SCENARIOS_WORLD_OUTBOUND_H

#include "scenarios/world_state.h"

/*
 * AWS as an issuer: what GetWebIdentityToken signs with, and where the keys are published.  An
 * account's issuer, https://UUID.tokens.sts.global.api.aws, has one keyring with a key for each of
 * its two algorithms.
 */

/* For struct fakests; the context is the world. */
struct outbound_signer world_outbound_signer(struct world *w);

/*
 * Answers a GET for the discovery document or the JWKS of such an issuer, once it was given to an
 * account: also while the feature is disabled, so that tokens can be verified until they end.  As
 * issuer_answer (issuer/issuer.h).
 */
bool world_outbound_answer(struct world *w, const struct snapshot *s, struct str authority_and_path,
                           bool by_host, const struct http_request *request,
                           struct http_response *response);

/* After world_rotate: the issuer's other algorithm gets a new key too, where it is such a one. */
OUTCOME world_outbound_rotate(struct world *w, struct why *why, const struct snapshot *s,
                              struct str issuer, bool late);

#endif
