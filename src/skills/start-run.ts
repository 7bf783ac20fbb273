import type { SkillRuns } from '../domain/ports.ts';
import { UserError } from '../lib/errors.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import { insertSkillRun, readSkillRunByKey, type SkillRunRow } from '../store/skill-runs.ts';
import { audienceRefusal, scopeRefusal } from '../tools/scopes.ts';
import type { EngineDeps } from './engine.ts';

export type StartRequest = Parameters<SkillRuns['start']>[0];

/** The run of this key: as it is, or begun now with a row of its own. Throws as `SkillRuns.start` says. */
export async function admitRun(deps: EngineDeps, request: StartRequest): Promise<SkillRunRow> {
  const { store, clock } = deps;
  const { principal, place, key } = request;
  const skill = deps.skills.find((candidate) => candidate.name === request.skill);
  if (skill === undefined) {
    const names = deps.skills.map((candidate) => candidate.name).join(', ');
    throw new UserError('not_found', `There is no skill called ${request.skill}.`, `There are: ${names}.`);
  }
  if (!place.internalOnly) throw audienceRefusal(place);
  if (!deps.scopesOf(principal).includes(skill.scope)) throw scopeRefusal(skill.scope);
  const parsed = skill.input.safeParse(request.input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'the input';
    const takes = Object.keys(skill.input.shape).join(', ') || 'nothing';
    throw new UserError(
      'invalid_input',
      `${where}: ${issue?.message ?? 'not valid'}.`,
      `${skill.name} takes ${takes}.`,
    );
  }
  const { row, begun } = await ledgerTransaction(store, () => {
    const known = readSkillRunByKey(store, key);
    if (known !== null) return { row: known, begun: false };
    const fresh = newRow(deps, request);
    insertSkillRun(store, fresh);
    return { row: fresh, begun: true };
  });
  if (row.skill !== skill.name) {
    throw new UserError('conflict', `The key ${key} belongs to a run of ${row.skill}.`);
  }
  if (begun) {
    const details = { skill: skill.name, channel: place.channelId };
    await deps.audit({ actor: principal.userId, action: 'skill.started', subject: `run:${row.id}`, details });
  }
  return row;

  function newRow(parts: EngineDeps, { input }: StartRequest): SkillRunRow {
    return {
      id: parts.newId('run'),
      run_key: key,
      skill: request.skill,
      input: JSON.stringify(input),
      starter: JSON.stringify(principal),
      place: JSON.stringify(place),
      state: 'running',
      step: null,
      summary: null,
      reference_id: null,
      waits: null,
      wait_until: null,
      look_at: null,
      stopped_by: null,
      tells: 0,
      told_at: null,
      owner: null,
      leased_until: null,
      fence: 0,
      started_at: clock.now(),
      ended_at: null,
    };
  }
}
