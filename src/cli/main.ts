import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { openDatabase } from '../server/open-database.js';
import { accountCommand } from './account.js';
import { addressCommand } from './address.js';
import { backupCommand } from './backup.js';
import { callsCommand } from './calls.js';
import { auditCommand } from './audit.js';
import { clockCommand } from './clock.js';
import { completionCommand } from './completion.js';
import { jobsCommand } from './jobs.js';
import { keyCommand } from './key.js';
import { policyCommand } from './policy.js';
import { priceCommand } from './price.js';
import { repairCommand } from './repair.js';
import { dueCommand, pastDuesCommand, revenueCommand } from './revenue.js';
import { reportFailure } from './report-failure.js';
import { serveCommand, startCommand } from './serve.js';
import type { Surroundings } from './surroundings.js';
import { stockCommand } from './stock.js';
import { verifyCommand } from './verify.js';
import { walletCommand } from './wallet.js';

const exitUsage = 2;

/** What commands use of the world outside; tests hand in a database of their own. */
export const realSurroundings: Surroundings = {
  openDatabase,
  runServer: async (options) => (await import('../server/main.js')).runServer(options),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

function buildProgram(surroundings: Surroundings, json: boolean, done: (exitCode: number) => void): Command {
  const program = new Command('numex')
    .description('A self-hosted exchange for phone numbers')
    .version(readVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.out,
      writeErr: surroundings.err,
      // For programs, complaints about usage are printed as JSON below.
      outputError: (text, write) => (json ? undefined : write(text)),
    });
  const commands = [
    startCommand,
    serveCommand,
    accountCommand,
    keyCommand,
    walletCommand,
    revenueCommand,
    dueCommand,
    pastDuesCommand,
    stockCommand,
    addressCommand,
    callsCommand,
    jobsCommand,
    clockCommand,
    verifyCommand,
    repairCommand,
    backupCommand,
    completionCommand,
    policyCommand,
    priceCommand,
    auditCommand,
  ];
  for (const make of commands) adopt(program, make(surroundings, done));
  return program;
}

/** Adds a command and lets it, and those below it, end and speak like the program itself. */
function adopt(parent: Command, command: Command): void {
  parent.addCommand(command);
  command.copyInheritedSettings(parent);
  const settle = (above: Command): void => {
    for (const below of above.commands) {
      below.copyInheritedSettings(above);
      settle(below);
    }
  };
  settle(command);
}

/**
 * Runs the command line. Gives the exit code: 0 done, 1 refused, failed, or books that do not add up, 2 wrong usage.
 */
export async function runCli(args: readonly string[], surroundings = realSurroundings): Promise<number> {
  const json = args.includes('--json');
  let exitCode = 0;
  const program = buildProgram(surroundings, json, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, { json, err: surroundings.err });
    // Commander has printed the help that was asked for, or its own complaint.
    if (error.exitCode === 0) return 0;
    if (json) reportUsage(error, surroundings);
    return exitUsage;
  }
}

function reportUsage(error: CommanderError, { err }: Surroundings): void {
  const message = error.message.replace(/^error: /, '');
  err(`${JSON.stringify({ error: { code: 'usage', message } })}\n`);
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
