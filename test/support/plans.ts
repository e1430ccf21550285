import postgres from 'postgres';
import { addressOf } from '../../src/database/connection.js';
import type { Context } from '../../src/core/context.js';
import type { TestServer } from './server.js';

export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The plans of the statements over one table that some work sends, as a planner free to choose makes them. */
export async function plansOver(
  server: TestServer,
  ctx: Context,
  table: string,
  work: (ctx: Context) => Promise<unknown>,
): Promise<PlanNode[][]> {
  const seen: { text: string; parameters: unknown[] }[] = [];
  const listened = postgres(addressOf(server.databaseUrl).url, {
    ...addressOf(server.databaseUrl).options,
    max: 1,
    debug: (_connection, text, parameters) => seen.push({ text, parameters }),
    types: {
      int8: {
        to: 20,
        from: [20],
        serialize: (value: number) => String(value),
        parse: (text: string) => Number(text),
      },
    },
  });
  try {
    await work({ ...ctx, sql: listened });
  } finally {
    await listened.end();
  }
  const plans: PlanNode[][] = [];
  for (const { text, parameters } of seen) {
    if (!new RegExp(`\\b(from|join) "?${table}\\b`).test(text)) continue;
    const [row] = await server.sql.unsafe<{ 'QUERY PLAN': [{ Plan: PlanNode }] }[]>(
      `explain (analyze, format json) ${text}`,
      parameters as never[],
    );
    if (row) plans.push(nodesOf(row['QUERY PLAN'][0].Plan));
  }
  return plans;
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Rows that a plan reads of a table, those included that a filter then drops. */
export function rowsReadOf(plan: readonly PlanNode[], table: string): number {
  return plan
    .filter((node) => node['Relation Name'] === table && node['Node Type'] !== 'ModifyTable')
    .reduce((all, node) => {
      const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
      return all + (node['Actual Rows'] + dropped) * node['Actual Loops'];
    }, 0);
}
