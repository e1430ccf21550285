import type { Sql } from '../../database/connection.js';
import type { LineResult } from '../ports.js';

export interface OrderRow {
  readonly id: number;
  readonly mode: 'all_or_nothing' | 'best_effort';
  readonly results: LineResult[];
  readonly createdAt: Date;
}

export async function findOrder(sql: Sql, accountId: number, orderId: number): Promise<OrderRow | undefined> {
  const [row] = await sql<OrderRow[]>`
    select id, mode, results, created_at as "createdAt"
    from purchase_order where id = ${orderId} and account_id = ${accountId}`;
  return row;
}
