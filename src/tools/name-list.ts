/**
 * Names for a model to choose from, those of one beginning or ending written once: "latency_{p50,p95}",
 * "{new,lost}_mrr". Fewer tokens, and nothing is lost.
 */
export function shortened(names: readonly string[]): string {
  const parts: string[] = [];
  for (let at = 0; at < names.length; ) {
    const name = names[at] ?? '';
    const byEnd = run(names, at, (one) => /^(?:.*)(_[a-z0-9]+)$/.exec(one)?.[1]);
    const byStart = run(names, at, (one) => /^([a-z]+_)(?:.*)$/.exec(one)?.[1]);
    const best = byStart.length >= byEnd.length ? byStart : byEnd;
    const shared = best === byStart ? /^[a-z]+_/.exec(name)?.[0] : /_[a-z0-9]+$/.exec(name)?.[0];
    if (best.length < 2 || shared === undefined) {
      parts.push(name);
      at += 1;
      continue;
    }
    const inner =
      best === byStart
        ? `${shared}{${best.map((one) => one.slice(shared.length)).join(',')}}`
        : `{${best.map((one) => one.slice(0, -shared.length)).join(',')}}${shared}`;
    parts.push(inner);
    at += best.length;
  }
  return parts.join(', ');
}

/** The names from `at` on that share what `key` finds in them. */
function run(names: readonly string[], at: number, key: (name: string) => string | undefined): string[] {
  const wanted = key(names[at] ?? '');
  if (wanted === undefined) return [];
  const end = names.findIndex((name, index) => index > at && key(name) !== wanted);
  return names.slice(at, end === -1 ? names.length : end);
}
