import { createModelGuard, type ModelGuard } from './agent/model-guard.ts';
import type { PolicySource } from './approvals/policy-file.ts';
import type { Config } from './config.ts';
import type { ModelUseLedger } from './domain/model-usage.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { createModelUseLedger } from './store/model-usage.ts';
import type { Store } from './store/open-store.ts';

/** What models are used for, and the guard that keeps them within their budget. */
export function connectModelUse(house: {
  config: Pick<Config, 'company' | 'modelBudget'>;
  store: Store;
  policy: PolicySource;
  clock: Clock;
  logger: Logger;
}): { modelUse: ModelUseLedger; modelGuard: ModelGuard } {
  const { config, store, policy, clock, logger } = house;
  const modelUse = createModelUseLedger(store);
  const modelGuard = createModelGuard({
    ledger: modelUse,
    budget: config.modelBudget,
    prices: () => policy.current().policy.models.usd_per_million_tokens,
    clock,
    tz: config.company.tz,
    logger,
  });
  return { modelUse, modelGuard };
}
