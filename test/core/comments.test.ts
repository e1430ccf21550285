import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const linesMax = 3;
const folder = join(import.meta.dirname, '../../src');

it('every doc comment has three lines at most', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  let comments = 0;
  const long: string[] = [];
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const { 0: comment, index } of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      comments += 1;
      const lines = comment.split('\n').length - (comment.includes('\n') ? 2 : 0);
      if (lines > linesMax) long.push(`${name}:${text.slice(0, index).split('\n').length} has ${lines}`);
    }
  }
  expect(comments).toBeGreaterThan(500);
  expect(long).toEqual([]);
});
