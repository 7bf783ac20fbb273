import { sleep } from './call-slack.ts';

/**
 * Runs one work of a key at a time. However often a key is called for while its work runs, it runs once more, at
 * least `gapMs` of real time after it ended; each call resolves when a run that began after it has ended. Never
 * rejects: what fails goes to `onError`.
 */
export function createCoalescer(
  gapMs: number,
  onError: (key: string, error: unknown) => void,
): (key: string, work: () => Promise<void>) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  function begin(key: string, work: () => Promise<void>): Promise<void> {
    const run = work().catch((error: unknown) => onError(key, error));
    running.set(key, run);
    void run.then(() => {
      if (running.get(key) === run && !next.has(key)) running.delete(key);
    });
    return run;
  }

  return (key, work) => {
    const now = running.get(key);
    if (now === undefined) return begin(key, work);
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    const later = now
      .then(() => sleep(gapMs))
      .then(() => {
        next.delete(key);
        return begin(key, work);
      });
    next.set(key, later);
    return later;
  };
}
