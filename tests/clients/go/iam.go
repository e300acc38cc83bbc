// Terraform's AWS provider asks IAM by this SDK: its sequence for a provider, a role and its policies.
//
//	iam ENDPOINT
//
// Ends with status 1 and a line on standard error where an answer is not what the provider's code reads.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"sort"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	account     = "arn:aws:iam::123456789012:"
	providerARN = account + "oidc-provider/ci.example.com"
	policyARN   = account + "policy/tf/buckets"
	audience    = "a+b & <c> %2F é"
)

var (
	ctx      = context.Background()
	name     = aws.String("ci")
	provider = aws.String(providerARN)
	policy   = aws.String(policyARN)
)

func fail(format string, more ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", more...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

func equal(what string, got, wanted any) {
	if !reflect.DeepEqual(got, wanted) {
		fail("%s: got %#v, wanted %#v", what, got, wanted)
	}
}

func refused[E error](what string, err error) {
	var wanted E
	if !errors.As(err, &wanted) {
		fail("%s: wanted %T, got %v", what, wanted, err)
	}
}

// ---- documents and tags ----

type object = map[string]any

func document(statement object) *string {
	text := must(json.Marshal(object{"Version": "2012-10-17", "Statement": []any{statement}}))
	return aws.String(string(text))
}

func trust(audience string) *string {
	return document(object{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
		"Principal": object{"Federated": providerARN},
		"Condition": object{"StringEquals": object{"ci.example.com:aud": audience}}})
}

func reading(what string) *string {
	return document(object{"Effect": "Allow", "Action": "s3:" + what, "Resource": "*"})
}

// same compares as the provider does: unescaped, and as JSON.
func same(what string, raw, wanted *string) {
	var got, want any
	must(0, json.Unmarshal([]byte(must(url.QueryUnescape(*raw))), &got))
	must(0, json.Unmarshal([]byte(*wanted), &want))
	equal(what, got, want)
}

func tags(pairs ...string) (made []types.Tag) {
	for i := 0; i < len(pairs); i += 2 {
		made = append(made, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return made
}

func tagged(what string, got []types.Tag, pairs ...string) {
	found, wanted := map[string]string{}, map[string]string{}
	for _, t := range got {
		found[*t.Key] = *t.Value
	}
	for i := 0; i < len(pairs); i += 2 {
		wanted[pairs[i]] = pairs[i+1]
	}
	equal(what, found, wanted)
}

// ---- the resources ----

func create(c *iam.Client) {
	made := must(c.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://ci.example.com"), ClientIDList: []string{audience},
		ThumbprintList: []string{strings.Repeat("a", 40)},
		Tags:           tags("Owner", "", "Team", "a/b")}))
	equal("provider", *made.OpenIDConnectProviderArn, providerARN)
	must(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("buckets"), Path: aws.String("/tf/"),
		Description: aws.String(""), PolicyDocument: reading("Get*")}))
	must(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, Path: aws.String("/"),
		MaxSessionDuration: aws.Int32(3600), AssumeRolePolicyDocument: trust(audience),
		Tags: tags("Owner", "", "Team", "a/b")}))
	must(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: reading("Put*")}))
	must(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: policy}))
}

func refresh(c *iam.Client, clients []string, description string, duration int32, audience, of string, pairs ...string) {
	made := must(c.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: provider}))
	sort.Strings(made.ClientIDList)
	equal("url", *made.Url, "ci.example.com")
	equal("client_id_list", made.ClientIDList, clients)
	equal("thumbprint_list", made.ThumbprintList, []string{strings.Repeat("a", 40)})
	tagged("tags of the provider", made.Tags, pairs...)

	role := must(c.GetRole(ctx, &iam.GetRoleInput{RoleName: name})).Role
	equal("arn", *role.Arn, account+"role/ci")
	equal("description", aws.ToString(role.Description), description)
	equal("max_session_duration", *role.MaxSessionDuration, duration)
	same("assume_role_policy", role.AssumeRolePolicyDocument, trust(audience))
	tagged("tags of the role", role.Tags, pairs...)
	inline := must(c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: name}))
	same("policy of the role", inline.PolicyDocument, reading("Put*"))
	equal("policy_arn", attached(c), []string{policyARN})

	read := must(c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: policy})).Policy
	equal("attachment_count", *read.AttachmentCount, int32(1))
	version := must(c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: policy, VersionId: read.DefaultVersionId}))
	same("policy", version.PolicyVersion.Document, reading(of))
}

func attached(c *iam.Client) (arns []string) {
	pages := iam.NewListAttachedRolePoliciesPaginator(c, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	for pages.HasMorePages() {
		for _, p := range must(pages.NextPage(ctx)).AttachedPolicies {
			arns = append(arns, *p.PolicyArn)
		}
	}
	return arns
}

func change(c *iam.Client) {
	must(c.AddClientIDToOpenIDConnectProvider(ctx, &iam.AddClientIDToOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: provider, ClientID: aws.String("new")}))
	must(c.RemoveClientIDFromOpenIDConnectProvider(ctx, &iam.RemoveClientIDFromOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: provider, ClientID: aws.String(audience)}))
	must(c.UntagOpenIDConnectProvider(ctx, &iam.UntagOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: provider, TagKeys: []string{"Team"}}))
	must(c.TagOpenIDConnectProvider(ctx, &iam.TagOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: provider, Tags: tags("Owner", "me")}))
	must(c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: trust("new")}))
	must(c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("for CI")}))
	must(c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(7200)}))
	must(c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: name, TagKeys: []string{"Team"}}))
	must(c.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: tags("Owner", "me")}))
	for i := 2; i <= 6; i++ {
		if len(versions(c)) >= 5 {
			must(c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy, VersionId: aws.String("v1")}))
		}
		must(c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policy,
			PolicyDocument: reading(fmt.Sprint("Get", i)), SetAsDefault: true}))
	}
	_, err := c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policy, PolicyDocument: reading("Get7")})
	refused[*types.LimitExceededException]("a sixth version", err)
}

func versions(c *iam.Client) (ids []*string) {
	pages := iam.NewListPolicyVersionsPaginator(c, &iam.ListPolicyVersionsInput{PolicyArn: policy})
	for pages.HasMorePages() {
		for _, v := range must(pages.NextPage(ctx)).Versions {
			ids = append(ids, v.VersionId)
		}
	}
	return ids
}

func destroy(c *iam.Client) {
	byName := &iam.DeleteRoleInput{RoleName: name}
	_, err := c.DeleteRole(ctx, byName)
	refused[*types.DeleteConflictException]("a role with policies", err)
	must(c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: policy}))
	equal("attachments", len(attached(c)), 0)
	must(c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: name}))
	profiles := must(c.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name}))
	equal("instance profiles", len(profiles.InstanceProfiles), 0)
	must(c.DeleteRole(ctx, byName))
	_, err = c.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	refused[*types.NoSuchEntityException]("a role that is gone", err)

	for _, version := range versions(c) {
		if *version != "v6" {
			must(c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy, VersionId: version}))
		}
	}
	must(c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: policy}))
	_, err = c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: policy})
	refused[*types.NoSuchEntityException]("a policy that is gone", err)
	must(c.DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: provider}))
	_, err = c.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: provider})
	refused[*types.NoSuchEntityException]("a provider that is gone", err)
}

// ---- the exchange ----

type token struct {
	endpoint, audience string
}

// GetIdentityToken mints one on the control side.
func (t token) GetIdentityToken() ([]byte, error) {
	ask := must(json.Marshal(object{"platform": "generic",
		"set": object{"issuer": "https://ci.example.com", "sub": "me", "aud": t.audience}}))
	reply := must(http.Post(t.endpoint+"/_understudy/token", "application/json", bytes.NewReader(ask)))
	defer reply.Body.Close()
	var made struct{ Token string }
	err := json.NewDecoder(reply.Body).Decode(&made)
	return []byte(made.Token), err
}

func caller(endpoint, audience string) (string, error) {
	options := sts.Options{Region: "us-east-1", EndpointResolver: sts.EndpointResolverFromURL(endpoint), Retryer: aws.NopRetryer{}}
	web := stscreds.NewWebIdentityRoleProvider(sts.New(options), account+"role/ci", token{endpoint, audience},
		func(o *stscreds.WebIdentityRoleOptions) { o.RoleSessionName = "go" })
	if _, err := web.Retrieve(ctx); err != nil {
		return "", err
	}
	options.Credentials = web
	return *must(sts.New(options).GetCallerIdentity(ctx, nil)).Arn, nil
}

func main() {
	endpoint := os.Args[1]
	c := iam.New(iam.Options{Region: "us-east-1", EndpointResolver: iam.EndpointResolverFromURL(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), Retryer: aws.NopRetryer{}})
	create(c)
	refresh(c, []string{audience}, "", 3600, audience, "Get*", "Owner", "", "Team", "a/b")
	equal("caller", must(caller(endpoint, audience)), "arn:aws:sts::123456789012:assumed-role/ci/go")
	change(c)
	refresh(c, []string{"new"}, "for CI", 7200, "new", "Get6", "Owner", "me")
	equal("caller", must(caller(endpoint, "new")), "arn:aws:sts::123456789012:assumed-role/ci/go")
	if arn, err := caller(endpoint, audience); err == nil {
		fail("an audience that is not registered any more makes %s", arn)
	}
	destroy(c)
}
