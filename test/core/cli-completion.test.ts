import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';

const run = promisify(execFile);

async function printed(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    openDatabase: () => Promise.reject(new Error('completion needs no database')),
    runServer: () => Promise.reject(new Error('completion needs no server')),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

/** What bash offers after a line, whose last word is being written. */
async function offered(...line: string[]): Promise<string[]> {
  const { out } = await printed('completion', 'bash');
  const words = line.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _numex; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', `${out}\n${ask}`]);
  return stdout.trim().split('\n');
}

it('bash completes commands, the commands below them, and their options', async () => {
  expect(await offered('numex', 'back')).toEqual(['backup']);
  expect(await offered('numex', 'backup', '')).toEqual(
    expect.arrayContaining(['create', 'list', 'verify', 'restore', 'prune']),
  );
  expect(await offered('numex', 'backup', 'restore', '--json', '--un')).toEqual(['--until']);
});

it('zsh and fish get scripts with the same words', async () => {
  const { out: zsh } = await printed('completion', 'zsh');
  expect(zsh).toMatch(/"backup restore"\) compadd -- .*--until/);
  const { out: fish } = await printed('completion', 'fish');
  expect(fish).toContain(
    "complete -c numex -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l until",
  );
});

it('another shell is refused by name', async () => {
  const { code, err } = await printed('completion', 'tcsh');
  expect(code).toBe(1);
  expect(err).toContain('bash, zsh, fish');
});
