import { isAbsolute, relative, sep } from 'node:path';
import type { Reason } from '../engine/decision.ts';
import type { Assembly, KeyModel, Located, SourcePosition } from '../model.ts';
import type { DiffReason, KeyReference } from './model.ts';
import type { Pair } from './pairs.ts';

/** Makes what a report names out of what the model has. */
export interface References {
  readonly ofKey: (key: Pair<KeyModel>) => KeyReference;
  /** @param about - whose decision it is a reason of, and the actions that it is about instead of its own */
  readonly ofReason: (reason: Reason, about: ReasonAbout) => DiffReason;
  readonly place: (source: SourcePosition) => SourcePosition;
}

interface ReasonAbout {
  readonly side: 'before' | 'after';
  /** The action that the reason speaks of, and all that it is about. */
  readonly actions?: { readonly spoken: string; readonly all: readonly string[] };
}

export function referencesTo({ before, after }: { readonly before: Assembly; readonly after: Assembly }): References {
  const sources = { before: sourcesOf(before), after: sourcesOf(after) };
  const place = (source: SourcePosition): SourcePosition => ({
    ...source,
    file: fileIn(source.file, [before, after]),
  });
  return {
    place,
    ofKey: (pair) => {
      const key = pair.after ?? pair.before;
      if (key === undefined) throw new TypeError('a key is there before or after');
      const { constructPath, logicalId, stack, source } = key;
      return { constructPath, logicalId, stack, ...(source !== undefined && { source: place(source) }) };
    },
    ofReason: ({ text, policy, statement, grant }, { side, actions }) => {
      const constructPath = policy?.constructPath ?? grant?.constructPath;
      const source = constructPath === undefined ? undefined : sources[side].get(constructPath);
      return {
        text: actions === undefined ? text : text.replaceAll(actions.spoken, actions.all.join(', ')),
        ...(policy !== undefined && { policy: policy.name }),
        ...(statement !== undefined && { statement: statement.index }),
        ...(constructPath !== undefined && { constructPath }),
        ...(source !== undefined && { source: place(source) }),
      };
    },
  };
}

function sourcesOf(app: Assembly): ReadonlyMap<string, SourcePosition | undefined> {
  return new Map(thingsOf(app).map(({ constructPath, source }) => [constructPath, source]));
}

function thingsOf({ keys, principals, groups, grants, vpcEndpoints }: Assembly): readonly Located[] {
  return [...keys, ...principals, ...groups, ...grants, ...vpcEndpoints];
}

/** Where a folder lies says nothing about the app: what is inside is named from there, with `/` on every system. */
function fileIn(file: string, apps: readonly Assembly[]): string {
  for (const { directory } of apps) {
    if (directory === undefined || !isAbsolute(file)) continue;
    const inside = relative(directory, file);
    if (inside !== '' && !isAbsolute(inside) && inside.split(sep)[0] !== '..') return inside.split(sep).join('/');
  }
  return file;
}
