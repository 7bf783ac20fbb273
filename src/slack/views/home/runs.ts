import type { ScheduleOutlook } from '../../../domain/schedule/run.ts';
import { context, header, type MessageBlock } from '../blocks.ts';
import { lineSections, outlookLines } from '../run-lines.ts';

/** "What runs by the clock", a few lines; the rest is a word away. */
export function runBlocks(runs: readonly ScheduleOutlook[]): MessageBlock[] {
  if (runs.length === 0) return [];
  return [
    header('What runs by the clock'),
    ...lineSections(runs.flatMap(outlookLines).slice(0, 20)),
    context('`/psi runs` shows more, `/psi runs housekeeping` the last turns of one.'),
  ];
}
