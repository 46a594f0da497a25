/** A single value on its own, as policies write it. */
export function one(values: string[]): string | string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}
