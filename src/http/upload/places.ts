import { domainError } from '../../core/errors.js';

/** Uploads that a process reads at the same time, and those of them that one family of accounts may have. */
export const placesMax = 16;
export const placesPerFamilyMax = 4;
/** Uploads that may wait for a place, and how long. */
export const waitingMax = 64;
const waitSeconds = 5;
const retryAfterSeconds = 10;

interface Waiting {
  readonly family: number;
  readonly enter: () => void;
}

/** The places of one process for uploads: whoever has none waits a little, unread, and is then asked to come again. */
export class UploadPlaces {
  readonly #taken = new Map<number, number>();
  #takenInAll = 0;
  #waiting: Waiting[] = [];

  /** Takes a place for an account of this family; gives what frees it again. Raises rate_limited. */
  async enter(family: number): Promise<() => void> {
    if (!this.#isFree(family)) await this.#wait(family);
    else this.#take(family);
    let isTaken = true;
    return () => {
      if (isTaken) this.#leave(family);
      isTaken = false;
    };
  }

  #isFree(family: number): boolean {
    return this.#takenInAll < placesMax && (this.#taken.get(family) ?? 0) < placesPerFamilyMax;
  }

  #take(family: number): void {
    this.#takenInAll++;
    this.#taken.set(family, (this.#taken.get(family) ?? 0) + 1);
  }

  #leave(family: number): void {
    this.#takenInAll--;
    const left = (this.#taken.get(family) ?? 0) - 1;
    if (left > 0) this.#taken.set(family, left);
    else this.#taken.delete(family);
    const next = this.#waiting.find((waiting) => this.#isFree(waiting.family));
    if (!next) return;
    this.#take(next.family);
    next.enter();
  }

  #wait(family: number): Promise<void> {
    const refused = domainError('rate_limited', { retryAfterSeconds });
    const ofFamily = this.#waiting.filter((waiting) => waiting.family === family).length;
    if (this.#waiting.length >= waitingMax || ofFamily >= placesPerFamilyMax) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const waiting: Waiting = {
        family,
        enter: () => {
          end();
          resolve();
        },
      };
      const timer = setTimeout(() => {
        end();
        reject(refused);
      }, waitSeconds * 1000);
      this.#waiting.push(waiting);
    });
  }
}
