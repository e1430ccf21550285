/** The texts of a result that are missing in what is remembered of it: the secrets that only the first answer shows. */
export function secretsOf(result: unknown, remembered: unknown): string[] {
  const kept = new Set(textsIn(remembered));
  return textsIn(result).filter((text) => !kept.has(text));
}

/** A JSON value with null in the place of each secret. */
export function withoutSecrets(json: string, secrets: ReadonlySet<string>): unknown {
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === 'string' && secrets.has(value) ? null : value,
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
