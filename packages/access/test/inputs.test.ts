import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, readAssembly, readTemplates, valueInWords } from '@cdk-keysmith/access';
import { assemblyFiles, folderWith, keyResource, removeFolders } from './support/assembly.ts';

afterAll(removeFolders);

const yaml = (text: string): Assembly => readTemplates([{ name: 'app.yaml', text }]);

const ROLE = `
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
`;

/** The description of a key, in words, when a template in YAML says it. */
function described(value: string, more = ''): string {
  const { keys } = yaml(`
Parameters: {Param: {Type: String}}
Mappings: {Map: {a: {b: mapped}}}
Conditions: {No: !Equals [a, b], Yes: !Not [!Condition No]}
${more}
Resources:
  Other: {Type: AWS::KMS::Key}
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: ${value}
${ROLE}`);
  return valueInWords(keys.find(({ logicalId }) => logicalId === 'Key')?.description ?? 'there is no key');
}

describe('a template in YAML', () => {
  it.each([
    ['!Ref Param', `\${Param}`],
    ['!GetAtt Role.Arn', `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/\${Role}`],
    ['!GetAtt [Other, Arn]', `arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/\${Other}`],
    [`!Sub "x-\${Param}-\${!Literal}"`, `x-\${Param}-\${Literal}`],
    [`!Sub ["\${A}-\${Param}", {A: !Ref Other}]`, `\${Other}-\${Param}`],
    ['!Join [":", [a, !Ref Param, 7]]', `a:\${Param}:7`],
    ['!Select [1, [a, b]]', 'b'],
    ['!Select [1, !Split [",", "a,b"]]', 'b'],
    ['!FindInMap [Map, a, b]', 'mapped'],
    ['!If [Yes, this, that]', 'this'],
    ['!If [No, this, that]', 'that'],
    ['!Base64 abc', 'YWJj'],
    ['!ImportValue elsewhere', `\${export "elsewhere" is not of this app}`],
    ['{"Fn::Length": [a, b, c]}', '3'],
    [`{"Fn::ToJsonString": {a: [1, !Ref Param, 'q"']}}`, `{"a":[1,"\${Param}","q\\""]}`],
    [
      '!Cidr [10.0.0.0/8, 2, 8]',
      `\${Fn::Cidr is not followed: address ranges are not computed, since no key is found by one}`,
    ],
    ['!Nothing x', `\${Fn::Nothing is not followed}`],
    ['|\n        two\n        lines', 'two\nlines\n'],
  ])('says %s', (written, words) => expect(described(written)).toBe(words));

  it('keeps numbers as they are written where JSON would write others', () => {
    expect(
      ['0123456789', '111122223333', '0x1F', '1e3', '12:30', '1_000', '2012-10-17', '1.50'].map((text) =>
        described(text),
      ),
    ).toEqual(['0123456789', '111122223333', '0x1F', '1e3', '12:30', '1_000', '2012-10-17', '1.50']);
  });

  it('knows the truth values of YAML 1.1, which CloudFormation reads, and quoted ones as text', () => {
    const rotation = (word: string) => {
      return yaml(`Resources: {Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: ${word}}}}`).keys[0]?.rotation
        .enabled;
    };
    expect(['yes', 'On', 'true', 'TRUE', '"true"'].map(rotation)).toEqual([true, true, true, true, true]);
    expect(['no', 'off', 'false', '"false"'].map(rotation)).toEqual([false, false, false, false]);
    expect(described('"yes"')).toBe('yes');
  });

  it('may use anchors, aliases and merges, of which what is written beside them wins', () => {
    const { keys } = yaml(`
Shared: &shared {Description: shared, KeySpec: RSA_2048}
Resources:
  A: {Type: AWS::KMS::Key, Properties: *shared}
  B: {Type: AWS::KMS::Key, Properties: {<<: *shared, KeySpec: RSA_4096}}
`);
    expect(keys.map(({ description, keySpec }) => [description, keySpec])).toEqual([
      ['shared', 'RSA_2048'],
      ['shared', 'RSA_4096'],
    ]);
  });

  it('has the account numbers of principals without quotes', () => {
    const [key] = yaml(`
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: 2012-10-17
        Statement: {Effect: Allow, Principal: {AWS: 111122223333}, Action: "kms:*", Resource: "*"}
`).keys;
    expect(key?.problems).toEqual([]);
    expect(key?.keyPolicy.version).toBe('2012-10-17');
    expect(key?.keyPolicy.statements[0]?.principals).toEqual({ AWS: ['arn:aws:iam::111122223333:root'] });
  });
});

describe('what can be read', () => {
  const template = { Resources: { Key: keyResource() } };
  const text = 'Resources:\n  Key:\n    Type: AWS::KMS::Key\n';

  it('is a template file, JSON or YAML, whose stack is called after it', () => {
    const folder = folderWith({ 'orders.template.json': template, 'mail.yaml': text, 'plain.template': text });
    expect(
      ['orders.template.json', 'mail.yaml', 'plain.template'].map((name) => readAssembly(join(folder, name))),
    ).toMatchObject([
      { directory: folder, stacks: [{ name: 'orders' }], keys: [{ constructPath: 'App/Key' }] },
      { directory: folder, stacks: [{ name: 'mail' }], keys: [{ constructPath: 'mail/Key', stack: 'mail' }] },
      { directory: folder, stacks: [{ name: 'plain' }], keys: [{ constructPath: 'plain/Key' }] },
    ]);
  });

  it('is a folder of templates, in which other files are left alone', () => {
    const folder = folderWith({
      'b.yml': text,
      'a.json': template,
      'package.json': { name: 'x' },
      'chart.yaml': '{{ broken',
      'serverless.yml': 'service: x\nresources:\n  Resources: {}\n',
      'folder.json/x': '',
      'notes.md': 'Resources:',
      'deeper/c.yaml': text,
    });
    expect(readAssembly(folder).stacks.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is text, of an earlier revision say', () => {
    const { directory, stacks, keys } = readTemplates([
      { name: 'orders/template.yaml', text },
      { name: 'mail/template.json', text: JSON.stringify(template) },
    ]);
    expect(directory).toBeUndefined();
    expect(stacks.map(({ name, templateFile }) => [name, templateFile])).toEqual([
      ['orders/template.yaml', 'orders/template.yaml'],
      ['mail/template.json', 'mail/template.json'],
    ]);
    expect(keys.map(({ constructPath }) => constructPath)).toEqual(['orders/template.yaml/Key', 'App/Key']);
  });

  it('finds the templates of nested stacks by their paths, and reads none twice', () => {
    const nesting = (location: string) => ({
      Resources: {
        Inner: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: location, Parameters: { Name: 'orders' } },
        },
      },
    });
    const inner = `Parameters: {Name: {Type: String}}\nResources:\n  A: {Type: AWS::KMS::Alias, Properties: {AliasName: !Sub "alias/\${Name}", TargetKeyId: x}}\n`;
    const folder = folderWith({
      'outer.json': nesting('./inner.yaml'),
      'inner.yaml': inner,
      'deep.json': nesting('parts/inner.yaml'),
      'parts/inner.yaml': inner,
    });
    const names = (assembly: Assembly) => assembly.aliases.map(({ stack, name }) => [stack, name]);
    expect(names(readAssembly(folder))).toEqual([
      ['deep/Inner', 'alias/orders'],
      ['outer/Inner', 'alias/orders'],
    ]);
    expect(names(readAssembly(join(folder, 'outer.json')))).toEqual([['outer/Inner', 'alias/orders']]);
    const texts = [
      { name: 'a/outer.json', text: JSON.stringify(nesting('../b/inner.yaml')) },
      { name: 'b/inner.yaml', text: inner },
    ];
    expect(names(readTemplates(texts))).toEqual([['outer/Inner', 'alias/orders']]);
    expect(readTemplates(texts.slice(0, 1)).stacks[0]?.problems).toEqual([
      'outer/Inner: the template of this nested stack is not in the assembly',
    ]);
  });

  it('reads no nested template through a link that leads out of the folder', () => {
    const outside = folderWith({ 'inner.yaml': text });
    const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'inner.link' } };
    const folder = folderWith({ 'outer.json': { Resources: { Nested: nested } } });
    symlinkSync(join(outside, 'inner.yaml'), join(folder, 'inner.link'));
    expect(readAssembly(folder).keys).toEqual([]);
  });

  it('reads no nested template outside of the folder', () => {
    const outside = folderWith({ 'inner.yaml': text });
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: `../${outside.split('/').at(-1)}/inner.yaml` },
    };
    const folder = folderWith({ 'outer.json': { Resources: { Nested: nested } } });
    expect(readAssembly(folder)).toMatchObject({
      keys: [],
      stacks: [{ problems: [expect.stringContaining('nested stack')] }],
    });
  });

  it('is no file without resources, and no folder without templates', () => {
    const folder = folderWith({ 'serverless.yml': 'resources: {Resources: {}}', 'a.txt': '' });
    expect(() => readAssembly(join(folder, 'serverless.yml'))).toThrow(/serverless\.yml has no Resources/);
    expect(() => readAssembly(folder)).toThrow(expect.objectContaining({ code: 'NOT_AN_ASSEMBLY' }));
    expect(() => readTemplates([{ name: 'a.json', text: '{}' }])).toThrow(/a\.json has no Resources/);
  });

  it('joins templates by their exports', () => {
    const { aliases, keys } = readTemplates([
      { name: 'keys.yaml', text: `${text}Outputs: {Arn: {Value: !GetAtt Key.Arn, Export: {Name: key-arn}}}` },
      {
        name: 'use.yaml',
        text: 'Resources: {A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: !ImportValue key-arn}}}',
      },
    ]);
    expect(aliases[0]?.key).toBe(keys[0]);
  });
});

describe('where a thing is declared', () => {
  it('is the line of the template, in JSON and in YAML', () => {
    const json =
      '{\n  "Outputs": {"Key": {}},\n  "Resources": {\n    "Other": {"Type": "X", "Key": 1},\n    "K\\u0065y": {"Type": "AWS::KMS::Key"}\n  }\n}';
    const [first] = readTemplates([{ name: 'a.json', text: json }]).keys;
    expect(first?.source).toEqual({ file: 'a.json', line: 5, column: 5 });
    const [second] = yaml('# a comment\nResources:\n  Other: {Type: X}\n  Key:\n    Type: AWS::KMS::Key\n').keys;
    expect(second?.source).toEqual({ file: 'app.yaml', line: 4, column: 3 });
  });

  it.each([
    [
      { type: 'aws:cdk:creationStack', data: ['...new Key in aws-cdk-lib...', 'new Orders (lib/orders.ts:12:5)'] },
      'lib/orders.ts',
      12,
      5,
    ],
    [
      { type: 'aws:cdk:creationStack', data: ['<anonymous> (/app (copy)/bin/app.ts:3:9)'] },
      '/app (copy)/bin/app.ts',
      3,
      9,
    ],
    [{ type: 'aws:cdk:creationStack', data: ['at C:\\app\\bin.ts:7:1'] }, 'C:\\app\\bin.ts', 7, 1],
    [
      {
        type: 'x',
        trace: [
          'new Key (/app/node_modules/aws-cdk-lib/aws-kms/lib/key.js:1:2)',
          'node:internal:1:1',
          'Orders (o.ts:4:2)',
        ],
      },
      'o.ts',
      4,
      2,
    ],
  ])('is the line of the author’s code where the assembly has it: %j', (entry, file, line, column) => {
    const template = { Resources: { Key: keyResource() } };
    const files = assemblyFiles({ App: { template } });
    const manifest = JSON.parse(JSON.stringify(files['manifest.json']));
    manifest.artifacts.App.metadata = { '/App/Key/Resource': [{ type: 'aws:cdk:logicalId', data: 'Key' }, entry] };
    const [key] = readAssembly(folderWith({ ...files, 'manifest.json': manifest })).keys;
    expect(key?.source).toEqual({ file, line, column });
  });

  it('is the template where no frame names a file of the author', () => {
    const files = assemblyFiles({ App: { template: { Resources: { Key: keyResource() } } } });
    const manifest = JSON.parse(JSON.stringify(files['manifest.json']));
    const data = ['...App.synth in aws-cdk-lib...', '(no user code in 10 frames)'];
    manifest.artifacts.App.metadata = {
      '/App/Key/Resource': [
        { type: 'aws:cdk:logicalId', data: 'Key' },
        { type: 'aws:cdk:creationStack', data },
      ],
    };
    const folder = folderWith({ ...files, 'manifest.json': manifest });
    expect(readAssembly(folder).keys[0]?.source).toEqual({
      file: join(folder, 'App.template.json'),
      line: 1,
      column: 15,
    });
  });
});

describe('the path of a construct', () => {
  it('is that of the construct tree where the assembly has no metadata', () => {
    const template = { Resources: { Key: { Type: 'AWS::KMS::Key' } } };
    const attributes = { 'aws:cdk:cloudformation:logicalId': 'Key' };
    const resource = (stack: string) => ({
      path: stack,
      children: {
        Data: { path: `${stack}/Data`, children: { Resource: { path: `${stack}/Data/Resource`, attributes } } },
      },
    });
    const tree = {
      version: 'tree-0.1',
      tree: { path: '', children: { App: resource('App'), Other: resource('Other') } },
    };
    const files = assemblyFiles(
      { App: { template } },
      { Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } } },
    );
    const read = (more: Record<string, unknown>) =>
      readAssembly(folderWith({ ...files, ...more })).keys[0]?.constructPath;
    expect(read({ 'tree.json': tree })).toBe('App/Data');
    expect(read({ 'tree.json': {} })).toBe('App/Key');
    expect(read({})).toBe('App/Key');
  });
});

describe('the parameters of a stack', () => {
  it('are listed with what the template says of their values', () => {
    const { stacks, keys } = yaml(`
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Arn: {Type: "AWS::SSM::Parameter::Value<String>", Default: /key/arn}
Resources: {Key: {Type: AWS::KMS::Key, Properties: {Description: !Ref Arn}}}`);
    expect(stacks[0]?.parameters).toEqual([
      { name: 'Env', type: 'String', default: 'dev', allowedValues: ['dev', 'prod'] },
      { name: 'Arn', type: 'AWS::SSM::Parameter::Value<String>', default: '/key/arn' },
    ]);
    expect(keys[0]?.description).toEqual({
      parts: [{ kind: 'parameter', stack: 'app', name: 'Arn', ssm: '/key/arn' }],
    });
  });
});
