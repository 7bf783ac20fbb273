import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumMinor } from '../../../src/domain/billing/apportion.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { calculateTaxes, effectiveTaxRate } from '../../../src/domain/billing/tax/calculate-tax.ts';
import { decideTax, offlineTaxRates } from '../../../src/domain/billing/tax/decide-tax.ts';
import { EU_STATES, EU_ZONES, standardVatRate } from '../../../src/domain/billing/tax/eu-vat-rates.ts';
import { taxCategory } from '../../../src/domain/billing/tax/tax-category.ts';
import type { TaxBuyer, TaxQuery, TaxSeller } from '../../../src/domain/billing/tax/tax-rates.ts';
import { isTimeZone } from '../../../src/domain/periods/calendar.ts';
import { anyConventions, at, taxRate } from './given.ts';

const NOW = at('2026-11-22');

const german: TaxSeller = {
  country: 'DE',
  pricesIncludeTax: false,
  registrations: ['DE'],
  oneStopShop: true,
  belowConsumerThreshold: false,
};
const american: TaxSeller = {
  ...german,
  country: 'US',
  registrations: ['US-NY', 'US-CA', 'GB'],
  oneStopShop: true,
};
const buyer = (country: string, of: Partial<TaxBuyer> = {}): TaxBuyer => ({
  country,
  region: null,
  business: false,
  taxId: null,
  exempt: false,
  ...of,
});
const ask = (seller: TaxSeller, of: TaxBuyer, when = NOW): TaxQuery => ({
  seller,
  buyer: of,
  productCode: 'electronic_service',
  at: when,
});
const business = (country: string, taxId: string) => buyer(country, { business: true, taxId });

describe('where and at which rate a sale is taxed', () => {
  it.each([
    ['a German buyer, business or not', german, business('DE', 'DE136695976'), 'DE VAT 19%', 'standard'],
    [
      'a French business with a VAT id',
      german,
      business('FR', 'FR83404833048'),
      'FR VAT 0%',
      'reverse_charge',
    ],
    [
      'a Greek business under its EL number',
      german,
      business('GR', 'EL094012834'),
      'GR VAT 0%',
      'reverse_charge',
    ],
    ['a French consumer', german, buyer('FR'), 'FR VAT 20%', 'standard'],
    ['a Finnish consumer', german, buyer('FI'), 'FI VAT 25.5%', 'standard'],
    [
      'a consumer under the threshold',
      { ...german, belowConsumerThreshold: true },
      buyer('FR'),
      'DE VAT 19%',
      'standard',
    ],
    ['an EU consumer of an American seller', american, buyer('IE'), 'IE VAT 23%', 'standard'],
    [
      'an EU business of an American seller',
      american,
      business('NL', 'NL001162938B28'),
      'NL VAT 0%',
      'reverse_charge',
    ],
    ['a New York buyer', american, buyer('US', { region: 'NY' }), 'NY sales tax 4%', 'standard'],
    ['a Californian buyer', american, buyer('US', { region: 'CA' }), 'CA sales tax', 'exempt'],
    ['a state without registration', american, buyer('US', { region: 'TX' }), 'No tax', 'out_of_scope'],
    ['a British buyer', american, buyer('GB'), 'GB VAT 20%', 'standard'],
    ['a Swiss buyer without registration', american, buyer('CH'), 'No tax', 'out_of_scope'],
    ['an exempt buyer', german, buyer('FR', { exempt: true }), 'Tax exempt', 'exempt'],
  ] as const)('%s', (_name, seller, of, name, treatment) => {
    expect(decideTax(ask(seller, of))).toMatchObject({ decided: true, rates: [{ name, treatment }] });
  });

  it('writes the words the law wants', () => {
    expect(decideTax(ask(german, business('FR', 'FR83404833048')))).toMatchObject({
      rates: [{ note: 'Reverse charge' }],
    });
    expect(decideTax(ask(german, buyer('FR')))).toMatchObject({
      rates: [{ note: expect.stringContaining('One-Stop-Shop') }],
    });
  });

  it.each([
    ['a business without a VAT id', german, buyer('FR', { business: true }), 'VAT id of a business in FR'],
    ['a VAT id with a slip', german, business('FR', 'FR04409414264'), 'check digits'],
    ['a VAT id of another state', german, business('FR', 'DE136695976'), 'one of DE'],
    [
      'consumers abroad without a registration',
      { ...german, oneStopShop: false },
      buyer('FR'),
      'registration',
    ],
    ['an American buyer without a state', american, buyer('US'), 'state'],
    ['no country', german, buyer(''), 'country'],
  ] as const)('is not guessed: %s', (_name, seller, of, missing) => {
    expect(decideTax(ask(seller, of))).toMatchObject({
      decided: false,
      missing: expect.stringContaining(missing),
    });
  });

  it('is asked through a port that needs no network', async () => {
    const { ratesFor } = offlineTaxRates([]);
    expect(await ratesFor(ask(german, buyer('DE')))).toMatchObject({ decided: true });
    expect(await ratesFor(ask(american, buyer('GB')))).toMatchObject({ decided: false });
  });
});

describe('an invoice without tax', () => {
  it.each([
    ['reverse charge', german, business('FR', 'FR83404833048'), 'AE'],
    ['an exempt buyer', german, buyer('FR', { exempt: true }), 'E'],
    ['a buyer outside the EU', german, buyer('US', { region: 'TX' }), 'O'],
    ['a state that does not tax it', american, buyer('US', { region: 'CA' }), 'E'],
  ] as const)('says why, under the category of EN 16931: %s', (_name, seller, of, category) => {
    const decision = decideTax(ask(seller, of));
    if (!decision.decided) throw new Error(decision.missing);
    expect(decision.rates[0]?.note).toBeTruthy();
    expect(decision.rates.map(({ treatment }) => taxCategory(treatment))).toEqual([category]);
  });
});

describe('EU rates', () => {
  it.each([
    ['DE', '2020-06-30', '19'],
    ['DE', '2020-07-01', '16'],
    ['DE', '2021-01-01', '19'],
    ['EE', '2025-06-30', '22'],
    ['EE', '2025-07-01', '24'],
    ['RO', '2025-07-31', '19'],
    ['RO', '2025-08-01', '21'],
    ['SK', '2025-01-01', '23'],
    ['FI', '2024-08-31', '24'],
    ['LU', '2023-06-01', '16'],
    ['FR', '2019-12-31', null],
    ['GB', '2026-01-01', null],
  ] as const)('%s on %s is %s', (country, day, percent) => {
    expect(standardVatRate(country, day)).toBe(percent);
  });

  it('change at midnight on the state own clock', () => {
    const lastMinute = Date.parse('2025-06-30T20:59:00Z');
    const of = { ...german, oneStopShop: true };
    expect(decideTax(ask(of, buyer('EE'), lastMinute))).toMatchObject({ rates: [{ ratePercent: '22' }] });
    expect(decideTax(ask(of, buyer('EE'), lastMinute + 60_000))).toMatchObject({
      rates: [{ ratePercent: '24' }],
    });
  });

  it('cover 27 states, each with a clock', () => {
    expect(EU_STATES).toHaveLength(27);
    for (const state of EU_STATES) expect(isTimeZone(EU_ZONES[state] ?? ''), state).toBe(true);
  });
});

describe('a price that includes tax', () => {
  const taxOf = (gross: bigint, percent: string, inclusiveRounds: 'tax' | 'net') => {
    const rule = BillingConventions.parse({ tax: { inclusiveRounds } }).tax;
    const line = { key: 'a', amountMinor: gross, rates: [taxRate(percent, { inclusive: true })] };
    const [tax] = calculateTaxes([line], { rule, rounding: 'half_away' });
    return [tax?.baseMinor, tax?.amountMinor];
  };

  it.each([
    [299n, '4', 'tax', [287n, 12n]],
    [299n, '4', 'net', [288n, 11n]],
    [11900n, '19', 'tax', [10000n, 1900n]],
    [1100n, '10', 'net', [1000n, 100n]],
    [-299n, '4', 'tax', [-287n, -12n]],
  ] as const)('%s at %s%% rounding the %s is %s', (gross, percent, rounds, expected) => {
    expect(taxOf(gross, percent, rounds)).toEqual(expected);
  });

  it('is its net amount and its taxes, whatever the rates', () => {
    const percents = fc.array(fc.constantFrom('5', '7', '9.975', '19', '25.5'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.bigInt(-9999n, 99999n), percents, anyConventions, (gross, rates, conventions) => {
        const line = {
          key: 'a',
          amountMinor: gross,
          rates: rates.map((percent, index) => taxRate(percent, { inclusive: true, name: `T${index}` })),
        };
        const taxes = calculateTaxes([line], { rule: conventions.tax, rounding: conventions.rounding.line });
        const [first] = taxes;
        expect((first?.baseMinor ?? 0n) + sumMinor(taxes.map((tax) => tax.amountMinor))).toBe(gross);
      }),
    );
  });
});

describe('the effective rate', () => {
  it('is all tax over what it was taken of', () => {
    const lines = [
      { key: 'a', amountMinor: 1000n, rates: [taxRate('10')] },
      { key: 'b', amountMinor: 1000n, rates: [taxRate('20')] },
    ];
    const taxes = calculateTaxes(lines, { rule: BillingConventions.parse({}).tax, rounding: 'half_away' });
    expect(effectiveTaxRate(lines, taxes)).toEqual({ numerator: 15n, denominator: 1n });
  });

  it('of nothing is the average of the lines', () => {
    const lines = [
      { key: 'a', amountMinor: 0n, rates: [taxRate('10')] },
      { key: 'b', amountMinor: 0n, rates: [taxRate('10'), taxRate('12')] },
    ];
    expect(effectiveTaxRate(lines, [])).toEqual({ numerator: 16n, denominator: 1n });
    expect(effectiveTaxRate([], [])).toEqual({ numerator: 0n, denominator: 1n });
  });
});
