import { Command } from 'commander';
import type { Surroundings } from './surroundings.js';

export function serveCommand(surroundings: Surroundings): Command {
  return new Command('serve')
    .description('run the server until it is told to stop')
    .action(async () => surroundings.runServer({ demo: false }));
}

export function startCommand(surroundings: Surroundings): Command {
  return new Command('start')
    .description('run the server with demo data: stock, an account with money, and its key')
    .action(async () => surroundings.runServer({ demo: true }));
}
