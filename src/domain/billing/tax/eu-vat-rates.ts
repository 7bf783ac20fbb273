/** The standard rate of a state from a day on (its own day, 00:00 local). */
interface DatedRate {
  from: string;
  percent: string;
}

/**
 * Standard VAT rates of the 27 member states since 2020. Source: European Commission, "VAT rates applied in the Member
 * States of the European Union" and its TEDB database (taxation-customs.ec.europa.eu), as of 2026-01. An electronic
 * service is taxed at the standard rate everywhere (reduced rates of Annex III do not cover software as a service).
 */
const STANDARD: Readonly<Record<string, readonly DatedRate[]>> = {
  AT: [{ from: '2020-01-01', percent: '20' }],
  BE: [{ from: '2020-01-01', percent: '21' }],
  BG: [{ from: '2020-01-01', percent: '20' }],
  CY: [{ from: '2020-01-01', percent: '19' }],
  CZ: [{ from: '2020-01-01', percent: '21' }],
  DE: [
    { from: '2020-01-01', percent: '19' },
    { from: '2020-07-01', percent: '16' },
    { from: '2021-01-01', percent: '19' },
  ],
  DK: [{ from: '2020-01-01', percent: '25' }],
  EE: [
    { from: '2020-01-01', percent: '20' },
    { from: '2024-01-01', percent: '22' },
    { from: '2025-07-01', percent: '24' },
  ],
  ES: [{ from: '2020-01-01', percent: '21' }],
  FI: [
    { from: '2020-01-01', percent: '24' },
    { from: '2024-09-01', percent: '25.5' },
  ],
  FR: [{ from: '2020-01-01', percent: '20' }],
  GR: [{ from: '2020-01-01', percent: '24' }],
  HR: [{ from: '2020-01-01', percent: '25' }],
  HU: [{ from: '2020-01-01', percent: '27' }],
  IE: [
    { from: '2020-01-01', percent: '23' },
    { from: '2020-09-01', percent: '21' },
    { from: '2021-03-01', percent: '23' },
  ],
  IT: [{ from: '2020-01-01', percent: '22' }],
  LT: [{ from: '2020-01-01', percent: '21' }],
  LU: [
    { from: '2020-01-01', percent: '17' },
    { from: '2023-01-01', percent: '16' },
    { from: '2024-01-01', percent: '17' },
  ],
  LV: [{ from: '2020-01-01', percent: '21' }],
  MT: [{ from: '2020-01-01', percent: '18' }],
  NL: [{ from: '2020-01-01', percent: '21' }],
  PL: [{ from: '2020-01-01', percent: '23' }],
  PT: [{ from: '2020-01-01', percent: '23' }],
  RO: [
    { from: '2020-01-01', percent: '19' },
    { from: '2025-08-01', percent: '21' },
  ],
  SE: [{ from: '2020-01-01', percent: '25' }],
  SI: [{ from: '2020-01-01', percent: '22' }],
  SK: [
    { from: '2020-01-01', percent: '20' },
    { from: '2025-01-01', percent: '23' },
  ],
};

export const EU_STATES: readonly string[] = Object.keys(STANDARD);

export function isEuState(country: string): boolean {
  return Object.hasOwn(STANDARD, country);
}

/** The standard rate on a local day ("2026-11-22") as a decimal string; null before 2020 or outside the EU. */
export function standardVatRate(country: string, day: string): string | null {
  if (!isEuState(country)) return null;
  return STANDARD[country]?.findLast(({ from }) => from <= day)?.percent ?? null;
}

/** A time zone of the state's government, by whose day its rates change. */
export const EU_ZONES: Readonly<Record<string, string>> = {
  AT: 'Europe/Vienna',
  BE: 'Europe/Brussels',
  BG: 'Europe/Sofia',
  CY: 'Asia/Nicosia',
  CZ: 'Europe/Prague',
  DE: 'Europe/Berlin',
  DK: 'Europe/Copenhagen',
  EE: 'Europe/Tallinn',
  ES: 'Europe/Madrid',
  FI: 'Europe/Helsinki',
  FR: 'Europe/Paris',
  GR: 'Europe/Athens',
  HR: 'Europe/Zagreb',
  HU: 'Europe/Budapest',
  IE: 'Europe/Dublin',
  IT: 'Europe/Rome',
  LT: 'Europe/Vilnius',
  LU: 'Europe/Luxembourg',
  LV: 'Europe/Riga',
  MT: 'Europe/Malta',
  NL: 'Europe/Amsterdam',
  PL: 'Europe/Warsaw',
  PT: 'Europe/Lisbon',
  RO: 'Europe/Bucharest',
  SE: 'Europe/Stockholm',
  SI: 'Europe/Ljubljana',
  SK: 'Europe/Bratislava',
};
