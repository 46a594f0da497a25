import { createHash } from 'node:crypto';
import {
  type AccessMap,
  type Assembly,
  accessMap,
  accessPage,
  checkAssembly,
  type Finding,
  readAssembly,
} from '@cdk-keysmith/access';
import { type DefaultTreeAdapterTypes, type ParserError, parse } from 'parse5';
import { COLOURS, CONTRASTS } from '../src/page/colours.ts';
import { appOf, arnOf, keyResource, policyResource, removeFolders, roleResource } from './support/assembly.ts';

afterAll(removeFolders);

type Element = DefaultTreeAdapterTypes.Element;

function parsed(page: string): { all: readonly Element[]; errors: readonly ParserError[] } {
  const errors: ParserError[] = [];
  const all: Element[] = [];
  const collect = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) all.push(node);
    if ('childNodes' in node) node.childNodes.forEach(collect);
  };
  collect(parse(page, { onParseError: (error) => errors.push(error) }));
  return { all, errors };
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((one) => one.name === name)?.value;
}

function textOf(node: DefaultTreeAdapterTypes.Node | undefined): string {
  if (node === undefined) return '';
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const HOSTILE = `</script><script>alert(1)</script><!--"'&\u202Egnp.\u0000`;

const FINDING: Finding = {
  ruleId: 'rotation-disabled',
  severity: 'error',
  message: 'what',
  constructPath: 'App/Key',
  logicalId: 'Key',
  stack: 'App',
  fix: 'do it',
};

function mapOf(roleName: string): AccessMap {
  return accessMap(appWith(roleName));
}

function appWith(roleName: string): Assembly {
  const use = { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: arnOf('Key') };
  const condition = { StringEquals: { [`kms:EncryptionContext:${roleName}`]: roleName } };
  const named = (name: string, resource: Record<string, unknown>) => ({
    ...resource,
    Metadata: { 'aws:cdk:path': `App/${name}/Resource` },
  });
  return appOf({
    Key: keyResource([{ Effect: 'Deny', Principal: '*', Action: 'kms:ScheduleKeyDeletion', Resource: '*' }], {
      Description: roleName,
    }),
    Writer: named('Writer', roleResource()),
    Hostile: named(roleName, roleResource()),
    Nobody: named('Nobody', roleResource()),
    Policy: policyResource([use], [{ Ref: 'Writer' }]),
    Conditional: policyResource([{ ...use, Condition: condition }], [{ Ref: 'Hostile' }]),
  });
}

describe('the page of the access map', () => {
  const app = appWith('Other');
  const map = accessMap(app);
  const page = accessPage(map);
  const { all, errors } = parsed(page);
  const named = (tag: string) => all.filter(({ tagName }) => tagName === tag);

  it('is a document without errors, with one id for each thing and a thing for each id that is named', () => {
    expect(errors).toEqual([]);
    const ids = all.flatMap((element) => attribute(element, 'id') ?? []);
    expect(ids).toEqual([...new Set(ids)]);
    for (const element of all) {
      const target = attribute(element, 'href')?.slice(1);
      for (const id of [target, ...(attribute(element, 'aria-labelledby')?.split(' ') ?? [])]) {
        if (id !== undefined) expect(ids).toContain(id);
      }
    }
  });

  it('has the language, one h1, a main part, a caption and scopes in every table, and a label for every control', () => {
    expect(attribute(named('html')[0], 'lang')).toBe('en');
    expect([named('h1').length, named('main').length]).toEqual([1, 1]);
    expect(named('caption')).toHaveLength(named('table').length);
    expect(named('table').length).toBeGreaterThan(0);
    for (const head of named('th')) expect(attribute(head, 'scope')).toMatch(/^(col|row)$/);
    for (const control of [...named('input'), ...named('select')]) {
      expect(control.parentNode).toMatchObject({ tagName: 'label' });
    }
    for (const region of all.filter((element) => attribute(element, 'role') === 'region')) {
      expect(attribute(region, 'tabindex')).toBe('0');
      expect(attribute(region, 'aria-label') ?? attribute(region, 'aria-labelledby')).toBeDefined();
    }
  });

  it('tells without a script who reaches a key, how, and why', () => {
    const row = named('tr').find((element) => attribute(element, 'data-principal') === 'App/Other');
    const text = textOf(row);
    expect(text).toContain('decrypt');
    expect(text).toContain('if encryption context "Other" is "Other"');
    expect(text).toContain('statement 1 of key policy of App/Key delegates');
    expect(named('tr').some((element) => attribute(element, 'data-principal') === 'App/Nobody')).toBe(false);
    expect(textOf(named('main')[0])).toContain('1 other principal may do nothing with it');
  });

  it('draws a line for each principal and key, and says so in words', () => {
    const lines = named('path').map((path) => [attribute(path, 'data-principal'), attribute(path, 'class')]);
    expect(lines).toEqual([
      [`account account \${AWS::AccountId}`.slice('account '.length), 'edge s-allowed'],
      ['App/Writer', 'edge s-allowed'],
      ['App/Other', 'edge s-allowed-if'],
    ]);
    expect(textOf(named('desc')[0])).toContain('3 principals and 1 key, joined by 3 lines');
  });

  it('lets run and style only what its policy has the hash of, and load nothing', () => {
    const policy = attribute(
      named('meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy'),
      'content',
    );
    const hash = (element: Element | undefined) =>
      `'sha256-${createHash('sha256').update(textOf(element)).digest('base64')}'`;
    const scripts = named('script').filter((script) => attribute(script, 'type') === undefined);
    expect([scripts.length, named('style').length]).toEqual([1, 1]);
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(named('style')[0])}`,
      `script-src ${hash(scripts[0])}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    for (const element of all) {
      for (const { name, value } of element.attrs) {
        expect(name).not.toMatch(/^(on|src|style|action)/);
        if (name === 'href') expect(value).toMatch(/^#/);
      }
    }
    expect(textOf(named('style')[0])).not.toMatch(/url\(|@import/);
    expect(textOf(scripts[0])).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(/);
  });

  it('gives the same bytes for the same map', () => {
    expect(accessPage(accessMap(readAssembly(app.directory ?? '')))).toBe(page);
  });

  it('shows hostile names as text, and what cannot be seen as code points', () => {
    const finding = { ...FINDING, message: HOSTILE, constructPath: HOSTILE, fix: HOSTILE, policy: HOSTILE };
    const suppressed = { reason: HOSTILE, where: HOSTILE };
    const hostile = accessPage(mapOf(HOSTILE), [finding, { ...finding, suppressed }]);
    const other = parsed(hostile);
    expect(other.errors).toEqual([]);
    expect(other.all.filter(({ tagName }) => tagName === 'script')).toHaveLength(2);
    for (const unseen of ['\u202E', '\u0000']) expect(hostile).not.toContain(unseen);
    const row = other.all.find((element) => attribute(element, 'data-principal')?.includes('alert(1)'));
    expect(textOf(row)).toContain(`App/</script><script>alert(1)</script><!--"'&⟨U+202E⟩gnp.⟨U+0000⟩`);
    const data: unknown = JSON.parse(textOf(other.all.find((element) => attribute(element, 'id') === 'data')));
    expect(JSON.stringify(data)).toContain('alert(1)');
  });

  it('embeds for its script every verdict of the map and every sentence that explains one', () => {
    const data = JSON.parse(textOf(all.find((element) => attribute(element, 'id') === 'data'))) as {
      principals: [string, ...string[]][];
      texts: string[];
      verdicts: [string, number, number[], number[]][];
      profiles: [number[], number[]][];
      rows: number[][];
    };
    const [access] = map.keys;
    expect(data.rows[0]).toHaveLength((access?.rows.length ?? 0) * 2);
    for (const [at, { grantee, cells }] of access?.rows.entries() ?? []) {
      const [who = -1, profile = -1] = data.rows[0]?.slice(at * 2, at * 2 + 2) ?? [];
      expect(data.principals[who]?.[0]).toBe(grantee.name);
      const told = data.profiles[profile]?.[1].flatMap((verdict) => data.verdicts[verdict]?.[3] ?? []) ?? [];
      const texts = told.map((text) => (data.texts[text] ?? '').replaceAll('\u0001', grantee.name));
      const sentences = texts.map((text) => text.replaceAll('\u0002', access?.key.constructPath ?? '')).join('\n');
      for (const { decision, action } of cells) {
        for (const { text } of decision.reasons) {
          const general = text.replace(new RegExp(`${action}(?![A-Za-z*])`, 'g'), 'these actions');
          expect([text, general].some((one) => sentences.includes(one))).toBe(true);
        }
      }
    }
  });

  it('has the findings of the rules with severity, place and what to do, and folds those that may stay', () => {
    const findings = checkAssembly(app);
    const kept = { ...FINDING, ruleId: 'key-disabled', suppressed: { reason: 'a trial', where: 'stays.yaml:2' } };
    const { all: elements, errors: wrong } = parsed(accessPage(map, [...findings, kept]));
    expect(wrong).toEqual([]);
    const rows = elements.filter((element) => attribute(element, 'data-rule') !== undefined);
    expect(rows.map((row) => attribute(row, 'data-rule'))).toEqual([
      ...findings.map(({ ruleId }) => ruleId),
      'key-disabled',
    ]);
    expect(findings.length).toBeGreaterThan(0);
    for (const [at, { severity, constructPath, source, message, fix }] of findings.entries()) {
      for (const text of [severity, constructPath, `:${source?.line}`, message, fix]) {
        expect(textOf(rows[at])).toContain(text);
      }
    }
    const folded = elements.find((element) => {
      return element.tagName === 'details' && textOf(element).startsWith('1 finding that may stay');
    });
    expect(textOf(folded)).toContain('a trial (stays.yaml:2)');
    expect(textOf(folded)).not.toContain('do it');
  });

  it('of an app without keys says so', () => {
    const empty = accessPage(accessMap(appOf({})));
    expect(parsed(empty).errors).toEqual([]);
    expect(empty).toContain('The app has no KMS key.');
  });
});

describe('what the page says about a key besides its table', () => {
  const may = (Action: unknown, more: Record<string, unknown> = {}) => {
    return { Effect: 'Allow', Action, Resource: arnOf('Key'), ...more };
  };
  const named = (name: string, resource: Record<string, unknown>) => {
    return { ...resource, Metadata: { 'aws:cdk:path': `App/${name}/Resource` } };
  };
  const endpoint = (statement: unknown) => ({
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      ServiceName: 'com.amazonaws.eu-west-1.kms',
      VpcId: 'vpc-1',
      PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
    },
  });
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const tested = { StringEquals: { 'kms:RequestAlias': 'alias/orders' } };
  const pageOf = (policy?: unknown) => {
    const app = appOf(
      {
        Key: keyResource(),
        Admin: named('Admin', roleResource()),
        Reader: named('Reader', roleResource()),
        Administering: policyResource([may(['kms:PutKeyPolicy', 'kms:UpdateAlias'])], [{ Ref: 'Admin' }]),
        Reading: policyResource([may('kms:Decrypt', { Condition: tested })], [{ Ref: 'Reader' }]),
        Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: arnOf('Admin') } },
        ...(policy === undefined ? {} : { Kms: endpoint(policy) }),
      },
      { environment: 'aws://111122223333/eu-west-1' },
    );
    const { all, errors } = parsed(accessPage(accessMap(app)));
    expect(errors).toEqual([]);
    return textOf(all.find((element) => attribute(element, 'id') === 'key-1')).replace(/\s+/g, ' ');
  };

  it('is who may let others in, by what, and which code and statements make it so', () => {
    const text = pageOf();
    expect(text).toContain('change the key policy: allowed account 111122223333, App/Admin');
    expect(text).toContain('create grants: allowed account 111122223333');
    // A statement tests aliases, so that whoever changes them hands access on.
    expect(text).toContain('aliases: allowed account 111122223333, App/Admin');
    expect(text).toContain('tests kms:RequestAlias: whoever may create, update or delete aliases of the key');
    expect(text).toContain('App/Fn may change what is said here, at run time: kms:PutKeyPolicy allowed');
    expect(text).not.toContain('VPC endpoint');
  });

  it('is what VPC endpoints take away, or that they take nothing away', () => {
    expect(pageOf(everything)).toContain('The VPC endpoint for KMS of the app takes nothing of this away.');
    const narrow = pageOf({ ...everything, Action: 'kms:PutKeyPolicy' });
    expect(narrow).toContain('What VPC endpoints take away');
    expect(narrow).toMatch(/through VPC endpoint App\/Kms: .*kms:Decrypt.* by App\/Reader denied/);
    expect(narrow).not.toMatch(/through VPC endpoint App\/Kms: [^.]*kms:PutKeyPolicy[^.]* by App\/Fn/);
  });
});

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the colours of the page', () => {
  it.each(CONTRASTS)('%s on %s have a contrast of %d or more, in light and in dark', (front, back, least) => {
    for (const scheme of ['light', 'dark'] as const) {
      expect(contrast(COLOURS[front][scheme], COLOURS[back][scheme])).toBeGreaterThanOrEqual(least);
    }
  });

  it('are measured as WCAG does', () => expect(contrast('#ffffff', '#767676')).toBeCloseTo(4.54, 2));
});
