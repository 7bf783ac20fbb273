import { get, post } from './api.js';
import { h } from './dom.js';

/** What each event says beside its customer. `customer` names the kind of customer it is usually about. */
const EVENTS = {
  signup: { details: { plan: 'growth' } },
  usage: { customer: 'healthy', details: { calls: 50000 } },
  usage_drop: { customer: 'healthy', details: { percent: 60, days: 7 } },
  payment_failed: { customer: 'healthy', details: { decline_code: 'insufficient_funds' } },
  payment_succeeded: { details: ({ overdue }) => ({ invoice: overdue?.invoice ?? '' }) },
  card_updated: { customer: 'overdue', details: {} },
  payment_method_updated: { customer: 'overdue', details: {} },
  dispute_opened: { details: ({ refundable }) => ({ payment: refundable?.payment ?? '' }) },
  ticket_opened: { customer: 'healthy', details: { text: 'Our calls time out since this morning.' } },
  plan_changed: { customer: 'healthy', details: { plan: 'scale' } },
  cancelled: { customer: 'atrisk', details: { at_period_end: true } },
  outage_started: { details: {} },
  outage_ended: { details: {} },
  competitor_page_changed: { details: {} },
};
const KINDS = {
  refundable: 'paid lately',
  overdue: 'has overdue invoices',
  healthy: 'healthy',
  atrisk: 'at risk',
};

/** The form by which something happens to the company, filled with customers of this world to try it on. */
export function companyEvents(button) {
  let known = {};
  const people = h('datalist', { id: 'known-customers' });
  const customer = h('input', { class: 'field', list: 'known-customers', placeholder: 'customer id' });
  const customerRow = h('label', { class: 'labelled' }, 'Customer', customer);
  const body = h('input', { class: 'field mono' });
  const type = h(
    'select',
    { class: 'field', 'aria-label': 'Event', onchange: fill },
    Object.keys(EVENTS).map((name) => h('option', { value: name }, name.replaceAll('_', ' '))),
  );

  function fill() {
    const event = EVENTS[type.value];
    customerRow.hidden = event.customer === undefined;
    customer.value = known[event.customer]?.id ?? '';
    const details = typeof event.details === 'function' ? event.details(known) : event.details;
    body.value = JSON.stringify(details);
  }

  /** Reads this world's customers; after a reset they are others. */
  async function learn() {
    const found = await Promise.all(
      Object.keys(KINDS).map((kind) =>
        get('/sandbox/truth', { query: 'customer', kind }).catch(() => undefined),
      ),
    );
    known = Object.fromEntries(Object.keys(KINDS).map((kind, index) => [kind, found[index]]));
    const options = Object.entries(known).filter(([, each]) => each !== undefined);
    people.replaceChildren(
      ...options.map(([kind, each]) => h('option', { value: each.id }, `${each.name}, ${KINDS[kind]}`)),
    );
    fill();
  }

  function happen() {
    let details;
    try {
      details = JSON.parse(body.value || '{}');
    } catch {
      throw new Error('The details are not JSON.');
    }
    const given = customerRow.hidden || !customer.value ? {} : { customer: customer.value };
    return post('/sandbox/company/events', { type: type.value, ...given, ...details });
  }

  fill();
  const form = [
    type,
    customerRow,
    people,
    h('label', { class: 'labelled' }, 'Details, as JSON', body),
    button('Let it happen', happen, 'It happened.'),
  ];
  return { form, learn };
}
