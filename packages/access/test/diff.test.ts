import { type AccessDiff, type Assembly, accessDiff, readAssembly, readTemplates } from '@cdk-keysmith/access';
import type { Json } from './support/ask.ts';
import {
  appOf,
  arnOf,
  assemblyFiles,
  assemblyOf,
  folderWith,
  keyResource,
  policyResource,
  removeFolders,
  roleResource,
} from './support/assembly.ts';

afterAll(removeFolders);

const WRITER = 'App/Writer/ServiceRole';
const environment = 'aws://111122223333/eu-west-1';

/** An app of a key and a role, with statements of the key policy and of the role. */
function app(own: readonly Json[] = [], key: readonly Json[] = [], more: Json = {}, role: Json = {}) {
  return appOf(
    {
      Key: keyResource(key),
      Writer: roleResource(role),
      Policy: policyResource(own, [{ Ref: 'Writer' }]),
      ...more,
    },
    { environment },
  );
}

const use = (actions: unknown, condition?: Json): Json => ({
  Effect: 'Allow',
  Action: actions,
  Resource: arnOf('Key'),
  ...(condition && { Condition: condition }),
});
const service = (...names: string[]): Json => ({ StringEquals: { 'kms:EncryptionContext:service': names } });

/** `gained App/Writer/ServiceRole: encrypt, data keys` */
function inShort({ changes }: AccessDiff): readonly string[] {
  return changes.map(({ change, grantee, labels }) => `${change} ${grantee.name}: ${labels.join(', ')}`);
}

const alertsOf = ({ alerts }: AccessDiff) => alerts.map(({ kind, text }) => `${kind}: ${text}`);

describe('the difference of two apps', () => {
  it('is empty for an app and itself', () => {
    const one = app([use('kms:Decrypt', service('a'))]);
    expect(accessDiff(one, one)).toEqual({
      version: 1,
      alerts: [],
      changes: [],
      keys: [],
      principals: [],
      undecided: [],
    });
  });

  it('names what is gained and lost, with verbs grouped', () => {
    const [none, some] = [app(), app([use(['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:Decrypt'])])];
    expect(inShort(accessDiff(none, some))).toEqual([`gained ${WRITER}: encrypt, data keys, data key pairs, decrypt`]);
    expect(inShort(accessDiff(some, none))).toEqual([`lost ${WRITER}: encrypt, data keys, data key pairs, decrypt`]);
    const [{ because, before, after } = { because: [] }] = accessDiff(none, some).changes;
    expect(before?.verdict).toBe('denied');
    expect(after?.text).toBe('allowed');
    expect(because.map(({ text }) => text).join()).toContain(
      'allows kms:Encrypt, kms:GenerateDataKey, kms:GenerateDataKeyWithoutPlaintext',
    );
  });

  it('names an action where not all of its kind are concerned', () => {
    expect(inShort(accessDiff(app(), app([use('kms:GenerateDataKey')])))).toEqual([
      `gained ${WRITER}: GenerateDataKey`,
    ]);
  });

  it.each([
    ['widened', service('a'), service('a', 'b')],
    ['narrowed', service('a', 'b'), service('a')],
    ['narrowed', undefined, service('a')],
    ['widened', service('a'), undefined],
    ['changed', service('a'), service('b')],
    ['narrowed', service('a'), { StringEquals: { 'kms:EncryptionContext:service': 'a', 'kms:ViaService': 'x' } }],
    ['widened', service('ab'), { StringLike: { 'kms:EncryptionContext:service': 'a*' } }],
  ])('calls it %s only when conditions prove it', (change, before, after) => {
    const diff = accessDiff(app([use('kms:Decrypt', before)]), app([use('kms:Decrypt', after)]));
    expect(inShort(diff)).toEqual([`${change} ${WRITER}: decrypt`]);
  });

  it('says nothing of the same condition, differently written', () => {
    const split = [use('kms:Decrypt', service('a')), use('kms:Decrypt', service('b'))];
    expect(inShort(accessDiff(app([use('kms:Decrypt', service('b', 'a'))]), app(split)))).toEqual([]);
  });

  it('takes a Deny under a condition for less access', () => {
    const deny = { ...use('kms:Decrypt', service('a')), Effect: 'Deny' };
    const [before, after] = [app([use('kms:Decrypt')]), app([use('kms:Decrypt'), deny])];
    expect(inShort(accessDiff(before, after))).toEqual([`narrowed ${WRITER}: decrypt`]);
    expect(inShort(accessDiff(after, before))).toEqual([`widened ${WRITER}: decrypt`]);
  });

  it('puts whoever can newly hand access on first', () => {
    const diff = accessDiff(app(), app([use(['kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:UpdateAlias'])]));
    expect(alertsOf(diff)).toEqual([
      'escalation: can now use kms:PutKeyPolicy, and so take everything on the key',
      'escalation: can now use kms:CreateGrant, and so take what grants can give, to anybody',
    ]);
  });

  it('warns of aliases and of who may change them where a statement tests them', () => {
    const tests = use('kms:Decrypt', { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/orders' } });
    const alias = { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/orders', TargetKeyId: arnOf('Key') } };
    const diff = accessDiff(app([tests]), app([tests, use('kms:UpdateAlias')], [], { Alias: alias }));
    expect(alertsOf(diff)).toEqual([
      expect.stringMatching(/^escalation: can now use kms:UpdateAlias, and with it turn statement 1 .* tests kms:Res/),
      expect.stringMatching(/^escalation: the key has alias\/orders, which turns statement 1/),
    ]);
  });
});

describe('lockout', () => {
  const denyAll = { Effect: 'Deny', Principal: '*', Action: 'kms:PutKeyPolicy', Resource: '*' };

  it('is told first when nobody can change the key policy any more', () => {
    const diff = accessDiff(app(), app([use('kms:CreateGrant')], [denyAll]));
    expect(diff.alerts[0]).toMatchObject({ kind: 'lockout', text: 'nobody can change the key policy any more' });
    expect(diff.alerts[0]?.because[0]?.text).toContain('statement 2 of key policy of App/Key denies kms:PutKeyPolicy');
    expect(alertsOf(accessDiff(app([], [denyAll]), app([], [denyAll])))).toEqual([]);
  });

  it('is told of a key that is born so', () => {
    const empty = appOf({}, { environment });
    expect(alertsOf(accessDiff(empty, app([], [denyAll])))).toContain(
      'lockout: nobody can change the key policy any more',
    );
  });

  describe('of the role that deploys', () => {
    const DEPLOYER = 'arn:aws:iam::111122223333:role/Deploy';
    const allow = (arn: string, Action: unknown = 'kms:*') => {
      return { Effect: 'Allow', Principal: { AWS: arn }, Action, Resource: '*' };
    };
    /** An app of a key with just these statements, deployed with a role of elsewhere. */
    const deployed = (...statements: Json[]) => {
      const KeyPolicy = { Version: '2012-10-17', Statement: statements };
      const template = { Resources: { Key: keyResource([], { KeyPolicy }) } };
      const { 'manifest.json': manifest, ...files } = assemblyFiles({ App: { template, environment } });
      const { artifacts } = manifest as { artifacts: { App: { properties: Json } } };
      artifacts.App.properties['cloudFormationExecutionRoleArn'] = DEPLOYER;
      return readAssembly(folderWith({ ...files, 'manifest.json': manifest }));
    };
    const administers = ['kms:Describe*', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant'];
    const OTHER = 'arn:aws:iam::111122223333:role/Other';

    it('comes before everything else when nobody else can either', () => {
      const after = deployed(allow(DEPLOYER, administers), {
        ...allow(OTHER, 'kms:CreateGrant'),
        Principal: { Service: 'sns.amazonaws.com' },
      });
      const diff = accessDiff(deployed(allow(DEPLOYER)), after);
      expect(alertsOf(diff)).toEqual([
        'lockout: nobody can change the key policy any more',
        `lockout: the role that deploys, ${DEPLOYER}, cannot change the key policy afterwards`,
        expect.stringMatching(/^escalation: .*kms:CreateGrant/),
      ]);
      expect(diff.alerts[1]?.because[0]?.text).toContain('kms:PutKeyPolicy');
    });

    it('is told where another one still can', () => {
      const [before, after] = [deployed(allow(DEPLOYER), allow(OTHER)), deployed(allow(OTHER))];
      const text = `lockout: the role that deploys, ${DEPLOYER}, cannot change the key policy afterwards`;
      expect(alertsOf(accessDiff(before, after))).toEqual([text]);
      expect(alertsOf(accessDiff(after, before))).not.toContain(text);
    });

    it('is not told where its account may let it, which only the account knows', () => {
      const root = deployed(allow('arn:aws:iam::111122223333:root'));
      expect(alertsOf(accessDiff(deployed(allow(DEPLOYER)), root)).filter((text) => /^lockout/.test(text))).toEqual([]);
    });
  });

  it('is told when KMS is told not to look', () => {
    const bypass = { Key: keyResource([], { BypassPolicyLockoutSafetyCheck: true }) };
    expect(alertsOf(accessDiff(app(), app([], [], bypass)))).toEqual([
      'lockout: KMS is told not to check that the key policy can still be changed: BypassPolicyLockoutSafetyCheck',
    ]);
  });
});

describe('things that come, go and are replaced', () => {
  it('lists them, with what follows for access', () => {
    const empty = appOf({}, { environment });
    const diff = accessDiff(empty, app([use('kms:Decrypt')]));
    expect(diff.keys).toMatchObject([{ change: 'added', constructPath: 'App/Key', logicalId: 'Key' }]);
    expect(diff.principals).toMatchObject([{ change: 'added', logicalId: 'Writer' }]);
    expect(diff.changes.map(({ cause }) => cause)).toContain('key added');
    expect(inShort(diff)).toContain(`gained ${WRITER}: decrypt`);
    expect(inShort(accessDiff(app([use('kms:Decrypt')]), empty))).toContain(`lost ${WRITER}: decrypt`);
  });

  it('takes a construct with another path and the same logical id for the same', () => {
    const moved = { ...keyResource(), Metadata: { 'aws:cdk:path': 'App/Moved/Resource' } };
    const diff = accessDiff(app([use('kms:Decrypt')]), app([use('kms:Decrypt')], [], { Key: moved }));
    expect(diff.keys).toMatchObject([{ change: 'renamed', formerly: 'App/Key' }]);
    expect(diff.changes).toEqual([]);
  });

  it.each([
    ['RoleName changed', {}, { RoleName: 'writer' }],
    ['Path changed', {}, { Path: '/service/' }],
  ])('warns of a role that a key policy names and CloudFormation replaces: %s', (why, before, after) => {
    const named = { Effect: 'Allow', Principal: { AWS: arnOf('Writer') }, Action: 'kms:Decrypt', Resource: '*' };
    const diff = accessDiff(app([], [named], {}, before), app([], [named], {}, after));
    expect(alertsOf(diff)).toEqual([expect.stringContaining(`replacement: the role is replaced (${why})`)]);
    expect(alertsOf(accessDiff(app([], [], {}, before), app([], [], {}, after)))).toEqual([]);
    expect(diff.principals).toMatchObject([{ change: 'replaced' }]);
  });

  it('does not take a role for one of the same logical id in another stack', () => {
    const stack = (role: Json) => ({
      template: {
        Resources: {
          Key: { ...keyResource([letIn]), Metadata: {} },
          Writer: { ...roleResource(role), Metadata: {} },
        },
      },
    });
    const letIn = { Effect: 'Allow', Principal: { AWS: arnOf('Writer') }, Action: 'kms:Decrypt', Resource: '*' };
    const apps = [{}, { Path: '/team/' }].map((role) => assemblyOf({ One: stack(role), Two: stack({}) }));
    const { alerts } = accessDiff(apps[0] as Assembly, apps[1] as Assembly);
    expect(alerts.map(({ kind, key }) => [kind, key?.constructPath])).toEqual([['replacement', 'One/Key']]);
  });

  it('does not take a role for another one where the environment of its stack was open and is given', () => {
    const named = { Effect: 'Allow', Principal: { AWS: arnOf('Writer') }, Action: 'kms:Decrypt', Resource: '*' };
    const resources = {
      Key: keyResource([named]),
      Writer: roleResource({ RoleName: { 'Fn::Sub': `writer-\${AWS::Region}` } }),
    };
    const [open, given, other] = [undefined, environment, 'aws://444455556666/eu-west-1'].map((one) =>
      appOf(resources, one === undefined ? {} : { environment: one }),
    ) as [Assembly, Assembly, Assembly];
    expect(accessDiff(open, given)).toMatchObject({ alerts: [], principals: [] });
    expect(alertsOf(accessDiff(given, other))).toEqual([
      expect.stringContaining('the role is replaced (its account was 111122223333 and is 444455556666)'),
    ]);
  });

  describe('in a stack with another name', () => {
    const inStack = (name: string, own: readonly Json[], more: Json = {}, stacks: Json = {}) => {
      const at = (resource: Json, path: string) => ({
        ...resource,
        Metadata: { 'aws:cdk:path': `${name}/${path}/Resource` },
      });
      const Resources = {
        Key: at(keyResource(), 'Key'),
        Writer: at(roleResource(more), 'Writer'),
        Policy: policyResource(own, [{ Ref: 'Writer' }]),
      };
      return assemblyOf({ [name]: { template: { Resources }, environment }, ...(stacks as object) });
    };

    it('are the same things, made anew, and only the access that differs is told', () => {
      const diff = accessDiff(inStack('Old', [use('kms:Decrypt')]), inStack('New', [use('kms:Decrypt')]));
      expect(diff.changes).toEqual([]);
      expect(diff.undecided).toEqual([]);
      expect(diff.keys).toMatchObject([{ change: 'replaced', constructPath: 'New/Key' }]);
      expect(diff.principals).toMatchObject([{ change: 'replaced', constructPath: 'New/Writer' }]);
      expect(alertsOf(diff)).toEqual([
        expect.stringContaining('the key is another one now (its stack was Old and is New)'),
      ]);
      const more = accessDiff(inStack('Old', [use('kms:Decrypt')]), inStack('New', [use('kms:*crypt')]));
      expect(inShort(more)).toEqual(['gained New/Writer: encrypt']);
    });

    it('are others where more than one has the logical id', () => {
      const twin = { template: { Resources: { Key: keyResource() } }, environment };
      const diff = accessDiff(inStack('Old', []), inStack('New', [], {}, { Twin: twin }));
      expect(diff.keys.map(({ change }) => change)).toEqual(['added', 'added', 'removed']);
    });
  });

  it('warns of a key that becomes another one', () => {
    const other = accessDiff(appOf({ Key: keyResource() }), appOf({ Key2: keyResource() }));
    expect(alertsOf(other)).toEqual([expect.stringContaining('replacement: the key is another one now')]);
  });
});

describe('what cannot be decided', () => {
  const shared = { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] };

  it('is listed with its reason, and is neither lost nor gained', () => {
    const diff = accessDiff(app([use('kms:Decrypt')]), app([], [], {}, shared));
    expect(inShort(diff)).toEqual([]);
    const decrypt = diff.undecided.find(({ actions }) => actions.includes('kms:Decrypt'));
    expect([decrypt?.before.verdict, decrypt?.after.verdict]).toEqual(['allowed', 'unknown']);
    expect(decrypt?.because[0]?.text).toContain('policy/Shared');
  });

  it('is not listed where nothing changed that it hinges on', () => {
    const other = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'kms:Decrypt',
      Resource: '*',
    };
    const diff = accessDiff(app([], [], {}, shared), app([], [other], {}, shared));
    expect(diff.undecided).toEqual([]);
    expect(inShort(diff)).toEqual(['gained sns.amazonaws.com: decrypt']);
  });

  it('says of a principal of elsewhere that its own policies are not known', () => {
    const reader = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/Reader' } };
    const diff = accessDiff(app(), app([], [{ ...reader, Action: 'kms:Decrypt', Resource: '*' }]));
    expect(diff.undecided).toMatchObject([
      { actions: ['kms:Decrypt'], before: { verdict: 'denied' }, after: { verdict: 'unknown' } },
    ]);
  });
});

describe('an environment that was open and is given', () => {
  it('leaves the account of the key the same', () => {
    const resources = { Key: keyResource(), Writer: roleResource() };
    const diff = accessDiff(appOf(resources), appOf(resources, { environment }));
    expect([diff.changes, diff.undecided]).toEqual([[], []]);
  });
});

describe('grants', () => {
  it('of another key say nothing about what is not known', () => {
    const shared = { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/Shared'] };
    const grantOn = (key: string) => ({
      Type: 'Custom::KeysmithGrant',
      Properties: { KeyId: arnOf(key), GranteePrincipal: arnOf('Writer'), Operations: ['Decrypt'] },
    });
    const other = { ...keyResource(), Metadata: { 'aws:cdk:path': 'App/Other/Resource' } };
    const [before, after] = [{ Other: other }, { Other: other, Grant: grantOn('Other') }];
    const diff = accessDiff(app([], [], before, shared), app([], [], after, shared));
    expect(diff.undecided.filter(({ key }) => key.constructPath === 'App/Key')).toEqual([]);
    expect(
      diff.undecided.map(({ key }) => key.constructPath).concat(diff.changes.map(({ key }) => key.constructPath)),
    ).toEqual(['App/Other']);
  });

  it('count as access', () => {
    const grant = {
      Type: 'Custom::KeysmithGrant',
      Properties: {
        KeyId: arnOf('Key'),
        GranteePrincipal: arnOf('Writer'),
        Operations: ['Decrypt'],
      },
    };
    expect(inShort(accessDiff(app(), app([], [], { Grant: grant })))).toEqual([`gained ${WRITER}: decrypt`]);
  });
});

describe('tags of a principal', () => {
  it('decide statements that test them', () => {
    const team = (name: string) => ({ Tags: [{ Key: 'team', Value: name }] });
    const tests = use('kms:Decrypt', { StringEquals: { 'aws:PrincipalTag/team': 'orders' } });
    const diff = accessDiff(app([tests], [], {}, team('billing')), app([tests], [], {}, team('orders')));
    expect(inShort(diff)).toEqual([`gained ${WRITER}: decrypt`]);
  });
});

describe('everyone', () => {
  it('gains what a key policy newly gives to "*"', () => {
    const all = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
    const diff = accessDiff(app(), app([], [{ ...all }]));
    expect([...inShort(diff), ...diff.undecided.map(({ grantee }) => grantee.name)]).toEqual(
      expect.arrayContaining([`gained ${WRITER}: decrypt`, 'everyone']),
    );
  });
});

describe('templates', () => {
  it('are compared without an assembly, by logical id', () => {
    const template = (statements: Json[]) => [
      { name: 'app.json', text: JSON.stringify({ Resources: { Key: { ...keyResource(statements), Metadata: {} } } }) },
    ];
    const other = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'kms:Decrypt',
      Resource: '*',
    };
    const diff = accessDiff(readTemplates(template([])), readTemplates(template([other])));
    expect(inShort(diff)).toEqual(['gained sns.amazonaws.com: decrypt']);
    expect(diff.changes[0]?.key.constructPath).toBe('app/Key');
  });
});
