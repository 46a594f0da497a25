import type { ParameterModel } from '../../model.ts';
import type { Json } from '../../parsing/findings.ts';
import { membersOf, stringAt } from '../input/files.ts';

/** Types whose value CloudFormation reads from SSM: what is passed is the name of an SSM parameter. */
const FROM_SSM = /^AWS::SSM::Parameter::Value</;

export function parametersOf(template: Json): readonly ParameterModel[] {
  return membersOf(template['Parameters']).map(([name, json]) => {
    const type = stringAt(json, 'Type') ?? 'String';
    const fallback = scalar(json['Default']);
    const allowedValues = allowedValuesOf(json);
    return {
      name,
      type,
      ...(fallback !== undefined && { default: fallback }),
      ...(allowedValues !== undefined && { allowedValues }),
    };
  });
}

/** The values that a parameter may have; undefined: any, or a value that an SSM parameter holds. */
export function allowedValuesOf(json: Json): readonly string[] | undefined {
  const list = json['AllowedValues'];
  if (!Array.isArray(list) || FROM_SSM.test(stringAt(json, 'Type') ?? '')) return undefined;
  const values = list.map(scalar);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The SSM parameter that a parameter is read from, unless deployment names another. */
export function ssmParameterOf(json: Json): string | undefined {
  return FROM_SSM.test(stringAt(json, 'Type') ?? '') ? scalar(json['Default']) : undefined;
}

function scalar(json: unknown): string | undefined {
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? String(json) : undefined;
}
