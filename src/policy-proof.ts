import { join } from 'node:path';
import { openPolicyFile } from './approvals/policy-file.ts';
import { formatMoney } from './domain/money/format.ts';
import { type PolicyProof, provePolicy, type Way } from './domain/policy/prove-policy.ts';
import { roleWords } from './domain/policy/rights.ts';
import { ROLES } from './domain/types.ts';
import { projectRoot } from './lib/paths.ts';
import { tools } from './tools/index.ts';

/**
 * The proof of a policy file (null: the product's own) as text for a terminal, and how many holes it has. Throws ConfigError for a file that
 * cannot be used.
 */
export function proofText(file: string | null): { text: string; holes: number } {
  const path = file ?? join(projectRoot(), 'policy.yml');
  const { policy, version } = openPolicyFile(path, () => undefined).current();
  const proof = provePolicy(
    policy,
    tools.map((tool) => ({
      name: tool.name,
      scope: tool.scope,
      effect: tool.effect,
      movesMoney: tool.effect === 'consequential' && tool.movesMoney,
    })),
  );
  const holes = proof.findings.filter(({ weight }) => weight === 'hole').length;
  const lines = [`Policy ${version}`, ...waysIn(proof, policy.currency), ...findingsIn(proof)];
  return { text: `${lines.join('\n')}\n`, holes };
}

/** Ways that differ only in who asks, or in how much within one band, share a line. */
function waysIn({ ways }: PolicyProof, currency: string): string[] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = `${way.tool}|${way.words}`;
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()].map((group) => {
    const asked = roleWords(ROLES.filter((role) => group.some(({ asker }) => asker === role)));
    return `${group[0]?.tool}  ${amountsOf(group, currency)}  asked for by ${asked}: ${group[0]?.words}`;
  });
}

function amountsOf(group: readonly Way[], currency: string): string {
  const amounts = group.flatMap(({ amountMinor }) => amountMinor ?? []);
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
  if (amounts.length === 0) return 'any';
  const words = (minor: number) => formatMoney({ minor, currency });
  return least === most ? words(least) : `${words(least)} - ${words(most)}`;
}

function findingsIn({ findings }: PolicyProof): string[] {
  if (findings.length === 0) return ['Nothing looks wrong.'];
  return findings.map(({ weight, say }) => `${weight === 'hole' ? 'HOLE' : 'look'}  ${say}`);
}
