import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { trialBalanceTruth } from '../stripe/truth-balance.ts';
import { companyDay, parseDay } from './calendar.ts';
import { WorldError } from './errors.ts';
import { CURRENCIES } from './fx.ts';
import { COMPANY } from './records.ts';
import { truthOf } from './truth.ts';
import { pickCompetitor, pickCustomer, pickInvoice } from './truth-pickers.ts';

const instant = z.string().transform((text, context) => {
  const at = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: `'${text}' is not an instant like 2026-11-01T00:00:00Z` });
  return z.NEVER;
});

const period = z.string().transform((text, context) => {
  const [start, end, more] = text.split('/');
  const ends = [start, end].map((one) => instant.safeParse(one ?? ''));
  if (more === undefined && ends[0]?.success && ends[1]?.success && ends[0].data < ends[1].data) {
    return { start: ends[0].data, end: ends[1].data };
  }
  context.addIssue({ code: 'custom', message: `'${text}' is not START/END, two instants in order` });
  return z.NEVER;
});

const question = z.strictObject({
  query: z.string(),
  kind: z.string().optional(),
  period: period.optional(),
  at: instant.optional(),
  customer: z.string().optional(),
  currency: z
    .string()
    .transform((code) => code.toUpperCase())
    .optional(),
});

function refuse(reply: FastifyReply, status: number, code: string, message: string) {
  return reply.code(status).send({ error: { code, message } });
}

function answer(sandbox: Sandbox, input: unknown): unknown {
  const parsed = question.safeParse(input);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new WorldError('invalid_query', said.join('; '));
  }
  const { query, kind = '', customer, currency } = parsed.data;
  const { world } = sandbox;
  if (query === 'customer') return pickCustomer(world, kind);
  if (query === 'invoice') return pickInvoice(world, kind);
  if (query === 'competitor') return pickCompetitor(world);
  if (customer !== undefined && !world.get('customers', customer)) {
    throw new WorldError('resource_missing', `customer: no such customer: ${customer}`);
  }
  if (currency !== undefined && !CURRENCIES.some((known) => known === currency)) {
    throw new WorldError('invalid_query', `currency: must be one of ${CURRENCIES.join(', ')}`);
  }
  if (query === 'trial_balance') return trialBalanceTruth(sandbox, currency ?? null);
  return truthOf(world, query, {
    period: parsed.data.period ?? null,
    at: parsed.data.at ?? null,
    customerId: customer ?? null,
    currency: currency ?? null,
  });
}

/** Mounts `GET /sandbox/truth`: numbers and pickers from the world's own records. */
export function registerTruth(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/sandbox/truth', async (request, reply) => {
    try {
      return answer(sandbox, request.query);
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      return refuse(reply, error.code === 'resource_missing' ? 404 : 400, error.code, error.message);
    }
  });
}

/** Mounts `GET /fx?day=YYYY-MM-DD`: what one unit of each currency is worth in the company's that day. */
export function registerFx(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/fx', async (request, reply) => {
    const asked = z.strictObject({ day: z.string().optional() }).safeParse(request.query);
    if (!asked.success) return refuse(reply, 400, 'invalid_query', 'give only day=YYYY-MM-DD');
    const day = asked.data.day ?? companyDay(sandbox.world.now());
    if (parseDay(day) === null) return refuse(reply, 400, 'invalid_query', `day: '${day}' is not YYYY-MM-DD`);
    const rates = Object.fromEntries(CURRENCIES.map((code) => [code, sandbox.world.fxRate(code, day)]));
    return { day, company_currency: COMPANY.currency, rates };
  });
}
