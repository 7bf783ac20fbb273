import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Who holds a lease, and whether they can still be working on it. */
export interface ProcessIdentity {
  self: string;
  /** True only when it is certain: their process is not there any more. */
  isGone(other: string): boolean;
}

/** This process: `host/pid/random`. The random part tells it from an earlier process of the same number. */
export function processIdentity(): ProcessIdentity {
  const self = `${hostname()}/${process.pid}/${randomBytes(6).toString('hex')}`;
  return {
    self,
    isGone(other) {
      if (other === self) return false;
      const [host, pid] = other.split('/');
      if (host !== hostname()) return false;
      return Number(pid) === process.pid || !isAlive(Number(pid));
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
