import { SingleBar } from 'cli-progress';

/** One long piece of work that reports how far it is. Units are whatever `unit` says (rows, events, files). */
export interface ProgressTask {
  /** `total` may become known, or grow, on the way. */
  setTotal(total: number): void;
  advance(count: number): void;
  done(): void;
}

/** Where services report progress. The terminal shows a bar; pipes, `--json` and tests stay silent. */
export interface Progress {
  start(name: string, unit: string, total?: number): ProgressTask;
}

const silentTask: ProgressTask = { setTotal() {}, advance() {}, done() {} };
export const silentProgress: Progress = { start: () => silentTask };

/** Progress bars on stderr: rows, rate, time left. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return {
    start(name, unit, total = 0) {
      const started = performance.now();
      const bar = new SingleBar({
        stream,
        format: `  ${name.padEnd(14)} {bar} {percentage}% · {value}/{total} ${unit} · {rate} ${unit}/s · {eta_formatted} left`,
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
        etaBuffer: 50,
      });
      let value = 0;
      bar.start(total, 0, { rate: '…' });
      return {
        setTotal: (next) => bar.setTotal(next),
        advance(count) {
          value += count;
          const seconds = Math.max(0.001, (performance.now() - started) / 1000);
          if (value > bar.getTotal()) bar.setTotal(value);
          bar.update(value, { rate: Math.round(value / seconds).toLocaleString('en-US') });
        },
        done: () => bar.stop(),
      };
    },
  };
}
