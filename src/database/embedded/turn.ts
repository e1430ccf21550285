import { link, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimText, keepFresh, readClaim } from './claims.js';
import { DataFolderBusyError } from './errors.js';
import type { Layout } from './layout.js';
import { writeDraft, writePrivately } from './private-file.js';

const POLL_MS = 20;
/** Longer than a start after a crash usually takes; whoever waits longer gets an error that names the holder. */
const TURN_WAIT_MS = 60_000;
const TICKET = /^turn-(\d{9})$/;
/** A ticket, or what was left of one whose process died while writing it. */
const TICKET_OR_DRAFT = /^turn-(\d{9})/;

/**
 * Runs `work` while no other process, and no other call here, starts, stops or joins the cluster.
 * The lock is a row of numbered tickets; the highest one holds. A dead holder is followed by creating the
 * next number, which only one process can do, so two that find the same dead holder cannot both win.
 */
export async function inTurn<T>(layout: Layout, work: () => Promise<T>): Promise<T> {
  const ticket = await takeTicket(layout);
  const stopRefreshing = keepFresh(ticket);
  try {
    return await work();
  } finally {
    stopRefreshing();
    // Marked, not removed: the numbers must never go back, or a slow waiter could win an old one.
    await writePrivately(ticket, 'released').catch(ignoreMissingFolder);
  }
}

async function takeTicket({ dataFolder, holdersFolder }: Layout): Promise<string> {
  const giveUpAt = Date.now() + TURN_WAIT_MS;
  for (;;) {
    const highest = await highestTicket(holdersFolder);
    const claim = highest === 0 ? undefined : await readClaim(ticketPath(holdersFolder, highest));
    if (claim?.live) {
      if (Date.now() > giveUpAt) throw new DataFolderBusyError(dataFolder, claim.holder.pid, claim.elsewhere);
      await pause(POLL_MS);
      continue;
    }
    const mine = ticketPath(holdersFolder, highest + 1);
    if (!(await createWhole(mine))) continue;
    // Between reading and creating, others may have gone further and cleaned up behind themselves.
    if ((await highestTicket(holdersFolder)) === highest + 1) {
      await removeTicketsBelow(holdersFolder, highest + 1);
      return mine;
    }
    await rm(mine, { force: true });
  }
}

/** Creates the ticket with its content in one step; false if another process has it. */
async function createWhole(path: string): Promise<boolean> {
  const draft = await writeDraft(path, claimText());
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: others went so far ahead meanwhile that they cleared our draft away.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function highestTicket(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(TICKET.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

async function removeTicketsBelow(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = TICKET_OR_DRAFT.exec(name);
    if (match && Number(match[1]) < number) await rm(join(folder, name), { force: true });
  }
}

function ticketPath(folder: string, number: number): string {
  return join(folder, `turn-${String(number).padStart(9, '0')}`);
}

function ignoreMissingFolder(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
