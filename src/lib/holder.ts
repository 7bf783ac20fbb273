import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { newId } from './ids.ts';

/** Who holds a lease: one life of one process. */
export interface Holder {
  name: string;
  /** True only when the holder of that name is certainly gone; a doubt is settled by the end of its lease. */
  isGone(other: string): boolean;
}

/**
 * A process can tell that another is gone only where both count processes alike: on the same boot of the same
 * machine, in the same process namespace. There a number is used by one process at a time, so a holder with this
 * process's own number is an earlier life of it. A number that was given to somebody else meanwhile looks alive;
 * then its lease runs out.
 */
export function thisProcess(
  self: { place: string | null; pid: number; isAlive(pid: number): boolean } = {
    place: placeOfProcesses(),
    pid: process.pid,
    isAlive,
  },
): Holder {
  const name = [self.place ?? 'unknown', self.pid, newId('life')].join('/');
  return {
    name,
    isGone(other) {
      const [place, pidText] = other.split('/');
      const pid = Number(pidText);
      if (other === name || self.place === null || place !== self.place || !Number.isInteger(pid))
        return false;
      return pid === self.pid || !self.isAlive(pid);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Anything but "no such process" (it belongs to somebody else, say) means that it lives.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Where process numbers mean the same; null where that cannot be told. */
function placeOfProcesses(): string | null {
  const host = hostname().replaceAll('/', '-');
  if (process.platform !== 'linux') return host;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return [host, boot, readlinkSync('/proc/self/ns/pid')].join('+');
  } catch {
    return null;
  }
}
