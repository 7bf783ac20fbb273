import type { TurnOutcome } from '../domain/metrics/psi-facts.ts';
import type { Store } from './open-store.ts';

export interface TurnOutcomes {
  /** Writes down what came of a question; of the same turn run again the newest stands. */
  record(turnId: string, outcome: TurnOutcome, at: number): Promise<void>;
}

/** What came of each question, without its words or whose it was: what is counted stays when a conversation goes. */
export function createTurnOutcomes({ db }: Pick<Store, 'db'>): TurnOutcomes {
  return {
    async record(turnId, outcome, at) {
      await db
        .insertInto('turn_outcomes')
        .values({ turn_id: turnId, at, outcome, unhelpful: 0 })
        .onConflict((conflict) => conflict.column('turn_id').doUpdateSet({ outcome }))
        .execute();
    },
  };
}

/** Whether anybody has marked the answer of a turn as unhelpful, from the opinions that stand now. */
export async function noteOpinion({ db }: Pick<Store, 'db'>, turnId: string): Promise<void> {
  const unhelpful = await db
    .selectFrom('feedback')
    .select('id')
    .where('turn_id', '=', turnId)
    .where('rating', '=', 'negative')
    .executeTakeFirst();
  await db
    .updateTable('turn_outcomes')
    .set({ unhelpful: unhelpful === undefined ? 0 : 1 })
    .where('turn_id', '=', turnId)
    .execute();
}
