import type { PolicySource } from './approvals/policy-file.ts';
import type { Config } from './config.ts';
import { serviceNotConnected } from './connectors/not-connected.ts';
import { createServiceGateway } from './connectors/psizero/service-gateway.ts';
import type { RecoveryDesk } from './domain/recovery/desk.ts';
import type { CollectionGateway } from './domain/recovery/gateways.ts';
import type { Clock } from './lib/clock.ts';
import type { Store } from './store/open-store.ts';
import { createAttempts } from './store/recovery/attempts.ts';
import { createDunningBook } from './store/recovery/dunning.ts';
import { createFailureFacts } from './store/recovery/failures.ts';

/** Recovery, fitted together: what the sources say, what was done, and where it acts. */
export function connectRecovery(parts: {
  config: Config;
  store: Store;
  clock: Clock;
  policy: Pick<PolicySource, 'current'>;
  collection: CollectionGateway;
}): RecoveryDesk {
  const { config, store, clock, policy, collection } = parts;
  return {
    collection,
    service: config.psizero
      ? createServiceGateway(config.psizero)
      : serviceNotConnected(config.missing.psizero),
    ...createFailureFacts(store, clock),
    ...createAttempts({ store, clock }),
    ...createDunningBook({ store, clock }),
    experiment: () => policy.current().policy.recovery.experiment,
  };
}
