import { z } from 'zod';
import { SERVICE_LEVELS } from '../../domain/billing/gateways.ts';
import type { ServiceGateway, ServiceState } from '../../domain/recovery/gateways.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { getJson, putJson } from '../json-api.ts';
import { createResilience, OutsideError, type Resilient } from '../resilience.ts';

const serviceSchema = z
  .object({
    customer_id: z.string().min(1),
    level: z.enum(SERVICE_LEVELS),
    since: z.iso.datetime({ offset: true }).nullable(),
    last_key: z.string().nullable(),
  })
  .transform(
    ({ customer_id, level, since, last_key }): ServiceState => ({
      customerId: customer_id,
      level,
      sinceAt: since === null ? null : Date.parse(since),
      lastKey: last_key,
    }),
  );

const SYSTEM = 'the PsiZero API';

/** How much of the API a customer may use, read and changed at PsiZero. `url` ends in the API's version. */
export function createServiceGateway(options: {
  url: string;
  token: string;
  resilience?: Resilient;
}): ServiceGateway {
  const resilient = options.resilience ?? createResilience({ system: SYSTEM });
  const base = options.url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${options.token}` };
  const addressOf = (customerId: string) =>
    new URL(`${base}/customers/${encodeURIComponent(customerId)}/service`);
  return {
    getService: (customerId) =>
      getJson(SYSTEM, resilient, addressOf(customerId), headers, serviceSchema).catch((error: unknown) => {
        throw refused(error, customerId);
      }),
    setService: ({ customerId, level, reason, idempotencyKey }) =>
      putJson(SYSTEM, resilient, addressOf(customerId), {
        headers: { ...headers, 'idempotency-key': idempotencyKey },
        body: { level, reason },
        schema: serviceSchema,
      }).catch((error: unknown) => {
        if (error instanceof OutsideError) throw refused(error, customerId);
        // Nobody can tell from here; the key it was sent under can be looked up.
        throw new SystemError('effect_unknown', 'No answer to the change of service: it may have happened', {
          cause: error,
        });
      }),
  };
}

function refused(error: unknown, customerId: string): unknown {
  if (!(error instanceof OutsideError)) return error;
  return error.status === 404
    ? new UserError('not_found', `PsiZero has no customer ${customerId}.`)
    : new UserError('conflict', `PsiZero refused the change of service (${error.status ?? 'no answer'}).`);
}
