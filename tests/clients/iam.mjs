// IAM by the AWS SDK for JavaScript.  Ends with an assertion's error when something is not as it should be.
//
//   iam.mjs ENDPOINT STORY

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages stand in build/clients, not beside this file.
const require = createRequire(pathToFileURL(`${process.env.CLIENTS}/package.json`));
const iam = require('@aws-sdk/client-iam');
const sts = require('@aws-sdk/client-sts');

const [endpoint, story] = process.argv.slice(2);
const root = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = (service, credentials = root) =>
  new service({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
const IAM = client(iam.IAMClient);
const ask = (name, input = {}) => IAM.send(new iam[`${name}Command`](input));

const account = 'arn:aws:iam::123456789012';
const provider = { OpenIDConnectProviderArn: `${account}:oidc-provider/ci.example.com` };
const policy = { PolicyArn: `${account}:policy/buckets` };
const role = { RoleName: 'ci' };
const trust = (audience) => ({
  Version: '2012-10-17',
  Statement: [{
    Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: provider.OpenIDConnectProviderArn },
    Condition: { StringEquals: { 'ci.example.com:aud': audience } },
  }],
});
const reading = (what) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: `s3:${what}`, Resource: '*' }] });
const text = JSON.stringify;
const decoded = (document) => JSON.parse(decodeURIComponent(document));

async function token(aud) {
  const response = await fetch(`${endpoint}/_understudy/token`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: text({ platform: 'generic', set: { issuer: 'https://ci.example.com', sub: 'me', aud } }),
  });
  return (await response.json()).token;
}

async function assume(audience) {
  const { Credentials: made } = await client(sts.STSClient).send(new sts.AssumeRoleWithWebIdentityCommand({
    RoleArn: `${account}:role/ci`, RoleSessionName: 'javascript', WebIdentityToken: await token(audience),
  }));
  const credentials = { accessKeyId: made.AccessKeyId, secretAccessKey: made.SecretAccessKey, sessionToken: made.SessionToken };
  return (await client(sts.STSClient, credentials).send(new sts.GetCallerIdentityCommand({}))).Arn;
}

async function create() {
  await ask('CreateOpenIDConnectProvider', { Url: 'https://ci.example.com', ClientIDList: ['a+b c%20é'] });
  await ask('CreatePolicy', { PolicyName: 'buckets', PolicyDocument: text(reading('Get*')) });
  await ask('CreateRole', { ...role, AssumeRolePolicyDocument: text(trust('a+b c%20é')), Tags: [{ Key: 'k', Value: '' }] });
  await ask('AttachRolePolicy', { ...role, ...policy });
  await ask('PutRolePolicy', { ...role, PolicyName: 'own', PolicyDocument: text(reading('Put*')) });
}

async function readBack() {
  const { Role } = await ask('GetRole', role);
  assert.deepEqual(decoded(Role.AssumeRolePolicyDocument), trust('a+b c%20é'));
  assert.deepEqual(Role.Tags, [{ Key: 'k', Value: '' }]);
  assert.ok(Role.CreateDate instanceof Date && Math.abs(Date.now() - Role.CreateDate) < 600_000, `${Role.CreateDate}`);
  assert.deepEqual((await ask('ListAttachedRolePolicies', role)).AttachedPolicies,
    [{ PolicyName: 'buckets', ...policy }]);
  assert.deepEqual((await ask('ListRolePolicies', role)).PolicyNames, ['own']);
  assert.deepEqual(decoded((await ask('GetRolePolicy', { ...role, PolicyName: 'own' })).PolicyDocument), reading('Put*'));
  const { DefaultVersionId: VersionId } = (await ask('GetPolicy', policy)).Policy;
  const version = await ask('GetPolicyVersion', { ...policy, VersionId });
  assert.deepEqual(decoded(version.PolicyVersion.Document), reading('Get*'));
  assert.deepEqual((await ask('GetOpenIDConnectProvider', provider)).ClientIDList, ['a+b c%20é']);
}

async function change() {
  await assert.rejects(assume('new'), { name: 'InvalidIdentityTokenException' });
  await ask('AddClientIDToOpenIDConnectProvider', { ...provider, ClientID: 'new' });
  await assert.rejects(assume('new'), { name: 'AccessDenied' });
  await ask('UpdateAssumeRolePolicy', { ...role, PolicyDocument: text(trust('new')) });
  assert.equal(await assume('new'), 'arn:aws:sts::123456789012:assumed-role/ci/javascript');
  await assert.rejects(assume('a+b c%20é'), { name: 'AccessDenied' });
  const made = await ask('CreatePolicyVersion', { ...policy, PolicyDocument: text(reading('List*')), SetAsDefault: true });
  assert.equal(made.PolicyVersion.VersionId, 'v2');
  assert.deepEqual((await ask('ListPolicyVersions', policy)).Versions.map((v) => [v.VersionId, v.IsDefaultVersion]).sort(),
    [['v1', false], ['v2', true]]);
}

async function destroy() {
  await assert.rejects(ask('DeleteRole', role), { name: 'DeleteConflictException' });
  await ask('DeleteRolePolicy', { ...role, PolicyName: 'own' });
  await ask('DetachRolePolicy', { ...role, ...policy });
  await ask('DeleteRole', role);
  await ask('DeletePolicyVersion', { ...policy, VersionId: 'v1' });
  await ask('DeletePolicy', policy);
  await ask('DeleteOpenIDConnectProvider', provider);
  await assert.rejects(ask('GetRole', role), { name: 'NoSuchEntityException' });
}

async function refused(status, exception, name, input) {
  await assert.rejects(ask(name, input), (e) => {
    assert.ok(e instanceof iam[exception], `${e.name} instead of ${exception}`);
    assert.deepEqual([e.name, e.$fault, e.$metadata.httpStatusCode], [exception, 'client', status]);
    assert.ok(e.message && e.$metadata.requestId, text(e.$metadata));
    return true;
  });
}

const stories = {
  async 'life cycle'() {
    await create();
    await readBack();
    assert.equal(await assume('a+b c%20é'), 'arn:aws:sts::123456789012:assumed-role/ci/javascript');
    await change();
    await destroy();
  },
  async errors() {
    await create();
    const document = { AssumeRolePolicyDocument: text(trust('x')) };
    await refused(409, 'EntityAlreadyExistsException', 'CreateRole', { ...role, ...document });
    await refused(404, 'NoSuchEntityException', 'GetUser', { UserName: 'nobody' });
    await refused(409, 'DeleteConflictException', 'DeletePolicy', policy);
    await refused(400, 'MalformedPolicyDocumentException', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: '{' });
    await refused(400, 'InvalidInputException', 'CreateOpenIDConnectProvider', { Url: 'http://ci.example.com' });
    await refused(409, 'LimitExceededException', 'PutRolePolicy',
      { ...role, PolicyName: 'big', PolicyDocument: text(reading('x'.repeat(10300))) });
  },
  async 'pages and waiters'() {
    for (const RoleName of ['a', 'b', 'c'])
      await ask('CreateRole', { RoleName, AssumeRolePolicyDocument: text(trust('x')) });
    const pages = [];
    for await (const page of iam.paginateListRoles({ client: IAM, pageSize: 2 }, {}))
      pages.push(page.Roles.map((r) => r.RoleName));
    assert.deepEqual(pages, [['a', 'b'], ['c']]);
    const found = await iam.waitUntilRoleExists({ client: IAM, maxWaitTime: 10 }, { RoleName: 'c' });
    assert.equal(found.state, 'SUCCESS');
    const waiting = { client: IAM, maxWaitTime: 2, minDelay: 1, maxDelay: 1 };
    await assert.rejects(iam.waitUntilUserExists(waiting, { UserName: 'nobody' }), { name: 'TimeoutError' });
  },
};

await stories[story]();
