import { describe, expect, it } from 'vitest';
import { EU_STATES } from '../../../src/domain/billing/tax/eu-vat-rates.ts';
import { checkVatId } from '../../../src/domain/billing/tax/vat-id.ts';

/** Ids that companies publish themselves, several forms a state where it has several. */
const ISSUED: Readonly<Record<string, readonly string[]>> = {
  AT: ['ATU 142 43 102', 'ATU13585627', 'ATU 54300000', 'ATU61195628'],
  BE: ['BE (0)468.561.072', 'BE 0202.239.951', 'BE 444.503.092', 'BE697449992'],
  BG: ['BG 103873594', 'BG 200182590', 'BG7111042925', 'BG7523169263', 'BG8032056031'],
  CY: ['CY 10246672X', 'CY-10008489 A', 'CY00632993 F'],
  CZ: ['CZ 25123891', 'CZ00023205', 'CZ 640903926', 'CZ 682127228', 'CZ 736028/5163', 'CZ6306150004'],
  DE: ['DE - 113866163', 'DE 125014955', 'DE 811 363 057', 'DE136695976'],
  DK: ['DK 10 50 32 80', 'DK 65 07 04 13', 'DK-20 04 52 72'],
  EE: ['EE 100 931 558', 'EE 100594102', 'EE101256753'],
  ES: ['ES - Q0818001J', 'ES 54362315K', 'ES A-28184661', 'ES U99216426', 'ES X-5253868-R', 'ES Z5277343K'],
  FI: ['FI 02459042', 'FI 0982651-1', 'FI 20774740'],
  FR: ['FR 04409414364', 'FR K 7399859412', 'FR 4Z123456782', 'FR16000063601', 'FR83404833048'],
  GR: ['EL 039868210', 'EL 094012834', 'EL 998386804'],
  HR: ['HR 33392005961'],
  HU: ['HU -12509403', 'HU 10672101', 'HU-12892312'],
  IE: ['IE 0005306C', 'IE 6791517I', 'IE6433435OA', 'IE6433435IH', 'IE8D79739I'],
  IT: ['IT - 01404480202', 'IT 00743110157', 'IT 12920760159'],
  LT: ['LT 100001354118', 'LT 119511515', 'LT290068995116'],
  LU: ['LU 10059929', 'LU 150 274 42'],
  LV: ['LV 4000 3521 600', 'LV 90000528023', 'LV 161175-19997'],
  MT: ['MT 1039-6417', 'MT 1167-9112'],
  NL: ['NL 001241 643 B01', 'NL001162938B28', 'NL.0094.10.806.B.01'],
  PL: ['PL 5211355116', 'PL 584-030-44-72', 'PL 764-23-05-489'],
  PT: ['PT 500 019 720', 'PT 501 964 843'],
  RO: ['RO 11358544', 'RO 573768', 'RO 241 30 20'],
  SE: ['SE 202 100-5000 01', 'SE 390 806 051 401', 'SE 55 62 00-0777 01'],
  SI: ['SI 26808498', 'SI 50223054', 'SI 70310815'],
  SK: ['SK 1078449064', 'SK 202 274 96 19'],
};

/** The same with one digit changed. */
const MISTYPED = [
  'ATU 143 43 102',
  'BE 0406.139.583',
  'BG 131 172 009',
  'CY 10246672F',
  'CZ 48207726',
  'CZ 640913926',
  'DE 125014855',
  'DK 11 96 56 58',
  'EE 100 941 558',
  'ES 54362415K',
  'ES-x-2322300w',
  'EL 094013834',
  'FR 04409414264',
  'FR K 7399859312',
  'IE 4731823H',
  'IT 00743110158',
  'IE8D79729I',
  'LV 40003189715',
  'SK 1078449164',
];

describe('a VAT id', () => {
  it('is known in form and check digits for all 27 states', () => {
    expect(Object.keys(ISSUED).sort()).toEqual([...EU_STATES].sort());
  });

  it.each(Object.entries(ISSUED).flatMap(([country, ids]) => ids.map((id) => [id, country] as const)))(
    '%s is one that %s could have issued',
    (id, country) => {
      expect(checkVatId(id)).toMatchObject({ valid: true, country });
    },
  );

  it.each(MISTYPED)('%s is refused for its check digits', (id) => {
    expect(checkVatId(id)).toMatchObject({ valid: false, reason: expect.stringContaining('check digits') });
  });

  it.each([
    ['AT1 142 43 102', 'form'],
    ['DE 011125440', 'form'],
    ['CY-12259033P', 'form'],
    ['LT 100001509922', 'form'],
    ['SE 55643359201', 'form'],
    ['IT 00687129980', 'check digits'],
    ['QQ 124567', 'member state'],
    ['', 'member state'],
    ['US123456789', 'member state'],
  ])('%s is refused, and why is said', (id, why) => {
    expect(checkVatId(id)).toMatchObject({ valid: false, reason: expect.stringContaining(why) });
  });

  it('catches at least four of five single mistyped digits in every state', () => {
    for (const ids of Object.values(ISSUED)) {
      const id = ids[0] ?? '';
      const missed = oneDigitOff(id).filter((wrong) => checkVatId(wrong).valid);
      expect(missed.length / oneDigitOff(id).length, id).toBeLessThan(0.2);
    }
  });

  it('says where no digit could be checked', () => {
    expect(checkVatId('LV32000000000')).toMatchObject({ valid: true, checkDigits: false });
    expect(checkVatId('LV40003521600')).toMatchObject({ valid: true, checkDigits: true });
  });
});

function oneDigitOff(id: string): string[] {
  return [...id].flatMap((sign, index) => {
    if (!/\d/.test(sign)) return [];
    return [...'0123456789']
      .filter((digit) => digit !== sign)
      .map((digit) => `${id.slice(0, index)}${digit}${id.slice(index + 1)}`);
  });
}
