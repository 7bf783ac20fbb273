import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { SERVICE_LEVELS, type ServiceRecord } from '../world/records.ts';
import { serviceOf, setService } from '../world/service.ts';
import { iso } from './wire.ts';

const changeBody = z.strictObject({
  level: z.enum(SERVICE_LEVELS),
  reason: z.string().trim().min(1).max(500),
});

function wireService(service: ServiceRecord) {
  return {
    customer_id: service.customerId,
    level: service.level,
    reason: service.reason,
    since: service.sinceAt === null ? null : iso(service.sinceAt),
    last_key: service.lastKey,
  };
}

function refuse(reply: FastifyReply, status: number, code: string, message: string) {
  return reply.code(status).send({ error: { code, message } });
}

/**
 * What a customer may do with the API, and changing it. A change carries an Idempotency-Key: the same key again
 * answers with what it did and changes nothing.
 */
export function serviceRoutes(api: FastifyInstance, sandbox: Sandbox): void {
  const path = '/psizero/v1/customers/:id/service';
  const known = (request: FastifyRequest): string | null => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    return sandbox.world.get('customers', id) ? id : null;
  };

  api.get(path, async (request, reply) => {
    const id = known(request);
    if (id === null) return refuse(reply, 404, 'not_found', 'There is no such customer');
    return wireService(serviceOf(sandbox.world, id));
  });

  api.put(path, async (request, reply) => {
    const id = known(request);
    if (id === null) return refuse(reply, 404, 'not_found', 'There is no such customer');
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || key === '')
      return refuse(reply, 400, 'invalid_request', 'Give an Idempotency-Key');
    const asked = changeBody.safeParse(request.body);
    if (!asked.success) {
      const said = asked.error.issues.map(({ path: field, message }) => `${field.join('.')}: ${message}`);
      return refuse(reply, 400, 'invalid_request', said.join('; '));
    }
    const before = serviceOf(sandbox.world, id);
    if (before.lastKey === key) return wireService(before);
    const service = setService(sandbox.world, { customerId: id, ...asked.data, key });
    sandbox.effects.record({
      system: 'psizero',
      kind: service.level === 'full' ? 'service.restored' : 'service.restricted',
      key,
      customer: id,
      amountMinor: null,
      currency: null,
      payload: { ...wireService(service), before: before.level },
    });
    return wireService(service);
  });
}
