import { readFileSync } from 'node:fs';

/** Linux counts processor time for user space in hundredths of a second, whatever the kernel's own tick. */
const MS_PER_TICK = 10;

/** The fields after the name of the command: `utime` and `stime` are the 14th and 15th of the whole line (proc(5)). */
const UTIME = 11;
const STIME = 12;

/** Processor milliseconds a process has used so far, all its threads together; null where that cannot be read. */
export function processorMs(pid: number | null): number | null {
  if (pid === null) return null;
  try {
    return millisecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** The same from the line itself; null for a line of another shape. The command's name may hold spaces and brackets. */
export function millisecondsOf(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : null;
}
