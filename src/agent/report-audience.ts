import type { ReportCall, ReportTarget } from '../domain/reports/report.ts';
import type { Principal, Scope } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { parseInput } from '../tools/call-steps.ts';
import type { Tool } from '../tools/define-tool.ts';

/** Who can read in a channel that Psi is in. */
export interface Audience {
  internalOnly: boolean;
  memberIds: readonly string[];
}

export interface AudienceParts {
  tools: readonly Tool[];
  audience(teamId: string, channelId: string): Promise<Audience>;
  members(teamId: string): Promise<readonly Principal[]>;
  scopesOf(principal: Principal): readonly Scope[];
}

/**
 * Whether a person may have these look-ups posted in a channel again and again: they are in it, nobody from outside
 * is, and everybody who is may see what is looked up. A DM is its owner's own.
 * @throws UserError `not_allowed` or `wrong_audience`.
 */
export async function requireAudience(
  target: ReportTarget,
  owner: Principal,
  calls: readonly ReportCall[],
  parts: AudienceParts,
): Promise<void> {
  const needed = scopesNeeded(calls, parts.tools, parts.scopesOf(owner));
  const lacking = (who: Principal) => needed.find((scope) => !parts.scopesOf(who).includes(scope));
  if (lacking(owner))
    throw new UserError('not_allowed', 'Your role does not include everything that report would show.');
  if (target.kind === 'dm') return;
  const name = `#${target.channelName ?? 'that channel'}`;
  const { internalOnly, memberIds } = await parts.audience(owner.teamId, target.channelId);
  if (!memberIds.includes(owner.userId))
    throw new UserError('not_allowed', `You are not in ${name}, so I do not post there for you.`);
  if (!internalOnly)
    throw new UserError(
      'wrong_audience',
      `People from outside the company can read along in ${name}, so I do not post company data there.`,
      'I can send it to you in a DM instead.',
    );
  const readers = (await parts.members(owner.teamId)).filter(({ userId }) => memberIds.includes(userId));
  if (readers.some((reader) => lacking(reader)))
    throw new UserError(
      'wrong_audience',
      `Not everybody in ${name} may see what that report shows, so I do not post it there.`,
      'I can send it to you in a DM instead.',
    );
}

/** A tool that is gone needs what nobody has. */
function scopesNeeded(calls: readonly ReportCall[], tools: readonly Tool[], held: readonly Scope[]): Scope[] {
  return calls.flatMap((call) => {
    const tool = tools.find(({ name }) => name === call.tool);
    if (!tool)
      throw new UserError('unsupported', `What "${call.words}" was looked up with does not exist any more.`);
    return [tool.scope, ...(tool.furtherScopes?.(parseInput(tool, call.input), held) ?? [])];
  });
}
