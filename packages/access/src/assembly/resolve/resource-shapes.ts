/** How the names and ARNs of a resource type are made, so that two ways of writing one ARN are seen to be equal. */
export interface ResourceShape {
  /** Property that sets the name; left out: only CloudFormation chooses it. */
  readonly name?: string;
  /** The ARN with its parts in place; `Path` is the property of that name, with its slashes. */
  readonly arn?: string;
  /** `Ref` gives the ARN, not the name. */
  readonly refIsArn?: true;
  /** Other attributes that are the same string as `Ref`. */
  readonly sameAsRef?: readonly string[];
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
export const RESOURCE_SHAPES: Readonly<Record<string, ResourceShape>> = {
  'AWS::KMS::Key': { arn: 'arn:<Partition>:kms:<Region>:<AccountId>:key/<Name>', sameAsRef: ['KeyId'] },
  // Related multi-Region keys share their key id.
  'AWS::KMS::ReplicaKey': {
    name: 'PrimaryKeyArn',
    arn: 'arn:<Partition>:kms:<Region>:<AccountId>:key/<Name>',
    sameAsRef: ['KeyId'],
  },
  'AWS::KMS::Alias': { name: 'AliasName', arn: 'arn:<Partition>:kms:<Region>:<AccountId>:<Name>' },
  'AWS::IAM::Role': { name: 'RoleName', arn: 'arn:<Partition>:iam::<AccountId>:role<Path><Name>' },
  'AWS::IAM::User': { name: 'UserName', arn: 'arn:<Partition>:iam::<AccountId>:user<Path><Name>' },
  'AWS::IAM::Group': { name: 'GroupName', arn: 'arn:<Partition>:iam::<AccountId>:group<Path><Name>' },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    arn: 'arn:<Partition>:iam::<AccountId>:policy<Path><Name>',
    refIsArn: true,
    sameAsRef: ['PolicyArn'],
  },
  'AWS::IAM::InstanceProfile': {
    name: 'InstanceProfileName',
    arn: 'arn:<Partition>:iam::<AccountId>:instance-profile<Path><Name>',
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    arn: 'arn:<Partition>:lambda:<Region>:<AccountId>:function:<Name>',
  },
};
