/** A problem document (RFC 9457) as Numex writes it; further members come before and can take the place of none. */
export function problemDocument(problem: {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly members?: Readonly<Record<string, unknown>>;
}) {
  const { code, status, detail, requestId, members = {} } = problem;
  return {
    ...members,
    type: `urn:numex:error:${code}`,
    title: code.replaceAll('_', ' '),
    status,
    detail,
    code,
    request_id: requestId,
  };
}

export const problemType = 'application/problem+json';
