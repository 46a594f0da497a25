import type { SourcePosition } from '../model.ts';
import type { Finding } from './finding.ts';
import { RULES } from './rules.ts';
import { policyInWords, rulePage } from './words.ts';

/** Where paths start from. */
export interface SarifOptions {
  /** Absolute path of the repository: files in it get paths relative to it, as code scanning asks. Default: none. */
  readonly root?: string;
}

/**
 * Findings as a SARIF 2.1.0 log: construct path and source line as locations, reasons as suppressions.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function findingsAsSarif(findings: readonly Finding[], { root }: SarifOptions = {}): object {
  const rules = RULES.map(({ id, title, why, fix, severity }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: fix },
    helpUri: rulePage(id),
    defaultConfiguration: { level: severity },
  }));
  const driver = { name: 'keysmith', informationUri: 'https://github.com/cdk-keysmith/cdk-keysmith', rules };
  const results = findings.map((finding) => resultOf(finding, root));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
}

function resultOf(finding: Finding, root: string | undefined): object {
  const { ruleId, severity, message, constructPath, logicalId, source, fix, suppressed } = finding;
  const policy = policyInWords(finding);
  const at = policy === undefined ? '' : ` (${policy})`;
  const physicalLocation = source && physical(source, root);
  const name = logicalId === '' ? constructPath : logicalId;
  return {
    ruleId,
    ruleIndex: RULES.findIndex(({ id }) => id === ruleId),
    level: severity,
    message: { text: `${message}${at}. ${fix}` },
    locations: [
      {
        ...(physicalLocation !== undefined && { physicalLocation }),
        logicalLocations: [{ name, fullyQualifiedName: constructPath, kind: 'resource' }],
      },
    ],
    suppressions: suppressed === undefined ? [] : [suppressionOf(suppressed)],
  };
}

/** What the app says itself is in its source; a file beside it is not. */
function suppressionOf({ reason, where }: NonNullable<Finding['suppressed']>): object {
  const kind = /^(metadata|acknowledgement) of /.test(where) ? 'inSource' : 'external';
  return { kind, status: 'accepted', justification: `${reason} (${where})` };
}

function physical({ file, line, column }: SourcePosition, root: string | undefined): object {
  const path = slashed(file);
  const prefix = root === undefined ? undefined : `${slashed(root).replace(/\/$/, '')}/`;
  const inside = prefix !== undefined && path.startsWith(prefix) ? path.slice(prefix.length) : path;
  const region = { startLine: line, ...(column !== undefined && { startColumn: column }) };
  return { artifactLocation: { uri: uriOf(inside) }, region };
}

/** Windows separates by backslashes; elsewhere a name may hold one. */
function slashed(path: string): string {
  return path.startsWith('/') ? path : path.replaceAll('\\', '/');
}

/** Whatever means something in a URI is encoded where it is a character of a name, such as `#`, and `:` in the first one. */
function uriOf(path: string): string {
  const [, drive = '', rest = path] = /^([a-zA-Z]:)(\/.*)$/s.exec(path) ?? [];
  const encoded = rest.split('/').map(encodeURIComponent).join('/');
  // What begins with two slashes names a machine of the network first.
  if (encoded.startsWith('//')) return `file:${encoded}`;
  return encoded.startsWith('/') ? `file://${drive === '' ? '' : `/${drive}`}${encoded}` : encoded;
}
