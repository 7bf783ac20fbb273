import type { Span } from '../language/spans.ts';

/** Where API companies have customers; anything else is asked for by its two-letter code to the tool itself. */
const CODES =
  'AE AR AT AU BE BG BR CA CH CL CN CO CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LT LU LV MX MY NG NL NO NZ PE PH PL PT RO RS SA SE SG SI SK TH TR TW UA US VN ZA'.split(
    ' ',
  );

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** "Germany", "the US", "UK". Codes alone only in capitals: "in", "it" and "no" are words. */
const COUNTRIES: readonly { code: string; pattern: RegExp }[] = [
  ...CODES.map((code) => ({ code, pattern: new RegExp(`\\b${NAMES.of(code) ?? code}\\b`, 'gi') })),
  { code: 'US', pattern: /\b(?:U\.?S\.?A?|America)\b|\bthe states\b/g },
  {
    code: 'US',
    pattern:
      /(?<=\b(?:in|from|the|for) (?:the )?|\bnon[- ])us(?= (?:customers?|accounts?|only|mrr|revenue)\b|[\s?.!,]*$)/g,
  },
  { code: 'GB', pattern: /\bU\.?K\b|\b(?:Great Britain|Britain|England)\b/gi },
  { code: 'NL', pattern: /\bholland\b/gi },
];

const ADJECTIVES: Record<string, string> = {
  german: 'DE',
  french: 'FR',
  british: 'GB',
  american: 'US',
  dutch: 'NL',
  japanese: 'JP',
  canadian: 'CA',
  irish: 'IE',
  spanish: 'ES',
  italian: 'IT',
  swedish: 'SE',
  australian: 'AU',
  indian: 'IN',
  brazilian: 'BR',
  swiss: 'CH',
  austrian: 'AT',
  polish: 'PL',
  danish: 'DK',
  finnish: 'FI',
  norwegian: 'NO',
  belgian: 'BE',
  singaporean: 'SG',
  mexican: 'MX',
};

const ADJECTIVE = new RegExp(`(?<!\\bnorth )\\b(${Object.keys(ADJECTIVES).join('|')})\\b`, 'gi');

export interface CountryMention extends Span {
  code: string;
}

/** Every country named, from left to right. */
export function countriesIn(text: string): CountryMention[] {
  const named = COUNTRIES.flatMap(({ code, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({
      code,
      start: match.index,
      end: match.index + match[0].length,
    })),
  );
  const adjectives = [...text.matchAll(ADJECTIVE)].map((match) => ({
    code: ADJECTIVES[match[0].toLowerCase()] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
  return [...named, ...adjectives].sort((a, b) => a.start - b.start);
}

/** A part of the world that is no country. */
interface Area {
  pattern: RegExp;
  label: string;
  /** What a region of the data may be called that means it; none where the list of countries is the definition. */
  regions: readonly string[];
  countries: readonly string[];
}

const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');
const EUROPE = [...EU, 'GB', 'CH', 'NO', 'IS', 'RS', 'UA'];
const ASIA_PACIFIC = 'AU CN HK ID IN JP KR MY NZ PH SG TH TW VN'.split(' ');
const LATIN_AMERICA = 'AR BR CL CO MX PE'.split(' ');

export const AREAS: readonly Area[] = [
  { pattern: /\b(?:the )?(?:EU|European Union)\b/gi, label: 'the EU', regions: [], countries: EU },
  { pattern: /\bEurope(?:an)?\b/gi, label: 'Europe', regions: ['europe'], countries: EUROPE },
  {
    pattern: /\bEMEA\b/gi,
    label: 'EMEA',
    regions: ['emea', 'europe'],
    countries: [...EUROPE, 'AE', 'EG', 'IL', 'KE', 'NG', 'SA', 'TR', 'ZA'],
  },
  { pattern: /\bDACH\b/gi, label: 'DACH', regions: [], countries: ['DE', 'AT', 'CH'] },
  { pattern: /\bBenelux\b/gi, label: 'Benelux', regions: [], countries: ['BE', 'NL', 'LU'] },
  {
    pattern: /\b(?:the )?Nordics?\b/gi,
    label: 'the Nordics',
    regions: [],
    countries: 'SE NO DK FI IS'.split(' '),
  },
  {
    pattern: /\b(?:APAC|Asia[ -]?Pacific|Asia|Asian)\b/gi,
    label: 'Asia Pacific',
    regions: ['asia_pacific', 'apac', 'asia'],
    countries: ASIA_PACIFIC,
  },
  {
    pattern: /\bNorth[ -]?America(?:n)?\b|\bNORAM\b/gi,
    label: 'North America',
    regions: ['north_america', 'na', 'noram', 'americas'],
    countries: ['US', 'CA'],
  },
  {
    pattern: /\b(?:LATAM|Latin America|South America)\b/gi,
    label: 'Latin America',
    regions: ['latam', 'latin_america', 'south_america'],
    countries: LATIN_AMERICA,
  },
];

/** The part of the world that these countries are, where they are exactly one. */
export function areaOf(countries: readonly string[]): string | null {
  const wanted = [...countries].sort().join(' ');
  return AREAS.find((area) => [...area.countries].sort().join(' ') === wanted)?.label ?? null;
}
