import { get, post, remove } from './api.js';
import { companyEvents } from './company-events.js';
import { instantIn, wallClock } from './dates.js';
import { confirmFirst, h, toast } from './dom.js';
import { clockText, momentText, setNow, simulatedNow, state } from './state.js';

const SYSTEMS = ['slack', 'stripe', 'supabase', 'psizero', 'mail', 'model', 'web'];
const KINDS = [
  'duplicate',
  'drop_response',
  'rate_limit',
  'http_500',
  'slow',
  'disconnect',
  'stream_expired',
  'malformed',
  'out_of_order',
  'replay',
];
const MODELS = [
  ['off', 'Off: as configured'],
  ['compromised', 'Compromised'],
  ['liar', 'Liar'],
  ['garbage', 'Garbage'],
];

const money = (minor, currency) => {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(minor / 10 ** (['JPY', 'KRW', 'VND'].includes(currency) ? 0 : 2));
};

const options = (list) => list.map((each) => h('option', { value: each }, each.replaceAll('_', ' ')));

/** Everything a person may do to the outside world: time, faults, events, the bot's life, the model. */
export function createPanel({ afterReset }) {
  const now = h('div', { class: 'clock-now', 'aria-live': 'off' });
  const zone = h('div', { class: 'clock-zone' });
  const effects = h('div', { class: 'rows' });
  const mail = h('div', { class: 'rows' });
  const faults = h('div', { class: 'rows' });
  const model = h(
    'select',
    {
      class: 'field',
      'aria-label': 'Model',
      onchange: (event) =>
        run(event.target, () =>
          post(
            '/sandbox/model',
            event.target.value === 'off' ? { off: true } : { adversary: event.target.value },
          ),
        ),
    },
    MODELS.map(([value, label]) => h('option', { value }, label)),
  );
  const failpoint = h('select', { class: 'field', 'aria-label': 'Where' });
  let root = null;

  /** Runs a call, with its control waiting; says what went wrong. */
  async function run(control, task, done) {
    control.disabled = true;
    try {
      const answer = await task();
      if (done) toast(typeof done === 'function' ? done(answer) : done);
    } catch (error) {
      toast(error.message, 'error');
    }
    control.disabled = false;
    refresh();
  }

  const button = (label, task, done, kind = '') =>
    h('button', { class: `button ${kind}`, onclick: (event) => run(event.currentTarget, task, done) }, label);
  const jump = (advance, label) =>
    button(label, async () => setNow((await post('/sandbox/clock', { advance })).now));

  const events = companyEvents(button);
  let learntOf = null;

  function tick() {
    if (!state.user) return;
    now.textContent = momentText(simulatedNow());
    zone.textContent = `in ${state.user.name.split(' ')[0]}'s time zone, ${state.user.tz.replaceAll('_', ' ')}`;
  }

  function clockSection() {
    const until = h('input', {
      class: 'field',
      type: 'datetime-local',
      'aria-label': 'Move to',
      onfocus: () => {
        until.value ||= wallClock(simulatedNow() + 60 * 60 * 1000, state.user.tz);
      },
    });
    return section(
      'Clock',
      true,
      now,
      zone,
      h(
        'div',
        { class: 'button-row' },
        jump('PT1H', '+1 hour'),
        jump('P1D', '+1 day'),
        jump('P7D', '+1 week'),
      ),
      h(
        'div',
        { class: 'field-row' },
        until,
        button('Go', async () => {
          if (!until.value) throw new Error('Choose a day and an hour first.');
          const at = instantIn(until.value, state.user.tz);
          setNow((await post('/sandbox/clock', { now: new Date(at).toISOString() })).now);
        }),
      ),
      h(
        'p',
        { class: 'hint' },
        'Everything that falls due on the way runs at its own instant. Time only moves forward.',
      ),
    );
  }

  function faultSection() {
    const system = h('select', { class: 'field', 'aria-label': 'System' }, options(SYSTEMS));
    const kind = h('select', { class: 'field', 'aria-label': 'Fault' }, options(KINDS));
    const match = h('input', {
      class: 'field',
      placeholder: 'only where this is in the method or path',
      'aria-label': 'Match',
    });
    const count = h('input', {
      class: 'field narrow',
      type: 'number',
      min: 1,
      value: '1',
      'aria-label': 'How often',
    });
    return section(
      'Faults',
      false,
      h('div', { class: 'field-row' }, system, kind),
      h('div', { class: 'field-row' }, match, count),
      h(
        'div',
        { class: 'button-row' },
        button('Plan it', () =>
          post('/sandbox/faults', {
            system: system.value,
            kind: kind.value,
            count: Number(count.value),
            ...(match.value ? { match: match.value } : {}),
          }),
        ),
        button('Clear all', () => remove('/sandbox/faults')),
      ),
      faults,
    );
  }

  function botSection() {
    return section(
      'Psi itself',
      false,
      h('div', { class: 'label' }, 'Model'),
      model,
      h(
        'p',
        { class: 'hint' },
        'Adversaries show what Psi does with a model that was taken over, lies or breaks.',
      ),
      h('div', { class: 'label' }, 'Crash'),
      h(
        'div',
        { class: 'field-row' },
        failpoint,
        button(
          'Kill',
          () => post('/sandbox/kill', failpoint.value ? { at: failpoint.value } : {}),
          () => (failpoint.value ? 'It will be killed there.' : 'Killed; it comes back by itself.'),
          'danger',
        ),
      ),
      h('div', { class: 'label' }, 'Start over'),
      button(
        'Reset the world',
        async () => {
          const yes = await confirmFirst({
            title: 'Reset the world',
            text: 'The company, all messages and everything Psi remembers are made anew.',
            confirm: 'Reset',
            danger: true,
          });
          if (!yes) return;
          await post('/sandbox/reset');
          await afterReset();
          toast('A new world is ready.');
        },
        null,
        'danger',
      ),
    );
  }

  function section(title, open, ...children) {
    return h(
      'details',
      { class: 'panel-section', open },
      h('summary', {}, title),
      h('div', { class: 'panel-body' }, ...children),
    );
  }

  async function refresh() {
    if (!root || root.hidden) return;
    if (learntOf !== state.company) {
      learntOf = state.company;
      void events.learn();
    }
    const [effectList, mailList, faultList, points, setting] = await Promise.all([
      get('/sandbox/effects'),
      get('/sandbox/mail'),
      get('/sandbox/faults'),
      get('/sandbox/failpoints'),
      get('/sandbox/model'),
    ]).catch(() => []);
    if (!setting) return;
    effects.replaceChildren(
      ...rows(
        effectList.effects.slice(-30).reverse(),
        effectRow,
        'Psi has changed nothing outside itself yet.',
      ),
    );
    mail.replaceChildren(
      ...rows(
        mailList.messages.slice(-30).reverse(),
        mailRow,
        'No mail yet. Nothing ever leaves this machine.',
      ),
    );
    faults.replaceChildren(
      ...rows(
        faultList.faults,
        (each) =>
          h(
            'div',
            { class: 'row' },
            h('strong', {}, `${each.system} ${each.kind.replaceAll('_', ' ')}`),
            h('small', {}, `${each.remaining} left${each.match ? `, at ${each.match}` : ''}`),
          ),
        'None planned.',
      ),
    );
    const chosen = failpoint.value;
    failpoint.replaceChildren(h('option', { value: '' }, 'now'), ...options(points.failpoints));
    failpoint.value = points.failpoints.includes(chosen) ? chosen : '';
    if (document.activeElement !== model) model.value = setting.adversary ?? 'off';
  }

  return {
    refresh: () => void refresh().catch(() => undefined),
    mount(element) {
      root = element;
      root.replaceChildren(
        h('div', { class: 'panel-title' }, 'The outside world'),
        clockSection(),
        section(
          'Effects',
          true,
          h('p', { class: 'hint' }, 'What Psi changed outside itself, as the outside saw it.'),
          effects,
        ),
        section('Caught mail', false, mail),
        section('Company events', false, ...events.form),
        faultSection(),
        botSection(),
      );
      tick();
      setInterval(tick, 1000);
    },
  };
}

function rows(list, render, none) {
  return list.length > 0 ? list.map(render) : [h('p', { class: 'hint' }, none)];
}

function effectRow(effect) {
  const amount =
    effect.amount_minor !== null && effect.currency
      ? money(effect.amount_minor, effect.currency.toUpperCase())
      : '';
  return h(
    'details',
    { class: 'row' },
    h(
      'summary',
      {},
      h('strong', {}, effect.kind),
      h('span', {}, amount),
      h('small', {}, `${clockText(Date.parse(effect.at))} ${effect.customer ?? ''}`),
    ),
    h('pre', {}, JSON.stringify({ key: effect.key, ...(effect.payload ?? {}) }, null, 2)),
  );
}

function mailRow(mail) {
  return h(
    'details',
    { class: 'row' },
    h(
      'summary',
      {},
      h('strong', {}, mail.subject || '(no subject)'),
      h('small', {}, `to ${mail.to.join(', ')}, ${clockText(Date.parse(mail.at))}`),
    ),
    h('pre', { class: 'mail-text' }, mail.text || mail.html || ''),
    ...(mail.attachments ?? []).map((file, index) =>
      h(
        'a',
        { href: `/sandbox/mail/${mail.id}/attachments/${index}`, target: '_blank', rel: 'noopener' },
        `${file.file_name} (${Math.ceil(file.bytes / 1024)} KB)`,
      ),
    ),
  );
}
