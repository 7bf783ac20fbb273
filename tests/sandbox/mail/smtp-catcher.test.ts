import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEffects, type EffectLog } from '../../../sandbox/core/effects.ts';
import { createFaults } from '../../../sandbox/core/faults.ts';
import { openSandboxDatabase, type SandboxDatabase } from '../../../sandbox/core/key-value.ts';
import type { Faults } from '../../../sandbox/core/types.ts';
import { createMailBox, type MailBox } from '../../../sandbox/mail/caught-mail.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../../../sandbox/mail/smtp-catcher.ts';
import { fakeWorld } from '../core/fake-stand-ins.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
let folder: string;
let db: SandboxDatabase;
let faults: Faults;
let effects: EffectLog;
let box: MailBox;
let catcher: SmtpCatcher;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-mail-'));
  db = openSandboxDatabase(join(folder, 'sandbox.db'));
  faults = createFaults();
  effects = createEffects(db, () => NOW);
  box = createMailBox(db, () => NOW);
  const world = fakeWorld({ seed: 7, now: NOW, scale: 1 }, { now: () => NOW });
  catcher = await startSmtpCatcher({ box, faults, effects, world: () => world });
});

afterEach(async () => {
  await catcher.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const send = (to: string, headers: Record<string, string> = {}) =>
  createTransport(catcher.url).sendMail({
    from: 'psi@psizero.example',
    to,
    subject: 'Your invoice',
    text: 'Please pay.',
    headers,
  });

describe('the mail catcher', () => {
  it.each([
    ['the customer’s billing address', 'Billing@acme.example', 'psz_1'],
    ['a person at the customer', 'dev@acme.example', 'psz_1'],
    ['a stranger', 'who@elsewhere.example', null],
  ])('counts mail to %s as an effect', async (_name, to, customer) => {
    await send(to, { 'X-Psi-Message-Key': 'key-1' });
    expect(effects.since(0)).toMatchObject([{ n: 1, kind: 'email.sent', key: 'key-1', customer }]);
    expect(box.all()).toMatchObject([{ subject: 'Your invoice', text: 'Please pay.', to: [to] }]);
  });

  it('takes the Message-ID where no key was given', async () => {
    const { messageId } = await send('dev@acme.example');
    expect(effects.since(0)[0]?.key).toBe(messageId);
  });

  it('keeps mail among members without counting it', async () => {
    await send('maya@psizero.example');
    expect(effects.since(0)).toEqual([]);
    expect(box.all()).toHaveLength(1);
  });

  it('has all of it after a restart', async () => {
    await send('dev@acme.example');
    expect(createMailBox(db, () => NOW).all()).toEqual(box.all());
    expect(createEffects(db, () => NOW).since(0)).toEqual(effects.since(0));
  });
});

describe('faults of mail', () => {
  it('refuses with 451 and keeps nothing', async () => {
    faults.add({ system: 'mail', kind: 'http_500', match: null, count: 1, ms: 0 });
    await expect(send('dev@acme.example')).rejects.toMatchObject({ responseCode: 451 });
    expect(box.all()).toEqual([]);
    await send('dev@acme.example');
    expect(box.all()).toHaveLength(1);
  });

  it('cuts the line after it has taken the message', async () => {
    faults.add({ system: 'mail', kind: 'drop_response', match: 'acme', count: 1, ms: 0 });
    await expect(send('dev@acme.example')).rejects.toThrow();
    expect(effects.since(0)).toHaveLength(1);
  });

  it('answers late', async () => {
    faults.add({ system: 'mail', kind: 'slow', match: null, count: 1, ms: 120 });
    const from = performance.now();
    await send('dev@acme.example');
    expect(performance.now() - from).toBeGreaterThanOrEqual(115);
  });
});
