import { SERVICE_LEVELS } from '../world/records.ts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const instant = { type: 'string', format: 'date-time' };
const maybe = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });

function object(properties: Record<string, unknown>) {
  return { type: 'object', required: Object.keys(properties), properties, additionalProperties: false };
}

const schemas = {
  Customer: object({
    id: text,
    stripe_customer_id: text,
    name: text,
    domain: text,
    email: text,
    country: text,
    region: text,
    currency: text,
    segment: text,
    channel: text,
    owner_email: maybe(text),
    created_at: instant,
    updated_at: instant,
  }),
  UsageMetric: object({
    customer_id: text,
    bucket_start_at: { ...instant, description: "The company's midnight, America/Los_Angeles" },
    category: { type: 'string', enum: ['inference', 'embeddings', 'search', 'batch'] },
    calls: count,
    errors_4xx: count,
    errors_5xx: count,
    updated_at: instant,
  }),
  UsageEvent: object({
    id: { ...text, description: 'Names the event; the same id again is the same event sent again' },
    meter: text,
    customer_id: text,
    at: { ...instant, description: 'When it was used' },
    value: {
      type: 'string',
      pattern: '^-?\\d+(\\.\\d+)?$',
      description: 'Calls, or the amount of the meter',
    },
    properties: object({ category: text }),
    corrects: { ...maybe(text), description: 'The id of the event that this one replaces' },
    published_at: instant,
  }),
  ApiPerformance: object({
    bucket_start_at: { ...instant, description: 'The start of a UTC hour' },
    calls: count,
    errors_4xx: count,
    errors_5xx: count,
    latency_counts: {
      type: 'array',
      items: count,
      description: 'Calls by latency_bounds_ms, and one more for all that took longer',
    },
    updated_at: instant,
  }),
  Incident: object({
    id: text,
    title: text,
    severity: { type: 'string', enum: ['minor', 'major', 'critical'] },
    started_at: instant,
    ended_at: maybe(instant),
    updated_at: instant,
  }),
  Plan: object({
    id: text,
    name: text,
    included_calls: { ...maybe(count), description: 'Calls a company month, a unit; null: unlimited' },
    overage_per_thousand: {
      type: 'array',
      items: object({ currency: text, amount_minor: count }),
      description: 'Minor units for a thousand calls above what is included',
    },
    updated_at: instant,
  }),
  InboxInvoice: object({
    id: text,
    customer_id: text,
    number: text,
    currency: text,
    total_minor: { type: 'integer' },
    due_on: maybe(text),
    url: maybe(text),
    pdf_bytes: count,
    created_at: instant,
  }),
  FxRate: object({
    day: { type: 'string', format: 'date' },
    currency: text,
    rate: { type: 'string', pattern: '^\\d+\\.\\d{6}$', description: 'US dollars one unit buys' },
  }),
  Service: object({
    customer_id: text,
    level: { type: 'string', enum: [...SERVICE_LEVELS] },
    reason: maybe(text),
    since: maybe(instant),
    last_key: { ...maybe(text), description: 'The Idempotency-Key of the last change' },
  }),
  Error: object({ error: object({ code: text, message: text }) }),
};

const query = (name: string, schema: unknown, description: string, required = false) => ({
  name,
  in: 'query',
  required,
  schema,
  description,
});

function answer(schema: unknown, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

function listOf(item: keyof typeof schemas, more: Record<string, unknown> = {}) {
  return object({
    data: { type: 'array', items: { $ref: `#/components/schemas/${item}` } },
    next_cursor: { ...text, description: 'Keep it: asked with again, only what changed since is given' },
    has_more: { type: 'boolean' },
    data_through: instant,
    ...more,
  });
}

const refusal = { $ref: '#/components/schemas/Error' };

function get(summary: string, parameters: unknown[], schema: unknown) {
  return {
    get: {
      summary,
      parameters,
      responses: {
        '200': answer(schema, 'The rows'),
        '400': answer(refusal, 'A parameter is wrong; the message names it'),
        '401': answer(refusal, 'The bearer token is missing or wrong'),
      },
    },
  };
}

function list(summary: string, most: number, schema: unknown) {
  const limit = { type: 'integer', minimum: 1, default: 1_000 };
  return get(
    summary,
    [
      query('cursor', text, 'next_cursor of the last answer'),
      query('updated_since', instant, 'Where to begin without a cursor'),
      query('limit', limit, `At most ${most} are given`),
    ],
    schema,
  );
}

const day = { type: 'string', format: 'date' };

const customerId = { name: 'id', in: 'path', required: true, schema: text };
const service = answer({ $ref: '#/components/schemas/Service' }, 'What the customer may do now');
const problems = {
  '400': answer(refusal, 'What is asked is wrong; the message names it'),
  '401': answer(refusal, 'The bearer token is missing or wrong'),
  '404': answer(refusal, 'There is no such customer'),
};
const changed = object({ level: { type: 'string', enum: [...SERVICE_LEVELS] }, reason: text });

/** The OpenAPI 3.1 description of the PsiZero API, as served at `/psizero/openapi.json`. */
export function openApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'PsiZero API',
      version: '1.0.0',
      description: 'Customers, usage, performance, incidents and exchange rates, in the order they changed.',
    },
    servers: [{ url: '/psizero' }],
    security: [{ token: [] }],
    paths: {
      '/v1/customers': list('Customers', 5_000, listOf('Customer')),
      '/v1/usage_metrics': list('Calls a customer made a day, by category', 20_000, listOf('UsageMetric')),
      '/v1/usage/events': list(
        'Usage, event by event, in the order it was published: late, corrected and repeated ones among it',
        5_000,
        listOf('UsageEvent'),
      ),
      '/v1/api_performance': list(
        'Calls of the platform by hour',
        5_000,
        listOf('ApiPerformance', { latency_bounds_ms: { type: 'array', items: { type: 'integer' } } }),
      ),
      '/v1/incidents': list('Incidents', 5_000, listOf('Incident')),
      '/v1/customers/{id}/service': {
        get: {
          summary: 'How much of the API a customer may use',
          parameters: [customerId],
          responses: { '200': service, '401': problems['401'], '404': problems['404'] },
        },
        put: {
          summary: 'Changes it; the same key again changes nothing',
          parameters: [customerId, { name: 'Idempotency-Key', in: 'header', required: true, schema: text }],
          requestBody: { required: true, content: { 'application/json': { schema: changed } } },
          responses: { '200': service, ...problems },
        },
      },
      '/v1/plans': list('The plan catalogue: what each plan includes', 1_000, listOf('Plan')),
      '/v1/customers/{id}/invoices': {
        ...get(
          'Invoices laid into a customer’s inbox; with idempotency_key, the one laid under it',
          [query('idempotency_key', text, 'The key it was laid under')],
          listOf('InboxInvoice'),
        ),
        post: {
          summary: 'Lays an invoice into the inbox; the same Idempotency-Key lays it once',
          responses: {
            '200': answer(
              { $ref: '#/components/schemas/InboxInvoice' },
              'Laid, now or before under the same key',
            ),
          },
        },
      },
      '/v1/fx_rates': get(
        'Exchange rates by company day, both ends included',
        [query('from_day', day, 'First day', true), query('to_day', day, 'Last day', true)],
        listOf('FxRate', { company_currency: text, published_through: day }),
      ),
    },
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}
