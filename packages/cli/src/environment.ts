/**
 * Variables that would lead an AWS SDK around the local KMS, each with the way it would, and one that it keeps to itself.
 * None of them reaches the command that `keysmith run` starts.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export const WITHHELD_VARIABLES: Readonly<Record<string, string>> = {
  AWS_PROFILE: 'a profile goes before the credentials in the environment',
  AWS_DEFAULT_PROFILE: 'the same, by its older name',
  AWS_CREDENTIAL_EXPIRATION: 'belongs to the credentials that were there before',
  AWS_CREDENTIAL_SCOPE: 'belongs to the credentials that were there before',
  AWS_ACCOUNT_ID: 'belongs to the credentials that were there before',
  AWS_SESSION_TOKEN: 'belongs to the credentials that were there before, and users have none',
  AWS_SECURITY_TOKEN: 'an older name of the session token that was there before',
  AWS_WEB_IDENTITY_TOKEN_FILE: 'an identity that was there before, which not every SDK looks for last',
  KEYSMITH_STATE_KEY: 'opens the state of the local KMS, and is none of the business of what calls it',
};

const PROXIES = ['http_proxy', 'all_proxy'];
const HOST = '127.0.0.1';

/** Some SDKs send even what is for this machine to a proxy, and plaintexts with it. */
function withoutProxy(all: Readonly<Record<string, string>>): Record<string, string> {
  if (!Object.keys(all).some((name) => PROXIES.includes(name.toLowerCase()))) return {};
  const exempt = all['no_proxy'] || all['NO_PROXY'];
  // All hosts are only meant by an asterisk that is alone.
  const value = exempt === '*' ? exempt : exempt ? `${exempt},${HOST}` : HOST;
  return { no_proxy: value, NO_PROXY: value };
}

/** The environment of a command that calls the local KMS as one principal. Those of the principal win. */
export function environmentOfCommand(
  own: Readonly<Record<string, string | undefined>>,
  ofPrincipal: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !Object.hasOwn(WITHHELD_VARIABLES, entry[0]),
  );
  const all = { ...Object.fromEntries(kept), ...ofPrincipal };
  return { ...all, ...withoutProxy(all) };
}
