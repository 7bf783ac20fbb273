import { sql } from 'kysely';
import type { ModelUseLedger } from '../domain/model-usage.ts';
import type { Store } from './open-store.ts';

export function createModelUseLedger({ db }: Pick<Store, 'db'>): ModelUseLedger {
  return {
    async record(use) {
      const { calls, failures, inputTokens, cachedTokens, outputTokens, costMicros, latencyMs } = use;
      const counts = {
        calls,
        failures,
        input_tokens: inputTokens,
        cached_tokens: cachedTokens,
        output_tokens: outputTokens,
        latency_ms: latencyMs,
      };
      const { id, purpose, model, outcome, at } = use;
      await db
        .insertInto('model_usage')
        .values({
          ...{ id, purpose, model, outcome, at, ...counts },
          team_id: use.teamId,
          user_id: use.userId,
          prompt_hash: use.promptHash,
          cost_micros: costMicros,
        })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({
            outcome,
            calls: sql`model_usage.calls + ${calls}`,
            failures: sql`model_usage.failures + ${failures}`,
            input_tokens: sql`model_usage.input_tokens + ${inputTokens}`,
            cached_tokens: sql`model_usage.cached_tokens + ${cachedTokens}`,
            output_tokens: sql`model_usage.output_tokens + ${outputTokens}`,
            // What is unknown of one part is unknown of the whole.
            cost_micros: sql`model_usage.cost_micros + ${costMicros}`,
            latency_ms: sql`model_usage.latency_ms + ${latencyMs}`,
          }),
        )
        .execute();
    },

    async sums({ teamId, sinceAt }) {
      const rows = await db
        .selectFrom('model_usage')
        .select((eb) => [
          'model',
          'user_id',
          eb.fn.countAll<number>().as('turns'),
          sql<number>`SUM(CASE WHEN outcome = 'fallback' THEN 1 ELSE 0 END)`.as('fallbacks'),
          eb.fn.sum<number>('calls').as('calls'),
          eb.fn.sum<number>('failures').as('failures'),
          eb.fn.sum<number>('input_tokens').as('input_tokens'),
          eb.fn.sum<number>('cached_tokens').as('cached_tokens'),
          eb.fn.sum<number>('output_tokens').as('output_tokens'),
          sql<number>`COALESCE(SUM(cost_micros), 0)`.as('cost_micros'),
          sql<number>`SUM(CASE WHEN cost_micros IS NULL THEN 1 ELSE 0 END)`.as('unpriced'),
          eb.fn.sum<number>('latency_ms').as('latency_ms'),
        ])
        .where('at', '>=', sinceAt)
        .$if(teamId !== undefined, (query) => query.where('team_id', '=', teamId ?? ''))
        .groupBy(['model', 'user_id'])
        .orderBy('model')
        .orderBy('user_id')
        .execute();
      return rows.map(({ user_id, input_tokens, cached_tokens, output_tokens, ...row }) => ({
        ...{ model: row.model, turns: row.turns, fallbacks: row.fallbacks, calls: row.calls },
        userId: user_id,
        failures: row.failures,
        inputTokens: input_tokens,
        cachedTokens: cached_tokens,
        outputTokens: output_tokens,
        costMicros: row.cost_micros,
        unpriced: row.unpriced,
        latencyMs: row.latency_ms,
      }));
    },
  };
}
