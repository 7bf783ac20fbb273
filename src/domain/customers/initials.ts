/** "BP" for Brightpath, "NT" for Northwind Trading: what people write instead of a name. */

/** Words that end many a company's name: before one of them begins a second initial. */
const SECOND_HALVES =
  'path|soft|works|labs?|tech|base|flow|stack|cloud|data|ware|wave|line|point|wind|forge|hub|kit|mind|grid|leaf|light|stone|bridge|field|gate|port|core|loop|spark|shift|sense|scale|craft|space|box|bit|byte|link|net|ops|ly|yard|way|side|view|mark|house|bank|pay|ledger|desk|bot|lane|peak|star|sky|sea|river|mount|wood|ridge'.split(
    '|',
  );

/** Capitals that mean something else to everybody. */
const TAKEN: ReadonlySet<string> = new Set(
  `MRR ARR NRR GRR LTV CAC ARPA ARPU CSAT NPS SLA SLO API APIS CSV PDF EU US USA UK GB EMEA APAC DACH LATAM ROI KPI OKR CEO CTO CFO
COO CSM PM AM OK FYI ASAP ETA TBD TTM LTM YTD MTD QTD WTD EOM EOQ EOY FY UTC PST PDT EST CET GMT USD EUR GBP JPY AR AP PO VAT TAX ID
IDS AI ML QA DM PR HR IT IN ON NO SO TO OR DO GO BE WE MY IS AS AT BY IF OF`.split(/\s+/),
);

/** Two to four capitals that could be somebody's initials. */
export function couldBeInitials(written: string): boolean {
  return /^[A-Z]{2,4}$/.test(written) && !TAKEN.has(written);
}

/** Initials of a name, in capitals: of its words, of its humps ("BrightPath"), or of two halves run together. */
export function initialsOf(name: string, withoutSuffix: string): string[] {
  const words = withoutSuffix.split(' ').filter((word) => word !== '' && word !== 'and');
  const initials = (parts: readonly string[]) => parts.map((part) => part.charAt(0).toUpperCase()).join('');
  if (words.length > 1) return [initials(words)];
  const humps = (name.split(/\s+/)[0] ?? '').split(/(?<=\p{Ll})(?=\p{Lu})/u);
  if (humps.length > 1) return [initials(humps)];
  const [only = ''] = words;
  const half = SECOND_HALVES.find((ending) => only.endsWith(ending) && only.length >= ending.length + 3);
  return half === undefined ? [] : [initials([only, half])];
}
