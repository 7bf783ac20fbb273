import { describeSweep, type SweepReport } from '../../domain/sweep.ts';
import type { Principal, Scope } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

/** Compares every source with what Psi knows, now, and mends what differs. */
export function sweepWord(parts: {
  sweep(): Promise<SweepReport[]>;
  scopesOf(reader: Principal): readonly Scope[];
}): Word {
  return defineWord({
    word: 'sweep',
    usage: 'sweep - compare every source with what I know, and mend what differs',
    run: async ({ reader }) => {
      if (!parts.scopesOf(reader).includes('audit:read'))
        throw new UserError('not_allowed', 'Your role does not include comparing the sources.');
      const reports = await parts.sweep();
      const lines = reports.map((report) => describeSweep(report, reader.tz));
      const text = lines.join('\n') || 'No source is connected.';
      return { text, blocks: [section(mrkdwn(text))] };
    },
  });
}
