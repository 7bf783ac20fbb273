/** What the sandbox may ask of the process it plays the outside for. */
export interface BotProcess {
  pid(): number | null;
  /** kill -9, now; resolves once the process is gone. False when there is none. */
  kill(): Promise<boolean>;
  /** Ends the bot and keeps it down until `startFresh`. */
  stop(): Promise<void>;
  /** Starts it on an empty store, or on the copy of one in the folder `store`; resolves when it is ready. */
  startFresh(store: string | null): Promise<void>;
}

/** For a sandbox whose bot is started by somebody else: nothing to kill, nothing to restart. */
export const unsupervisedBot: BotProcess = {
  pid: () => null,
  kill: async () => false,
  stop: async () => undefined,
  startFresh: async () => undefined,
};
