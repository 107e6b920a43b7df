import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../common/project-root';

/** A program of tests/support that can be killed without warning and started again. */
export class Killable {
  private child?: ChildProcess;
  /** What it last sent to its parent, such as the port it listens on. */
  port = 0;
  stderr = '';

  /**
   * @param program name in tests/support, such as `run-stand-in`
   * @param args called at each start, with the port that it had before (0 at the first)
   */
  constructor(
    readonly name: string,
    private readonly program: string,
    private readonly args: (port: number) => string[],
    private readonly env: () => NodeJS.ProcessEnv = () => process.env,
    private readonly waitsForPort = true,
  ) {}

  async start(): Promise<void> {
    const file = path.join(projectRoot, 'dist', 'tests', 'support', `${this.program}.js`);
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
    const child = fork(file, this.args(this.port), { env: this.env(), execArgv: [], stdio: [...stdio] });
    this.child = child;
    child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    if (!this.waitsForPort) return;
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${this.name} did not start: ${this.stderr}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
    ended.catch(() => undefined);
    this.port = message.port;
  }

  get alive(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.child || !this.alive) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  /** Kills it without warning and starts it again after a pause. */
  async crash(pauseMilliseconds: number): Promise<void> {
    await this.kill();
    await sleep(pauseMilliseconds);
    await this.start();
  }
}
