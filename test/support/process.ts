import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const numexCommand = fileURLToPath(new URL('../../bin/numex.mjs', import.meta.url));
const run = promisify(execFile);

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The built server as a process of its own, on a data folder with its own embedded database. */
export class ServerProcess {
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(dataFolder: string, port: number, env: Readonly<Record<string, string>> = {}) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = {
      ...process.env,
      // Whatever database the tests run on, this server has an embedded one of its own.
      DATABASE_URL: '',
      NUMEX_DATA: dataFolder,
      PORT: String(port),
      HOST: '127.0.0.1',
      NUMEX_RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      ...env,
    };
  }

  /** Starts `numex serve` (or `start`) and waits until it can serve, 100 seconds at most: a first start takes half a minute on a busy machine. */
  async start(command: 'serve' | 'start' = 'serve'): Promise<void> {
    const child = spawn(process.execPath, [numexCommand, command], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const collect = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await until(100, async () => {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.#output}`);
      return (await fetch(`${this.url}/health`)).ok;
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Sends a signal and waits for the end of the process; gives its exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    return new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
      child.kill(signal);
    });
  }

  /** Runs a command of the command line against the same data folder, and reads the JSON that it prints. */
  async cli(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await run(process.execPath, [numexCommand, ...args, '--json'], { env: this.#env });
    return JSON.parse(stdout) as Record<string, unknown>;
  }
}

/** Asks again every 50 ms until it is true; errors count as not yet, but for the last one. */
export async function until(seconds: number, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      if (await check()) return;
      last = undefined;
    } catch (error) {
      last = error;
      if (error instanceof Error && error.message.startsWith('the server ended')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw last instanceof Error ? last : new Error(`not true within ${seconds} s`);
}
