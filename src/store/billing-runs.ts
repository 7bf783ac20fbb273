import type { Selectable } from 'kysely';
import { z } from 'zod';
import { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { UsageBasis } from '../domain/billing/run/basis.ts';
import type { BillingRun, BillingRuns, RunInvoice } from '../domain/billing/run/billing-desk.ts';
import type { RunDraft } from '../domain/billing/run/plan-run.ts';
import { Proof } from '../domain/billing/run/prove.ts';
import { ProofBasis } from '../domain/billing/run/usage-evidence.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { numberInvoice } from './invoice-numbers.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** What these runs bill. */
const PURPOSE = 'overage';

type Row = Selectable<Schema['run_invoices']> & { number: string | null };

/** Runs, their invoices and numbers. What was issued is never changed by a later run. */
export function createBillingRuns({
  store,
  clock,
  tz,
}: {
  store: Store;
  clock: Clock;
  tz: string;
}): BillingRuns {
  const { db } = store;
  const runOf = (entityId: string, month: string) =>
    firstRow(
      store,
      db
        .selectFrom('billing_runs')
        .selectAll()
        .where('entity', '=', entityId)
        .where('month', '=', month)
        .compile(),
    );
  const invoices = () =>
    db
      .selectFrom('run_invoices')
      .leftJoin('invoice_numbers', 'invoice_numbers.run_invoice_id', 'run_invoices.id')
      .selectAll('run_invoices')
      .select('invoice_numbers.number')
      .orderBy('currency')
      .orderBy('total_minor', 'desc')
      .orderBy('run_invoices.customer_id');
  const byId = (id: string) => firstRow<Row>(store, invoices().where('run_invoices.id', '=', id).compile());
  const ofRun = (runId: string) => allRows<Row>(store, invoices().where('run_id', '=', runId).compile());

  return {
    open: (run) =>
      ledgerTransaction(store, () => {
        const known = runOf(run.entityId, run.month);
        if (known) return runFrom(known);
        const row = {
          id: newId('brun'),
          entity: run.entityId,
          month: run.month,
          start_at: run.startAt,
          end_at: run.endAt,
          started_at: clock.now(),
          closed_at: null,
          proved_by: null,
        };
        change(store, db.insertInto('billing_runs').values(row).compile());
        return runFrom(row);
      }),
    ofMonth: async (entityId, month) => {
      const row = runOf(entityId, month);
      return row && runFrom(row);
    },
    close: async (runId) => {
      const query = db.updateTable('billing_runs').set({ closed_at: clock.now() });
      await ledgerTransaction(store, () =>
        change(store, query.where('id', '=', runId).where('closed_at', 'is', null).compile()),
      );
    },
    saveDrafts: (runId, drafts, provedBy) =>
      ledgerTransaction(store, () => {
        const proved = db.updateTable('billing_runs').set({ proved_by: JSON.stringify(provedBy) });
        change(store, proved.where('id', '=', runId).compile());
        replaceDrafts(store, runId, drafts);
        return ofRun(runId).map(invoiceFrom);
      }),
    get: async (id) => {
      const row = byId(id);
      return row && invoiceFrom(row);
    },
    numbered: async (number) => {
      const row = firstRow<Row>(store, invoices().where('invoice_numbers.number', '=', number).compile());
      return row && invoiceFrom(row);
    },
    list: async (runId) => ofRun(runId).map(invoiceFrom),
    ofCustomer: async (customerId) =>
      allRows<Row>(store, invoices().where('run_invoices.customer_id', '=', customerId).compile()).map(
        invoiceFrom,
      ),
    giveNumber: (id, rule) =>
      ledgerTransaction(store, () => {
        const invoice = byId(id);
        if (!invoice) throw new SystemError('store_failed', `there is no invoice ${id}`);
        return numberInvoice(store, invoice, rule, { at: clock.now(), tz });
      }),
    markIssued: async (id, { stripeInvoiceId, document, pdfPath }) => {
      const query = db.updateTable('run_invoices').set({
        state: 'issued',
        stripe_invoice_id: stripeInvoiceId,
        document: JSON.stringify(document),
        pdf_path: pdfPath,
        issued_at: clock.now(),
      });
      await ledgerTransaction(store, () =>
        change(store, query.where('id', '=', id).where('state', '!=', 'issued').compile()),
      );
    },
    markUnwound: (id, how) =>
      ledgerTransaction(store, () => {
        const query = db
          .updateTable('run_invoices')
          .set({ state: 'unwound', purpose: `unwound:${id}`, unwound_at: clock.now(), unwound_how: how });
        change(store, query.where('id', '=', id).where('state', '=', 'issued').compile());
        const run = db.selectFrom('run_invoices').select('run_id').where('id', '=', id);
        change(
          store,
          db.updateTable('billing_runs').set({ closed_at: null }).where('id', 'in', run).compile(),
        );
      }),
  };
}

/** Drafts keep their ids from run to run; one that has a number is on its way out and is left alone. */
function replaceDrafts(store: Store, runId: string, drafts: readonly RunDraft[]): void {
  const { db } = store;
  const numbered = db.selectFrom('invoice_numbers').select('run_invoice_id');
  const known = new Map(
    allRows(
      store,
      db
        .selectFrom('run_invoices')
        .selectAll()
        .where('run_id', '=', runId)
        .where('purpose', '=', PURPOSE)
        .compile(),
    ).map((row) => [row.customer_id, row]),
  );
  for (const draft of drafts) {
    const before = known.get(draft.basis.customerId);
    known.delete(draft.basis.customerId);
    const values = valuesOf(runId, draft);
    const query =
      before === undefined
        ? db.insertInto('run_invoices').values({ ...values, id: newId('rinv') })
        : db
            .updateTable('run_invoices')
            .set(values)
            .where('id', '=', before.id)
            .where('state', '!=', 'issued')
            .where('id', 'not in', numbered);
    change(store, query.compile());
  }
  for (const gone of known.values()) {
    const query = db.deleteFrom('run_invoices').where('id', '=', gone.id).where('state', '!=', 'issued');
    change(store, query.where('id', 'not in', numbered).compile());
  }
}

function valuesOf(runId: string, draft: RunDraft) {
  const { basis, proof, flags, problems } = draft;
  return {
    run_id: runId,
    entity: basis.entityId,
    customer_id: basis.customerId,
    start_at: basis.startAt,
    purpose: PURPOSE,
    state: problems.length === 0 ? 'draft' : 'blocked',
    currency: basis.currency,
    subtotal_minor: draft.subtotalMinor,
    tax_minor: draft.taxMinor,
    total_minor: draft.totalMinor,
    basis: JSON.stringify(basis),
    proof: JSON.stringify(proof),
    flags: JSON.stringify(flags),
    problems: JSON.stringify(problems),
    stripe_invoice_id: null,
    document: null,
    pdf_path: null,
    issued_at: null,
    unwound_at: null,
    unwound_how: null,
  };
}

function runFrom(row: Selectable<Schema['billing_runs']>): BillingRun {
  return {
    id: row.id,
    entityId: row.entity,
    month: row.month,
    startAt: row.start_at,
    endAt: row.end_at,
    startedAt: row.started_at,
    closedAt: row.closed_at,
    provedBy: row.proved_by === null ? null : ProofBasis.parse(JSON.parse(row.proved_by)),
  };
}

const stateSchema = z.enum(['draft', 'blocked', 'issued', 'unwound']);
const sentences = z.array(z.string());

function invoiceFrom(row: Row): RunInvoice {
  try {
    return {
      id: row.id,
      runId: row.run_id,
      state: stateSchema.parse(row.state),
      basis: UsageBasis.parse(JSON.parse(row.basis)),
      subtotalMinor: row.subtotal_minor,
      taxMinor: row.tax_minor,
      totalMinor: row.total_minor,
      proof: Proof.parse(JSON.parse(row.proof)),
      flags: sentences.parse(JSON.parse(row.flags)),
      problems: sentences.parse(JSON.parse(row.problems)),
      stripeInvoiceId: row.stripe_invoice_id,
      number: row.number,
      document: row.document === null ? null : InvoiceDocument.parse(JSON.parse(row.document)),
      pdfPath: row.pdf_path,
      issuedAt: row.issued_at,
    };
  } catch (cause) {
    throw new SystemError('store_failed', `invoice ${row.id} of a run cannot be read`, { cause });
  }
}
