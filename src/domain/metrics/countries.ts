/** Where API companies have customers; anything else is asked for by its two-letter code to the tool itself. */
const CODES =
  'AE AR AT AU BE BG BR CA CH CL CN CO CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LT LU LV MX MY NG NL NO NZ PE PH PL PT RO RS SA SE SG SI SK TH TR TW UA US VN ZA'.split(
    ' ',
  );

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** "Germany", "the US", "UK". Codes alone only in capitals: "in", "it" and "no" are words. */
const COUNTRIES: readonly { code: string; pattern: RegExp }[] = [
  ...CODES.map((code) => ({ code, pattern: new RegExp(`\\b${NAMES.of(code) ?? code}\\b`, 'i') })),
  { code: 'US', pattern: /\b(?:U\.?S\.?A?|America)\b|\bthe states\b/ },
  { code: 'GB', pattern: /\bU\.?K\b|\b(?:Great Britain|Britain|England)\b/i },
  { code: 'NL', pattern: /\bholland\b/i },
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
};

const ADJECTIVE = new RegExp(`\\b(${Object.keys(ADJECTIVES).join('|')})\\b`, 'i');

/** The one country a sentence narrows to; null for none and for several. */
export function countryIn(text: string): string | null {
  const codes = new Set(COUNTRIES.filter(({ pattern }) => pattern.test(text)).map(({ code }) => code));
  const adjective = ADJECTIVE.exec(text)?.[1]?.toLowerCase();
  if (adjective) codes.add(ADJECTIVES[adjective] ?? '');
  const [only] = codes;
  return codes.size === 1 && only ? only : null;
}
