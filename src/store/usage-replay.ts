import type { DeadLetter, UsageStore } from '../domain/billing/usage-store.ts';
import { UserError } from '../lib/errors.ts';
import type { createDeadLetters } from './usage-dead-letters.ts';
import type { UsageIngest } from './usage-ingest.ts';

/** Takes dead letters again, as they are or mended; what is refused again keeps its letter, with today's reason. */
export function createReplay(parts: {
  intake: UsageIngest;
  letters: ReturnType<typeof createDeadLetters>;
  batchLimit: number;
}): UsageStore['replayDeadLetters'] {
  const { intake, letters, batchLimit } = parts;
  return ({ nos, by, mended, acceptOld = false }, conventions, nowAt) => {
    if (nos.length > batchLimit)
      throw new UserError('invalid_input', `At most ${batchLimit} letters are replayed at once.`);
    let refused = 0;
    const found = nos.map((no) => letters.get(no)).filter((letter): letter is DeadLetter => letter !== null);
    const payloads = found.map((letter) => (mended?.has(letter.no) ? mended.get(letter.no) : letter.payload));
    const report = intake.atOnce(() =>
      intake.take(payloads, { conventions, nowAt, acceptOld }, (index, outcome) => {
        const letter = found[index];
        if (letter === undefined) return;
        if (outcome.kind !== 'rejected') letters.taken(letter.no, by, nowAt);
        else {
          refused += 1;
          letters.refusedAgain(letter.no, outcome.refusal, nowAt);
        }
      }),
    );
    return { taken: report.stored + report.duplicates, refused };
  };
}
