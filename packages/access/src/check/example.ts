// Parts of the templates that show what rules find.

type Json = Readonly<Record<string, unknown>>;

/** The account of the examples that have one. */
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'eu-west-1';

/** KMS's default: IAM policies of the account decide. */
export const DELEGATION: Json = {
  Effect: 'Allow',
  Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } },
  Action: 'kms:*',
  Resource: '*',
};

export const KEY_ARN = { 'Fn::GetAtt': ['Key', 'Arn'] };

/** A statement of a key policy that allows. */
export function allow(principal: unknown, actions: string | readonly string[], condition?: Json): Json {
  const statement = { Effect: 'Allow', Principal: principal, Action: actions, Resource: '*' };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

/** A key with a policy of these statements. It is kept with its data and its material rotates. */
export function key(statements: readonly Json[] = [DELEGATION], properties: Json = {}, attributes: Json = {}): Json {
  return {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    ...attributes,
    Properties: { EnableKeyRotation: true, KeyPolicy: document(statements), ...properties },
  };
}

/** A role for Lambda functions with an inline policy. */
export function role(statements: readonly Json[] = [], properties: Json = {}): Json {
  const trust = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const policies = [{ PolicyName: 'Own', PolicyDocument: document(statements) }];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: document(trust),
      ...(statements.length > 0 && { Policies: policies }),
      ...properties,
    },
  };
}

/** A statement of an IAM policy that allows. */
export function may(actions: string | readonly string[], resource: unknown = KEY_ARN, condition?: Json): Json {
  const statement = { Effect: 'Allow', Action: actions, Resource: resource };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

export function document(statements: readonly Json[]): Json {
  return { Version: '2012-10-17', Statement: statements };
}
