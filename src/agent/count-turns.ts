import type { TurnOutcome } from '../domain/metrics/psi-facts.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Answer, RunTurn } from './turn.ts';

export interface TurnCount {
  outcomes: { record(turnId: string, outcome: TurnOutcome, at: number): Promise<void> };
  clock: Clock;
  logger: Logger;
}

/** The same turns, with what came of each question a person asked written down before it is answered. */
export function countTurns(runTurn: RunTurn, { outcomes, clock, logger }: TurnCount): RunTurn {
  return async function* counted(request) {
    let proposed = false;
    for await (const event of runTurn(request)) {
      if (event.type === 'proposal') proposed = true;
      if (event.type === 'answer' && request.principal.kind === 'user') {
        const outcome = proposed ? 'proposed' : outcomeOf(event.answer);
        // A count that cannot be kept must not cost the person the answer.
        await outcomes
          .record(request.turnId, outcome, clock.now())
          .catch((err: unknown) =>
            logger.error({ err, turnId: request.turnId }, 'the outcome of a turn was not counted'),
          );
      }
      yield event;
    }
  };
}

function outcomeOf({ receipts, referenceId, choices }: Answer): TurnOutcome {
  if (receipts.length > 0) return 'answered';
  if (referenceId !== null) return 'failed';
  return choices.length > 0 ? 'asked_back' : 'told';
}
