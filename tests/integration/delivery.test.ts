import { join } from 'node:path';
import Database from 'better-sqlite3';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { writeAmount } from '../../src/domain/billing/document/amounts.ts';
import { InvoiceDocument } from '../../src/domain/billing/document/invoice-document.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);

interface Row {
  number: string;
  address: string;
  state: string;
  due_at: number;
  document: string;
}

function deliveries(): Row[] {
  const db = new Database(join(workspace.dataDir, 'psi.db'), { readonly: true });
  try {
    const sql = `SELECT d.number, d.address, d.state, d.due_at, r.document FROM invoice_deliveries d
       JOIN run_invoices r ON r.id = d.invoice_id ORDER BY d.created_at, d.number`;
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

const invoiceMail = async () =>
  (await workspace.client.mail()).filter(({ attachments }) => attachments.length > 0);

async function textOf(mailId: string): Promise<string> {
  const response = await fetch(`${workspace.client.origin}/sandbox/mail/${mailId}/attachments/0`);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  const file = await getDocument({ data: new Uint8Array(await response.arrayBuffer()), verbosity: 0 })
    .promise;
  const pages = await Promise.all(
    Array.from({ length: file.numPages }, async (_, index) => {
      const { items } = await (await file.getPage(index + 1)).getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join(' ');
    }),
  );
  return pages.join(' ').replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
}

describe('an issued invoice', () => {
  it('waits for the business hours of its customer, then comes by mail with a PDF that says the same', async () => {
    const asker = personOf(people, 'finance', 0);
    await workspace.client.say({ user: asker.id, dm: true, text: 'close the month' });
    // A whole month is read and proved.
    await workspace.client.wait(120_000);
    await personOf(people, 'finance', 1).press('approval.row.approve');
    await workspace.client.wait(60_000);
    const [queued, ...more] = deliveries();
    expect(more).toEqual([]);
    if (!queued) throw new Error('nothing was queued');
    // A Sunday: nothing goes out.
    expect(queued.state).toBe('queued');
    expect(await invoiceMail()).toEqual([]);

    await workspace.client.clock({ now: new Date(queued.due_at - 60_000).toISOString() });
    await workspace.client.wait(60_000);
    expect(await invoiceMail()).toEqual([]);
    await workspace.client.clock({ advance: 'PT3M' });
    await workspace.client.wait(60_000);
    const [mail, ...others] = await invoiceMail();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      to: [queued.address],
      attachments: [{ file_name: `${queued.number}.pdf` }],
    });
    const document = InvoiceDocument.parse(JSON.parse(queued.document));
    const { language, currency, totals, payment, lines } = document;
    expect(mail?.text).toContain(payment.url);
    expect(mail?.html).toContain(`lang="${language}"`);
    const read = await textOf(mail?.id ?? '');
    const plain = (text: string) => text.replaceAll('\u00a0', ' ');
    for (const { name, amountMinor } of lines) {
      expect(read).toContain(name);
      expect(read).toContain(plain(writeAmount(amountMinor, currency, language)));
    }
    expect(read).toContain(plain(writeAmount(totals.dueMinor, currency, language)));
    expect(deliveries()).toMatchObject([{ state: 'sent' }]);
    const effects = (await workspace.client.effects()).filter(({ kind }) => kind === 'email.sent');
    expect(effects).toHaveLength(1);
    const shown = await personOf(people, 'finance', 0).ask(`show invoice ${queued.number}`);
    expect(await shown.answer()).toMatch(/Delivery: sent to .+ by mail on Nov 2\d, 2026/);
  }, 240_000);

  it('that comes back says so on the invoice and to finance, and nothing more goes there unasked', async () => {
    const [first] = deliveries();
    if (!first) throw new Error('nothing was sent');
    await workspace.client.mailbox({ address: first.address });
    const thread = await personOf(people, 'finance', 0).ask(`resend invoice ${first.number}`);
    expect(await thread.answer()).toContain(first.address);
    await personOf(people, 'finance', 1).press('approval.approve');
    await workspace.client.wait(60_000);
    expect(deliveries().at(-1)).toMatchObject({ state: 'bounced' });
    const shown = await personOf(people, 'finance', 0).ask(`show invoice ${first.number}`);
    expect(await shown.answer()).toMatch(/came back from .*no such mailbox \(5\.1\.1\)/);
    const alerts = await personOf(people, 'finance', 0).ask('any alerts?');
    expect(await alerts.answer()).toContain(`Invoice ${first.number} came back from`);
    const reminder = await personOf(people, 'finance', 0).ask(`send a payment reminder for ${first.number}`);
    expect(await reminder.answer()).toMatch(/nothing is sent there|There is no invoice/);
  }, 120_000);
});
