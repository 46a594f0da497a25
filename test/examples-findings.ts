/** Findings by example, as `rule construct path`, each with the reason why it stands. */
export type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>;

const OWNERS = 'its owners may do everything with the key: that is what the statement is for';
const NOT_ROTATED = 'KMS rotates no imported material on a schedule; CloudFormation refuses EnableKeyRotation for it';
const NO_SECRET_LOGGED = 'the function logs nothing of what it handles; CloudWatch Logs encrypts its log all the same';

const CHOSEN = "another choice than a key of one's own is what the example shows";

const both = (rule: string, path: string, reason: string) => ({
  [`NIST.800.53.R5-${rule} ${path}`]: reason,
  [`PCI.DSS.321-${rule} ${path}`]: reason,
});
const logOf = (path: string) => both('CloudWatchLogGroupEncrypted', `${path}/LogGroup/Resource`, NO_SECRET_LOGGED);

/** Of `keysmith check`. */
export const FINDINGS: Reasons = {
  complete: {
    ...Object.fromEntries(
      ['Key', 'External', 'Mac', 'Signing', 'PublicKey'].map((id) => [`open-create-grant Complete/${id}`, OWNERS]),
    ),
  },
  partner: {
    'role-with-fixed-name Exchange/Key':
      'a role of another account stands in the key policy before it exists only by its name',
  },
  regions: Object.fromEntries(
    ['Sessions', 'Sessions-replicas-us-east-1', 'Sessions-replicas-ap-southeast-2'].map((stack) => [
      `role-with-fixed-name ${stack}/Key`,
      'a role stands in key policies of other Regions by its name only',
    ]),
  ),
  'signing-generations': {
    'key-disabled Tokens/Keys/Generation2025': 'it is retired: what it signed is verified with its public key',
  },
};

/** Of cdk-nag, about keys. */
export const NAG_FINDINGS: Reasons = {
  complete: {
    'AwsSolutions-KMS5 Complete/External/Resource': NOT_ROTATED,
    ...both('KMSBackingKeyRotationEnabled', 'Complete/External/Resource', NOT_ROTATED),
  },
  'encryption-choices': {
    ...both('CloudWatchLogGroupEncrypted', 'Shop/Cache/Log/Resource', CHOSEN),
    ...both('S3DefaultEncryptionKMS', 'Shop/Cache/Files/Resource', CHOSEN),
    ...both('SecretsManagerUsingKMSKey', 'Shop/Drafts/Secret/Resource', CHOSEN),
    ...both('SecretsManagerUsingKMSKey', 'Shop/Drafts/Database/Secret/Resource', CHOSEN),
  },
  'key-agreement': logOf('Exchange/Session'),
  'public-key-intake': logOf('Intake/Opener'),
  webhooks: { ...logOf('Webhooks/Sender'), ...logOf('Webhooks/Receiver') },
};
