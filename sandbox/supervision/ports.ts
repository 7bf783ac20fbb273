import { createServer } from 'node:net';
import { StartError } from '../core/errors.ts';

/** Answers `port`, or a free one for 0. Throws StartError naming `variable` when it is taken. */
export async function claimPort(port: number, variable: string): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
    });
    const address = server.address();
    return address === null || typeof address === 'string' ? port : address.port;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : null;
    if (reason === 'EADDRINUSE')
      throw new StartError(`Port ${port} is in use; set ${variable} to a free one.`);
    if (reason === 'EACCES') throw new StartError(`Port ${port} is not allowed; set ${variable} above 1023.`);
    throw error;
  } finally {
    server.close();
  }
}
