// The AWS SDK for JavaScript.  Prints one JSON object.
//
//   aws.mjs default                          who the default chain's credentials are
//   aws.mjs token-file                       who fromTokenFile's credentials are
//   aws.mjs assume ENDPOINT ROLE TOKEN_FILE  the exchange, asked for explicitly

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages stand in build/clients, not beside this file.
const require = createRequire(pathToFileURL(`${process.env.CLIENTS}/package.json`));
const { STSClient, GetCallerIdentityCommand, AssumeRoleWithWebIdentityCommand } = require('@aws-sdk/client-sts');
const { fromNodeProviderChain, fromTokenFile } = require('@aws-sdk/credential-providers');

const region = process.env.AWS_REGION ?? 'us-east-1';
const caller = (credentials) => new STSClient({ region, credentials }).send(new GetCallerIdentityCommand({}));

const commands = {
  default: () => caller(fromNodeProviderChain()),
  'token-file': () => caller(fromTokenFile({ clientConfig: { region } })),
  assume: (endpoint, RoleArn, file) =>
    new STSClient({ region, endpoint }).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn,
        RoleSessionName: 'javascript',
        WebIdentityToken: readFileSync(file, 'utf8'),
      }),
    ),
};

try {
  const [command, ...args] = process.argv.slice(2);
  console.log(JSON.stringify(await commands[command](...args)));
} catch (e) {
  const reason = e.$response?.headers?.['x-understudy-reason'];
  console.log(JSON.stringify({ Error: { Code: e.name, Message: e.message }, Status: e.$metadata?.httpStatusCode, Reason: reason }));
  process.exitCode = 1;
}
