import { describe, expect, it } from 'vitest';
import { deliveryWish, planRoute } from '../../../../src/domain/billing/delivery/route.ts';
import { DeliverySettings } from '../../../../src/domain/billing/delivery/settings.ts';

const buyer = { id: 'psz_1', name: 'Acme Robotics', email: 'hello@acme.example', country: 'DE' };
const contacts = [
  { email: 'boss@acme.example', name: 'Bo', role: 'Owner' },
  { email: 'ap@acme.example', name: 'Ann', role: 'Billing' },
];
const languages = { default: 'en', countries: { DE: 'de' } } as const;
const route = (customer: object | null, known = contacts) =>
  planRoute(buyer, {
    contacts: known,
    settings: DeliverySettings.parse(customer === null ? {} : { customers: { psz_1: customer } }),
    languages: { ...languages },
    companyTz: 'America/Los_Angeles',
  });

describe('the way of an invoice', () => {
  it('leads by mail to whoever looks after bills, in the language of their country', () => {
    expect(route(null)).toEqual({
      channel: 'email',
      address: 'ap@acme.example',
      name: 'Ann',
      language: 'de',
      timeWords: 'in business hours of Europe/Berlin',
      hindrance: null,
    });
    expect(route(null, [])).toMatchObject({ address: 'hello@acme.example', name: 'Acme Robotics' });
  });

  it.each<[string, object, object]>([
    [
      'address and name',
      { email: 'x@acme.example', name: 'AP desk' },
      { address: 'x@acme.example', name: 'AP desk' },
    ],
    ['language', { language: 'fr' }, { language: 'fr' }],
    ['time', { at: '10:00', tz: 'Asia/Tokyo' }, { timeWords: 'on a business day at 10:00 Asia/Tokyo' }],
    ['API inbox', { channel: 'api' }, { channel: 'api', address: 'psz_1' }],
    [
      'channel in Slack',
      { channel: 'slack', slack_channel: 'ext-acme' },
      { channel: 'slack', address: 'ext-acme' },
    ],
  ])('takes the %s they chose', (_name, chosen, expected) => {
    expect(route(chosen)).toMatchObject(expected);
  });

  it('refuses settings that name no channel for Slack, or a time that is none', () => {
    const parse = (customer: object) => DeliverySettings.safeParse({ customers: { psz_1: customer } });
    expect(parse({ channel: 'slack' }).error?.issues[0]?.message).toMatch(/needs the name of the channel/);
    expect(parse({ at: '25:00' }).success).toBe(false);
    expect(parse({ tz: 'Mars/Base' }).success).toBe(false);
  });

  it('falls back to the company’s zone where nobody knows theirs', () => {
    const wish = deliveryWish({ ...buyer, country: 'ZZ' }, DeliverySettings.parse({}), 'America/Los_Angeles');
    expect(wish).toEqual({ at: null, tz: 'America/Los_Angeles', country: 'ZZ' });
  });
});
