import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { SlackError } from './errors.ts';
import { Kept } from './kept.ts';
import { LABS, TEAM, type Team } from './workspace.ts';

/** What the app gives to identify itself. */
export const CLIENT = { id: '1111.2222', secret: 'slack-client-simulated' } as const;

/** A rotating token lives twelve hours. Source: https://docs.slack.dev/authentication/using-token-rotation */
export const TOKEN_LIVES_S = 43_200;
const CODE_LIVES_MS = 10 * 60_000;

const tokenSchema = z.object({
  token: z.string(),
  refreshToken: z.string(),
  teamId: z.string(),
  expiresAt: z.number(),
  state: z.enum(['live', 'refreshed', 'revoked']),
});
type Token = z.infer<typeof tokenSchema>;

interface Code {
  teamId: string;
  scope: string;
  redirectUri: string | null;
  issuedAt: number;
  used: boolean;
}

export interface Granted {
  team: Team;
  scope: string;
  token: Token;
}

/** The workspaces beside the first one, and the app's installations in them by OAuth. */
export class Teams {
  readonly #enabled: Kept<{ id: string }>;
  readonly #tokens: Kept<Token>;
  readonly #codes = new Map<string, Code>();
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#enabled = new Kept(sandbox, 'slack_teams', z.object({ id: z.string() }));
    this.#tokens = new Kept(sandbox, 'slack_tokens', tokenSchema);
  }

  get isSecondThere(): boolean {
    return this.#sandbox.config.secondTeam || this.#enabled.get(LABS.id) !== null;
  }

  addSecond(): void {
    this.#enabled.set(LABS.id, { id: LABS.id });
  }

  find(teamId: string): Team | null {
    if (teamId === TEAM.id) return TEAM;
    return teamId === LABS.id && this.isSecondThere ? LABS : null;
  }

  /** The app hears of the first workspace always, of another while a token of its installation is good. */
  isInstalled(teamId: string): boolean {
    if (teamId === TEAM.id) return true;
    return this.#tokens.all().some((each) => each.teamId === teamId && each.state !== 'revoked');
  }

  /** The workspace a bot token belongs to; null for a token nobody issued. Throws `token_expired`, `token_revoked`. */
  ofToken(given: string): Team | null {
    if (given === this.#sandbox.config.slackBotToken) return TEAM;
    const known = this.#tokens.get(given);
    if (!known) return null;
    if (known.state === 'revoked') throw new SlackError('token_revoked');
    if (this.#sandbox.world.now() >= known.expiresAt) throw new SlackError('token_expired');
    return this.find(known.teamId);
  }

  issueCode(teamId: string, scope: string, redirectUri: string | null): string {
    const code = randomBytes(12).toString('hex');
    const issuedAt = this.#sandbox.world.now();
    this.#codes.set(code, { teamId, scope, redirectUri, issuedAt, used: false });
    return code;
  }

  /** Throws `invalid_code`, `code_already_used`, `bad_redirect_uri`. */
  redeem(given: string, redirectUri: string | null): Granted {
    const code = this.#codes.get(given);
    const team = code && this.find(code.teamId);
    if (!code || !team || this.#sandbox.world.now() - code.issuedAt > CODE_LIVES_MS)
      throw new SlackError('invalid_code');
    if (code.used) throw new SlackError('code_already_used');
    if (code.redirectUri !== redirectUri) throw new SlackError('bad_redirect_uri');
    code.used = true;
    return { team, scope: code.scope, token: this.#issue(team.id) };
  }

  /** A refresh token is good once; the token it came with stays good until it expires. Throws `invalid_refresh_token`. */
  refresh(refreshToken: string): Granted {
    const old = this.#tokens.all().find((each) => each.refreshToken === refreshToken);
    const team = old && this.find(old.teamId);
    if (!old || !team || old.state !== 'live') throw new SlackError('invalid_refresh_token');
    this.#tokens.set(old.token, { ...old, state: 'refreshed' });
    return { team, scope: '', token: this.#issue(team.id) };
  }

  revoke(token: string): void {
    const known = this.#tokens.get(token);
    if (known) this.#tokens.set(token, { ...known, state: 'revoked' });
  }

  /** Revokes everything the app holds of a workspace. */
  uninstall(teamId: string): void {
    for (const each of this.#tokens.all()) if (each.teamId === teamId) this.revoke(each.token);
  }

  /** Reads again what is kept. */
  reload(): void {
    this.#enabled.reload();
    this.#tokens.reload();
  }

  clear(): void {
    this.#enabled.clear();
    this.#tokens.clear();
    this.#codes.clear();
  }

  #issue(teamId: string): Token {
    const token: Token = {
      token: `xoxe.xoxb-1-${randomBytes(12).toString('hex')}`,
      refreshToken: `xoxe-1-${randomBytes(12).toString('hex')}`,
      teamId,
      expiresAt: this.#sandbox.world.now() + TOKEN_LIVES_S * 1000,
      state: 'live',
    };
    this.#tokens.set(token.token, token);
    return token;
  }
}
