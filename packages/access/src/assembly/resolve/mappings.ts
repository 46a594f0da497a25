import { isObject, type Json } from '../../parsing/findings.ts';
import { asValue, decided, type Outcome } from '../../symbolic/outcome.ts';
import { unknown, whyUnknown } from '../../symbolic/text.ts';
import { objectAt } from '../input/files.ts';
import { macroName } from './macros.ts';
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
    const mappings = objectAt(scope.stack.template, 'Mappings');
    const found = objectAt(objectAt(mappings, mapName), top);
    // Mappings hold no intrinsic functions, so what is found is not resolved again.
    if (Object.hasOwn(found, inner)) return literal(found[inner]) ?? unknown(`mapping ${mapName} is malformed`);
    const macro = macroIn(mappings, mapName, top);
    if (macro !== undefined) return unknown(`macro ${macro} may add ${top}.${inner} to mapping ${mapName}`);
    return fallback === undefined ? unknown(`mapping ${mapName} has no ${top}.${inner}`) : scope.resolve(fallback);
  });
}

/** A macro in the mappings, in one of them, or at the first of its keys. */
function macroIn(mappings: Json, name: string, top: string): string | undefined {
  const map = objectAt(mappings, name);
  const macros = [mappings, map, objectAt(map, top)].map((json) => macroName(json['Fn::Transform']));
  return macros.find((macro) => macro !== undefined);
}

function literal(json: unknown): Outcome {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  return Array.isArray(json) && json.every((item) => typeof item === 'string') ? json : undefined;
}
