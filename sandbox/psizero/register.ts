import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { companyDay, dayNumber, dayText, parseDay } from '../world/calendar.ts';
import { CURRENCIES } from '../world/fx.ts';
import { COMPANY, LATENCY_BUCKETS_MS, type World } from '../world/records.ts';
import { type Place, readCursor } from './cursor.ts';
import { registerInvoiceInbox } from './invoice-inbox.ts';
import { openApi } from './openapi.ts';
import { customersPage, incidentsPage, type Page, performancePage, plansPage, usagePage } from './pages.ts';
import { serviceRoutes } from './service.ts';
import { usageEventsPage } from './usage-events.ts';
import { reportChanges } from './webhooks.ts';
import { iso } from './wire.ts';

interface Listing {
  path: string;
  most: number;
  page(world: World, after: Place | null, limit: number): Page;
  /** What the answer says besides its rows. */
  more?: Record<string, unknown>;
}

/** Rows given when no limit is asked for. */
const USUAL_LIMIT = 1_000;

const LISTINGS: readonly Listing[] = [
  { path: '/v1/customers', most: 5_000, page: customersPage },
  { path: '/v1/usage_metrics', most: 20_000, page: usagePage },
  {
    path: '/v1/api_performance',
    most: 5_000,
    page: performancePage,
    more: { latency_bounds_ms: LATENCY_BUCKETS_MS },
  },
  { path: '/v1/usage/events', most: 5_000, page: usageEventsPage },
  { path: '/v1/incidents', most: 5_000, page: incidentsPage },
  { path: '/v1/plans', most: 1_000, page: plansPage },
];

const listQuery = z.strictObject({
  cursor: z.string().default(''),
  limit: z.coerce.number().int().min(1).default(USUAL_LIMIT),
  /** Where a reader without a cursor begins. */
  updated_since: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
});
const ratesQuery = z.strictObject({ from_day: z.string(), to_day: z.string() });
const MOST_RATE_DAYS = 3_700;

function refuse(reply: FastifyReply, status: number, code: string, message: string) {
  return reply.code(status).send({ error: { code, message } });
}

function faults(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}

function isBearer(request: FastifyRequest, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

/**
 * Mounts the PsiZero API at `/psizero`: behind a bearer token lists, customers' invoice inboxes and their service; its
 * OpenAPI, and signed webhooks.
 */
export function registerPsizero(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/psizero/openapi.json', async () => openApi());
  app.register(async (api) => {
    api.addHook('onRequest', async (request, reply) => {
      if (isBearer(request, sandbox.config.psizeroToken)) return;
      return refuse(reply, 401, 'unauthorized', 'Give a valid token as "Authorization: Bearer ..."');
    });
    for (const listing of LISTINGS) {
      api.get(`/psizero${listing.path}`, async (request, reply) =>
        list(sandbox.world, listing, request, reply),
      );
    }
    registerInvoiceInbox(api, sandbox);
    api.get('/psizero/v1/fx_rates', async (request, reply) => rates(sandbox.world, request, reply));
    serviceRoutes(api, sandbox);
    api.all('/psizero/v1/*', async (request, reply) =>
      refuse(reply, 404, 'not_found', `There is no ${request.method} ${request.url.split('?')[0]}`),
    );
  });
  reportChanges(sandbox);
}

function list(world: World, listing: Listing, request: FastifyRequest, reply: FastifyReply) {
  const asked = listQuery.safeParse(request.query);
  if (!asked.success) return refuse(reply, 400, 'invalid_request', faults(asked.error));
  const { cursor, limit } = asked.data;
  const since = asked.data.updated_since;
  const start = since === undefined ? null : { updatedAt: since - 1, id: '' };
  const after = cursor === '' ? start : readCursor(cursor);
  if (cursor !== '' && after === null)
    return refuse(reply, 400, 'invalid_cursor', 'cursor: not one of this API');
  const page = listing.page(world, after, Math.min(limit, listing.most));
  return { ...page, data_through: iso(world.now()), ...listing.more };
}

function rates(world: World, request: FastifyRequest, reply: FastifyReply) {
  const asked = ratesQuery.safeParse(request.query);
  if (!asked.success) return refuse(reply, 400, 'invalid_request', faults(asked.error));
  const from = parseDay(asked.data.from_day);
  const to = parseDay(asked.data.to_day);
  if (from === null || to === null || from > to || to - from > MOST_RATE_DAYS) {
    return refuse(
      reply,
      400,
      'invalid_request',
      'from_day and to_day must be days YYYY-MM-DD in order, ten years at most',
    );
  }
  const data: { day: string; currency: string; rate: string }[] = [];
  // Tomorrow's rates are not published yet.
  for (let day = from; day <= Math.min(to, dayNumber(world.now())); day += 1) {
    for (const currency of CURRENCIES) {
      data.push({ day: dayText(day), currency, rate: world.fxRate(currency, dayText(day)) });
    }
  }
  return {
    data,
    next_cursor: '',
    has_more: false,
    data_through: iso(world.now()),
    company_currency: COMPANY.currency,
    published_through: companyDay(world.now()),
  };
}
