# The AWS SDK for Ruby of Debian is version 1.  Of IAM it knows what there was before tags, and it writes a
# list as "ClientIDList.1", without "member", which AWS does not take: so it makes no provider.
#
#   iam.rb PORT
#
# Ends with status 1 and a line on standard error where an answer is not as it should be.

require 'aws-sdk'
require 'cgi'
require 'json'

ACCOUNT = 'arn:aws:iam::123456789012'
POLICY = { policy_arn: "#{ACCOUNT}:policy/buckets" }
ROLE = { role_name: 'ci' }
ERRORS = AWS::IAM::Errors

def document(statement)
  { 'Version' => '2012-10-17', 'Statement' => [{ 'Effect' => 'Allow' }.merge(statement)] }
end

def trust(audience)
  document('Action' => 'sts:AssumeRoleWithWebIdentity',
           'Principal' => { 'Federated' => "#{ACCOUNT}:oidc-provider/ci.example.com" },
           'Condition' => { 'StringEquals' => { 'ci.example.com:aud' => audience } })
end

def reading(what)
  document('Action' => "s3:#{what}", 'Resource' => '*')
end

def equal(what, got, wanted)
  abort "#{what}: got #{got.inspect}, wanted #{wanted.inspect}" unless got == wanted
end

def decoded(text)
  JSON.parse(CGI.unescape(text))
end

def refused(error, status)
  answer = yield
  abort "wanted #{error}, got #{answer.data}"
rescue AWS::Errors::Base => e
  equal('refusal', [e.class, e.http_response.status], [error, status])
end

server = { access_key_id: 'test', secret_access_key: 'test', use_ssl: false, max_retries: 0,
           iam_endpoint: '127.0.0.1', iam_port: Integer(ARGV[0]) }
iam = AWS::IAM::Client.new(server)

refused(ERRORS::MalformedInput, 400) do
  iam.create_open_id_connect_provider(url: 'https://ci.example.com', thumbprint_list: ['a' * 40])
end
equal('providers', iam.list_open_id_connect_providers[:open_id_connect_provider_list], [])
iam.create_policy(policy_name: 'buckets', policy_document: JSON.generate(reading('Get*')))
iam.create_role(ROLE.merge(assume_role_policy_document: JSON.generate(trust('a+b c%20é'))))
iam.attach_role_policy(ROLE.merge(POLICY))
iam.put_role_policy(ROLE.merge(policy_name: 'own', policy_document: JSON.generate(reading('Put*'))))

equal('trust policy', decoded(iam.get_role(ROLE)[:role][:assume_role_policy_document]), trust('a+b c%20é'))
equal('inline policy', decoded(iam.get_role_policy(ROLE.merge(policy_name: 'own'))[:policy_document]), reading('Put*'))
equal('attached', iam.list_attached_role_policies(ROLE)[:attached_policies],
      [{ policy_name: 'buckets', policy_arn: POLICY[:policy_arn] }])
equal('attachments', iam.get_policy(POLICY)[:policy][:attachment_count], 1)

iam.update_assume_role_policy(ROLE.merge(policy_document: JSON.generate(trust('new'))))
equal('new trust policy', decoded(iam.get_role(ROLE)[:role][:assume_role_policy_document]), trust('new'))
iam.create_policy_version(POLICY.merge(policy_document: JSON.generate(reading('List*')), set_as_default: true))
version = iam.get_policy_version(POLICY.merge(version_id: 'v2'))[:policy_version]
equal('version', [version[:is_default_version], decoded(version[:document])], [true, reading('List*')])

refused(ERRORS::EntityAlreadyExists, 409) do
  iam.create_role(ROLE.merge(assume_role_policy_document: JSON.generate(trust('new'))))
end
refused(ERRORS::MalformedPolicyDocument, 400) do
  iam.create_role(role_name: 'new', assume_role_policy_document: '{')
end
refused(ERRORS::DeleteConflict, 409) { iam.delete_policy(POLICY) }
refused(ERRORS::DeleteConflict, 409) { iam.delete_role(ROLE) }

iam.delete_role_policy(ROLE.merge(policy_name: 'own'))
iam.detach_role_policy(ROLE.merge(POLICY))
iam.delete_role(ROLE)
iam.delete_policy_version(POLICY.merge(version_id: 'v1'))
iam.delete_policy(POLICY)
refused(ERRORS::NoSuchEntity, 404) { iam.get_role(ROLE) }
