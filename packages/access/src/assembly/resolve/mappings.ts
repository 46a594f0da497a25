import { isObject } from '../../parsing/findings.ts';
import { asValue, decided, type Outcome } from '../../symbolic/outcome.ts';
import { unknown, whyUnknown } from '../../symbolic/text.ts';
import { objectAt } from '../input/files.ts';
import type { Scope } from './scope.ts';

export function findInMap(argument: unknown, scope: Scope): Outcome {
  const [map, first, second, options] = Array.isArray(argument) ? argument : [];
  const fallback = isObject(options) && Object.hasOwn(options, 'DefaultValue') ? options['DefaultValue'] : undefined;
  return decided([map, first, second].map(scope.resolve), (resolved) => {
    const keys = resolved.map(asValue);
    const [mapName, top, inner] = keys.filter((key) => typeof key === 'string');
    if (mapName === undefined || top === undefined || inner === undefined) {
      const why = keys.map((key) => key && whyUnknown(key)).find((reason) => reason !== undefined);
      return unknown(
        `Fn::FindInMap with a key that is not known before deployment${why === undefined ? '' : `: ${why}`}`,
      );
    }
    const found = objectAt(objectAt(objectAt(scope.stack.template, 'Mappings'), mapName), top);
    // Mappings hold no intrinsic functions, so what is found is not resolved again.
    if (Object.hasOwn(found, inner)) return literal(found[inner]) ?? unknown(`mapping ${mapName} is malformed`);
    return fallback === undefined ? unknown(`mapping ${mapName} has no ${top}.${inner}`) : scope.resolve(fallback);
  });
}

function literal(json: unknown): Outcome {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  return Array.isArray(json) && json.every((item) => typeof item === 'string') ? json : undefined;
}
