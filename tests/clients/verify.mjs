// Verifiers of the issuer's side.  Prints the claims, or {"error": NAME}.
//
//   verify.mjs jose DISCOVERY_URL ISSUER AUDIENCE TOKEN_FILE
//   verify.mjs aws-jwt-verify DISCOVERY_URL ISSUER AUDIENCE TOKEN_FILE

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages stand in build/clients, not beside this file.
const require = createRequire(pathToFileURL(`${process.env.CLIENTS}/package.json`));
const { createRemoteJWKSet, jwtVerify } = await import(pathToFileURL(require.resolve('jose')));
const { JwtVerifier } = require('aws-jwt-verify');

const [library, discovery, issuer, audience, file] = process.argv.slice(2);
const token = readFileSync(file, 'utf8').trim();

async function document(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

const libraries = {
  async jose({ jwks_uri }) {
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    return (await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] })).payload;
  },
  // It fetches over https only: so the key set is fetched here and handed over.
  async 'aws-jwt-verify'({ jwks_uri }) {
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri: jwks_uri.replace(/^http:/, 'https:') });
    verifier.cacheJwks(await document(jwks_uri));
    return verifier.verifySync(token);
  },
};

try {
  const found = await document(discovery);
  if (found.issuer !== issuer) throw new Error(`discovery says issuer ${found.issuer}`);
  console.log(JSON.stringify(await libraries[library](found)));
} catch (e) {
  console.log(JSON.stringify({ error: e.code ?? e.constructor.name, message: e.message }));
  process.exitCode = 1;
}
