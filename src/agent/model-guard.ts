import {
  type ModelUseLedger,
  type ModelUseRecord,
  tokensOf,
  total,
  usedWords,
} from '../domain/model-usage.ts';
import { dateAt, startOfDayAt } from '../domain/periods/calendar.ts';
import {
  budgetWords,
  costMicros,
  type ModelBudget,
  type ModelPrices,
  priceOf,
} from '../domain/policy/model-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { type FailureKind, failureWords } from './model-failure.ts';
import type { ModelUsage } from './model-usage.ts';
import type { LanguageModel } from './models.ts';

/** Failed turns in a row after which the model is left alone, and for how long. */
const MOST_FAILURES = 3;
const REST_MS = 60_000;

/** Whether the model may be asked now, and what asking it came to. */
export interface ModelGuard {
  /** `why` is a clause for people: "it has failed three times in a row". */
  admit(model: LanguageModel): Promise<{ ok: true } | { ok: false; why: string }>;
  /** The model answered, or all attempts of a turn failed. */
  succeeded(model: LanguageModel): void;
  failed(model: LanguageModel, kind: FailureKind): void;
  /** Writes down what was used; never throws. Nothing where the model was not asked. */
  record(use: {
    id: string;
    teamId: string;
    userId: string | null;
    purpose: ModelUseRecord['purpose'];
    model: LanguageModel;
    promptHash: string;
    outcome: ModelUseRecord['outcome'];
    usage: ModelUsage;
  }): Promise<void>;
  /** What the doctor says of the model: its budget, and whether it rests. */
  state(model: LanguageModel | null): Promise<string[]>;
}

export function createModelGuard(parts: {
  ledger: ModelUseLedger;
  budget: ModelBudget | null;
  /** As the policy has them now. */
  prices(): ModelPrices;
  clock: Clock;
  /** The company's: a day's budget begins with its day. */
  tz: string;
  logger: Logger;
}): ModelGuard {
  const { ledger, budget, prices, clock, tz, logger } = parts;
  // Of the model that is asked now: another one begins with a clean slate.
  let watched: { model: LanguageModel; failures: number; restsUntilAt: number; last: FailureKind } | null =
    null;

  const restOf = (model: LanguageModel) =>
    watched?.model === model && watched.restsUntilAt > clock.now() ? watched : null;

  const today = () => ledger.sums({ sinceAt: startOfDayAt(dateAt(clock.now(), tz), tz) });

  /** Why today's budget does not allow another call; null where it does. */
  async function overBudget(model: LanguageModel): Promise<string | null> {
    if (budget === null) return null;
    const sums = await today();
    const used = `its budget of ${budgetWords(budget)} for today is used up`;
    if (budget.kind === 'tokens') return tokensOf(sums) >= budget.tokens ? used : null;
    // A budget in money that nobody can count is no budget.
    if (priceOf(model.name, prices()) === null || total(sums, (sum) => sum.unpriced) > 0)
      return 'its price is unknown, so its budget in money cannot be kept';
    return total(sums, (sum) => sum.costMicros) >= budget.micros ? used : null;
  }

  return {
    async admit(model) {
      const rest = restOf(model);
      if (rest) return { ok: false, why: `it has failed ${rest.failures} times in a row` };
      try {
        const why = await overBudget(model);
        return why === null ? { ok: true } : { ok: false, why };
      } catch (error) {
        logger.error({ err: error }, "the model's budget could not be read");
        return { ok: false, why: 'its budget cannot be read' };
      }
    },
    succeeded(model) {
      if (watched?.model === model) watched = null;
    },
    failed(model, kind) {
      const failures = (watched?.model === model ? watched.failures : 0) + 1;
      const restsUntilAt = failures >= MOST_FAILURES ? clock.now() + REST_MS : 0;
      watched = { model, failures, restsUntilAt, last: kind };
    },
    async record({ model, usage, ...use }) {
      if (usage.calls === 0) return;
      const cost = costMicros(usage, priceOf(model.name, prices()));
      const { calls, failures, inputTokens, cachedTokens, outputTokens, latencyMs } = usage;
      const counts = { calls, failures, inputTokens, cachedTokens, outputTokens, latencyMs };
      try {
        await ledger.record({ ...use, ...counts, model: model.name, costMicros: cost, at: clock.now() });
      } catch (error) {
        logger.error({ err: error, turnId: use.id }, 'what the model was used for could not be written down');
      }
    },
    async state(model) {
      if (model === null) return [];
      const rest = restOf(model);
      const lines = rest
        ? [`  ${failureWords(rest.last)} ${rest.failures} times in a row: rules mode answers for a minute.`]
        : [];
      lines.push(`  Today: ${usedWords(await today())}.`);
      const why = await overBudget(model);
      if (why !== null) lines.push(`  Rules mode answers: ${why}.`);
      else if (budget !== null) lines.push(`  It may use ${budgetWords(budget)} a day.`);
      if (priceOf(model.name, prices()) === null)
        lines.push(`  What ${model.name} costs is unknown: name its price under models in policy.yml.`);
      return lines;
    },
  };
}
