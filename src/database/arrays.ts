/**
 * Times as an array parameter. The driver takes the type of an array from its first element and would announce a list
 * of dates as one date; as text the server reads it by the statement's own cast.
 */
export function timestampArray(times: readonly (Date | null)[]): (string | null)[] {
  return times.map((time) => time?.toISOString() ?? null);
}
