import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { iso } from './wire.ts';

const COLLECTION = 'psizero.invoices';
/** A PDF in base64 is larger than what this server usually takes. */
const LARGEST_BODY = 8 * 1024 * 1024;

const paramsSchema = z.object({ id: z.string().min(1) });
const keySchema = z.string().min(1).max(200);
const bodySchema = z.strictObject({
  number: z.string().min(1).max(100),
  currency: z.string().regex(/^[A-Z]{3}$/),
  total_minor: z.number().int(),
  due_on: z.iso.date().nullable(),
  url: z.url().nullable(),
  pdf: z.strictObject({ file_name: z.string().min(1).max(200), base64: z.base64().min(1) }),
});
const keptSchema = z.object({
  id: z.string(),
  key: z.string(),
  customer_id: z.string(),
  number: z.string(),
  currency: z.string(),
  total_minor: z.number(),
  due_on: z.string().nullable(),
  url: z.string().nullable(),
  pdf_bytes: z.number(),
  created_at: z.string(),
});
type Kept = z.output<typeof keptSchema>;

/** Where customers who asked for it find their invoices in the API; each is laid there once under its key. */
export function registerInvoiceInbox(api: FastifyInstance, sandbox: Sandbox): void {
  const path = '/psizero/v1/customers/:id/invoices';
  const kept = () => sandbox.keep.all(COLLECTION).map(({ value }) => keptSchema.parse(value));
  const shown = ({ key: _key, ...invoice }: Kept) => invoice;

  api.post(path, { bodyLimit: LARGEST_BODY }, async (request, reply) => {
    const refuse = (status: number, code: string, message: string) =>
      reply.code(status).send({ error: { code, message } });
    const { id: customerId } = paramsSchema.parse(request.params);
    if (!sandbox.world.get('customers', customerId))
      return refuse(404, 'not_found', `There is no customer ${customerId}`);
    const key = keySchema.safeParse(request.headers['idempotency-key']);
    if (!key.success) return refuse(400, 'invalid_request', 'Idempotency-Key: give one');
    const body = bodySchema.safeParse(request.body);
    if (!body.success) {
      const [issue] = body.error.issues;
      return refuse(400, 'invalid_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
    }
    const before = kept().find((one) => one.key === key.data);
    if (before) return shown(before);
    const { pdf, ...said } = body.data;
    const invoice: Kept = {
      id: `ibx_${kept().length + 1}`,
      key: key.data,
      customer_id: customerId,
      ...said,
      pdf_bytes: Buffer.from(pdf.base64, 'base64').length,
      created_at: iso(sandbox.world.now()),
    };
    sandbox.keep.set(COLLECTION, invoice.id, invoice);
    sandbox.effects.record({
      system: 'psizero',
      kind: 'invoice.delivered',
      key: invoice.key,
      customer: customerId,
      amountMinor: invoice.total_minor,
      currency: invoice.currency,
      payload: shown(invoice),
    });
    return shown(invoice);
  });

  api.get(path, async (request) => {
    const { id } = paramsSchema.parse(request.params);
    const { idempotency_key: key } = z.object({ idempotency_key: keySchema.optional() }).parse(request.query);
    const data = kept().filter((one) => one.customer_id === id && (key === undefined || one.key === key));
    return {
      data: data.map(shown),
      next_cursor: '',
      has_more: false,
      data_through: iso(sandbox.world.now()),
    };
  });
}
