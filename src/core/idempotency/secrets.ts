/** The texts of a result that are missing in what is remembered of it: the secrets that only the first answer shows. */
export function secretsOf(result: unknown, remembered: unknown): string[] {
  const kept = new Set(textsIn(remembered));
  return textsIn(result).filter((text) => !kept.has(text));
}

/** A JSON value with null in the place of each secret, and of each list that has nothing but secrets. */
export function withoutSecrets(value: unknown, secrets: ReadonlySet<string>): unknown {
  const isSecret = (inner: unknown): boolean => typeof inner === 'string' && secrets.has(inner);
  if (isSecret(value)) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (list.length > 0 && list.every(isSecret)) return null;
    return list.map((inner) => withoutSecrets(inner, secrets));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, secrets)]),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
