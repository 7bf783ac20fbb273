import { generalised } from '../domain/language/lexicon-choice.ts';
import { findPeriods } from '../domain/periods/find-periods.ts';
import type { AgentDeps, TurnRuntime } from './runtime.ts';
import type { Offer } from './state.ts';

type Deps = Pick<AgentDeps, 'lexiconChoices' | 'customers' | 'clock' | 'logger'>;

/**
 * Writes down which of the offered readings was picked for which words: a proposal for the lexicon that somebody
 * may take up, and nothing that changes how the next message is read. An answer is not lost over it.
 */
export async function notePick(picked: Offer, deps: Deps, runtime: TurnRuntime): Promise<void> {
  const { request, offeredFor, lexicon } = runtime;
  if (!deps.lexiconChoices || !offeredFor) return;
  const { text, turnId: askedTurnId } = offeredFor;
  const at = deps.clock.now();
  try {
    const customers = await deps.customers.mentionedIn(text);
    const periods = findPeriods(text, { nowAt: at, tz: request.principal.tz });
    const choice = generalised({ text, customers, periods }, picked, lexicon);
    const { teamId, userId } = request.principal;
    await deps.lexiconChoices.note({ ...choice, teamId, userId, turnId: request.turnId, askedTurnId, at });
  } catch (error) {
    deps.logger.error({ err: error }, 'a picked reading could not be written down');
  }
}
