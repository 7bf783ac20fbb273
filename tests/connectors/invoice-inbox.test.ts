import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInvoiceInbox } from '../../src/connectors/psizero/invoice-inbox.ts';
import type { Parcel } from '../../src/domain/billing/delivery/ports.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';

let server: Server;
let requests: { method: string; url: string; key: unknown; body: string }[];
let answer: { status: number; body: string; drop?: boolean };

beforeEach(async () => {
  requests = [];
  answer = { status: 200, body: '{"id":"ibx_1"}' };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, key: headers['idempotency-key'], body });
      if (answer.drop) return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function inbox() {
  // The server listens on a port of its own, so its address is never null or a path.
  const { port } = server.address() as AddressInfo;
  return createInvoiceInbox({ url: `http://127.0.0.1:${port}/v1`, token: 'token' });
}

const parcel: Parcel = {
  delivery: {
    ...{ id: 'dlv_1', key: 'k', invoiceId: 'rinv_1', stripeInvoiceId: 'in_1', number: 'PSI-1' },
    ...{ customerId: 'psz_1', channel: 'api', address: 'psz_1', name: 'Acme', language: 'en', dueAt: 0 },
    ...{ state: 'sending', attempts: 1, sentAt: null, settledAt: null, reason: null },
  },
  customer: { id: 'psz_1', name: 'Acme', domain: 'acme.example' },
  document: exampleDocument(),
  pdf: { fileName: 'PSI-1.pdf', bytes: new TextEncoder().encode('%PDF-') },
  message: { subject: '', text: '', html: '' },
};

describe('the customer’s invoice inbox', () => {
  it('is handed the invoice with its PDF under the key', async () => {
    expect(await inbox().send(parcel, 'key_1')).toEqual({ outsideId: 'ibx_1' });
    expect(requests).toMatchObject([{ method: 'POST', url: '/v1/customers/psz_1/invoices', key: 'key_1' }]);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      number: parcel.document.number,
      total_minor: parcel.document.totals.totalMinor,
      pdf: { base64: Buffer.from('%PDF-').toString('base64') },
    });
  });

  it.each<[string, Partial<typeof answer>, string]>([
    ['a refusal', { status: 404, body: '{}' }, 'conflict'],
    ['trouble', { status: 500, body: '{}' }, 'effect_unknown'],
    ['silence', { drop: true }, 'effect_unknown'],
    ['an unreadable answer', { body: 'nonsense' }, 'effect_unknown'],
  ])('after %s says %s', async (_name, given, code) => {
    answer = { ...answer, ...given };
    await expect(inbox().send(parcel, 'key_1')).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  it('can be asked what stands under a key', async () => {
    answer = { status: 200, body: '{"data":[{"id":"ibx_1"}]}' };
    expect(await inbox().lookUp?.(parcel, 'key 1')).toEqual({ outsideId: 'ibx_1' });
    expect(requests[0]?.url).toBe('/v1/customers/psz_1/invoices?idempotency_key=key+1');
    answer = { status: 200, body: '{"data":[]}' };
    expect(await inbox().lookUp?.(parcel, 'key_2')).toBeNull();
  });
});
