import { describe, expect, it } from 'vitest';
import { loadConfig, simulatedInRealWorkspace } from '../../src/config.ts';
import { ConfigError } from '../../src/lib/errors.ts';

const simulatedSlack = {
  SLACK_API_URL: 'http://127.0.0.1:3100/api/',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
};
const realSlack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

describe('the environment', () => {
  it('needs nothing: every system is then not connected and says what to set', () => {
    const config = loadConfig({});
    expect(config.company).toEqual({
      name: 'PsiZero',
      currency: 'USD',
      tz: 'America/Los_Angeles',
      sloTarget: 0.999,
    });
    expect([config.slack, config.stripe, config.supabase, config.psizero, config.mail, config.model]).toEqual(
      [null, null, null, null, null, null],
    );
    expect(config.missing.stripe).toContain('STRIPE_SECRET_KEY');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ STRIPE_SECRET_KEY: '', PSI_COMPANY_NAME: ' ' }).stripe).toBeNull();
  });

  it('marks systems on this machine as simulated and others as real', () => {
    const config = loadConfig({
      ...simulatedSlack,
      STRIPE_API_URL: 'http://localhost:3100',
      STRIPE_SECRET_KEY: 'sk_test_1',
      SUPABASE_URL: 'https://db.example.com',
      SUPABASE_KEY: 'k',
      PSIZERO_API_URL: 'http://[::1]:3100/psizero/v1',
      PSIZERO_API_TOKEN: 't',
      SMTP_URL: 'smtp://127.0.0.1:2525',
    });
    expect([
      config.slack?.simulated,
      config.stripe?.simulated,
      config.supabase?.simulated,
      config.psizero?.simulated,
      config.mail?.simulated,
    ]).toEqual([true, true, false, true, true]);
  });

  it.each([
    ['a port that is no number', { PSI_HTTP_PORT: 'three' }, 'PSI_HTTP_PORT'],
    ['a port out of range', { PSI_HTTP_PORT: '70000' }, 'PSI_HTTP_PORT'],
    ['an unknown time zone', { PSI_COMPANY_TZ: 'Mars/Olympus' }, 'PSI_COMPANY_TZ'],
    ['a target that cannot be missed', { PSI_SLO_TARGET: '100' }, 'PSI_SLO_TARGET'],
    ['a currency in words', { PSI_COMPANY_CURRENCY: 'dollars' }, 'PSI_COMPANY_CURRENCY'],
    ['a fiscal year that begins in no month', { PSI_FISCAL_YEAR_START: '13' }, 'PSI_FISCAL_YEAR_START'],
    ['an unknown log level', { PSI_LOG_LEVEL: 'chatty' }, 'PSI_LOG_LEVEL'],
    ['an address without a scheme', { SUPABASE_URL: 'db.example.com', SUPABASE_KEY: 'k' }, 'SUPABASE_URL'],
    ['a mail address that is no SMTP address', { SMTP_URL: 'http://127.0.0.1' }, 'SMTP_URL'],
    ['a publishable key in place of the secret one', { STRIPE_SECRET_KEY: 'pk_test_1' }, 'STRIPE_SECRET_KEY'],
    [
      'an app token in place of the bot token',
      { ...realSlack, SLACK_BOT_TOKEN: 'xapp-1' },
      'SLACK_BOT_TOKEN',
    ],
    ['half of Slack', { SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN'],
    ['half of Supabase', { SUPABASE_KEY: 'k' }, 'SUPABASE_URL'],
    ['half of the PsiZero API', { PSIZERO_API_URL: 'http://a.example' }, 'PSIZERO_API_TOKEN'],
    ['half of Stripe', { STRIPE_API_URL: 'http://127.0.0.1:1' }, 'STRIPE_SECRET_KEY'],
  ])('refuses %s and names the variable', (_case, env, variable) => {
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(variable);
  });

  it('never repeats a value that may be a secret', () => {
    try {
      loadConfig({ STRIPE_SECRET_KEY: 'hunter2-secret' });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });
});

describe('the guards between worlds', () => {
  it.each(['sk_live_1', 'rk_live_1'])('refuse a live key (%s) with a simulated workspace', (key) => {
    expect(() => loadConfig({ ...simulatedSlack, STRIPE_SECRET_KEY: key })).toThrow(
      /STRIPE_SECRET_KEY.*simulated workspace/,
    );
  });

  it('refuse a real mail server with a simulated workspace', () => {
    expect(() => loadConfig({ ...simulatedSlack, SMTP_URL: 'smtps://mail.example.com' })).toThrow(
      /SMTP_URL.*simulated workspace/,
    );
  });

  it('let a real workspace use live keys, a real mail server and a simulated source, which is flagged', () => {
    const config = loadConfig({
      ...realSlack,
      STRIPE_SECRET_KEY: 'sk_live_1',
      SMTP_URL: 'smtps://mail.example.com',
      SUPABASE_URL: 'http://127.0.0.1:3100/supabase',
      SUPABASE_KEY: 'k',
    });
    expect(simulatedInRealWorkspace(config)).toEqual(['supabase']);
  });
});

describe('Supabase', () => {
  const rest = { SUPABASE_URL: 'https://x.supabase.co', SUPABASE_KEY: 'key' };
  const direct = 'postgres://psi:hunter2@db.x.supabase.co/postgres';
  it.each([
    ['over REST', rest, 'rest'],
    ['over its database when asked for by name', { ...rest, SUPABASE_DB_URL: direct }, 'database'],
    ['over REST although a DATABASE_URL is about', { ...rest, DATABASE_URL: direct }, 'rest'],
    ['over DATABASE_URL when there is nothing else', { DATABASE_URL: direct }, 'database'],
  ])('is read %s', (_how, env, by) => {
    expect(loadConfig(env).supabase).toMatchObject({ by, simulated: false });
  });
});
