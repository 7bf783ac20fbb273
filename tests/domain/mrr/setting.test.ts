import { describe, expect, it } from 'vitest';
import { PRESET_NAMES, PRESETS } from '../../../src/domain/mrr/presets.ts';
import {
  describeSetting,
  lifetimeSettings,
  metricSettings,
  nameOf,
  parseSetting,
  STRIPE_SETTING,
} from '../../../src/domain/mrr/setting.ts';

describe("the company's rules for recurring revenue", () => {
  it('are Stripe’s unless something else is set', () => {
    expect(metricSettings.parse({})).toEqual({ mrr: STRIPE_SETTING, grossMargin: 100 });
  });

  it('knows no cost of winning anybody and a tenth a year off unless told', () => {
    expect(lifetimeSettings(metricSettings.parse({}))).toEqual({ discountRate: 10, acquisitionCost: {} });
    const told = metricSettings.parse({ lifetime: { acquisitionCost: { ads: 350 } } });
    expect(lifetimeSettings(told)).toEqual({ discountRate: 10, acquisitionCost: { ads: 350 } });
    expect(metricSettings.safeParse({ lifetime: { acquisitionCost: { ads: -1 } } }).success).toBe(false);
  });

  it('are a preset with single knobs on top, and say which differ', () => {
    const { mrr } = metricSettings.parse({
      mrr: { preset: 'chartmogul', pastDueDays: 30, discounts: 'include' },
    });
    expect(mrr.policy).toEqual({ ...PRESETS.chartmogul.policy, pastDueDays: 30 });
    expect(nameOf(mrr)).toBe('ChartMogul with pastDueDays=30');
    expect(describeSetting(mrr)).toContain("Stripe's rule where none is published: pause, metered");
  });

  it.each([
    [{ mrr: { preset: 'quickbooks' } }, 'preset'],
    [{ mrr: { pastDueDays: -1 } }, 'pastDueDays'],
    [{ mrr: { fx: 'yesterday' } }, 'fx'],
    [{ mrr: { churn: 'later' } }, 'churn'],
    [{ grossMargin: 0 }, 'grossMargin'],
  ])('%j is refused, naming what is wrong', (section, what) => {
    const parsed = metricSettings.safeParse(section);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(what);
  });

  it.each(PRESET_NAMES)('can be read from the word %s', (name) => {
    expect(parseSetting(name, STRIPE_SETTING)).toMatchObject({ preset: name, policy: PRESETS[name].policy });
  });

  it('can be read from knobs, in any spelling, on top of what holds', () => {
    const base = parseSetting('baremetrics', STRIPE_SETTING);
    expect(parseSetting('past_due_days=none, pause=keep', base)).toMatchObject({
      preset: 'baremetrics',
      policy: { pastDueDays: null, pause: 'keep', discounts: 'include' },
      differs: ['pastDueDays=null', 'pause=keep'],
    });
  });

  it.each([
    ['quickbooks', 'no rules called "quickbooks"'],
    ['colour=red', 'no rule "colour"'],
    ['pause=sometimes', 'pause'],
  ])('"%s" is refused in a sentence', (text, message) => {
    expect(() => parseSetting(text, STRIPE_SETTING)).toThrow(message);
  });
});
