import type { Sql } from '../../../database/connection.js';

/** Collects the values of a statement whose text depends on the filters; gives each its placeholder. */
export class Statement {
  readonly #values: unknown[] = [];

  bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  /**
   * Runs a text whose values are all bound. Not prepared: each run is planned for the tables as they are, because a
   * plan kept from when they were empty would scan ten million rows (docs/adr/0003-search-indexes.md).
   */
  async run<Row extends object>(sql: Sql, text: string): Promise<Row[]> {
    return [...(await sql.unsafe<Row[]>(text, this.#values as never[], { prepare: false }))];
  }
}
