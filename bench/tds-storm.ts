import net from 'node:net';
import { RawTds } from './raw-tds';
import { peakMemoryMiB, round, timed, withFolder, type Bench } from './support';
import { makeWarehouse, withServer } from './tds-server';

/** Statements that a parser may die of. */
const statements: Readonly<Record<string, string>> = {
  'a text of 50 MB': `select len('${'x'.repeat(25_000_000)}')`,
  '50 MB of garbage': 'x'.repeat(25_000_000),
  'deep parentheses': `select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
  'deep CASE': `select ${'case when 1 = 1 then '.repeat(20_000)}1${' end'.repeat(20_000)}`,
  'deep BEGIN': `${'begin '.repeat(20_000)}select 1${' end'.repeat(20_000)}`,
  'deep subqueries': `select * from ${'(select * from '.repeat(5000)}x${') a'.repeat(5000)}`,
  'many statements': 'select 1;'.repeat(20_000),
  'a long IN list': `select 1 where 1 in (${'1,'.repeat(200_000)}1)`,
  'a long sum': `select ${'1+'.repeat(50_000)}1`,
  'a long UNION': `select 1 ${'union all select 1 '.repeat(20_000)}`,
};

/**
 * Ill use of the local Synapse: connections that say nothing or half of something, then statements that are too long or too deep. The server
 * must answer everyone else meanwhile. `args`: connections (10000; the limit of open files must allow them).
 */
export const tdsStormBench: Bench = async (report, args) => {
  const connections = Number(args[0] ?? 10_000);
  await withFolder(async (folder) => {
    await makeWarehouse(folder, 10, 'id');
    await withServer(folder, async (port, pid) => {
      const open = (): Promise<RawTds> => RawTds.open(port, 'bench', 'bench', 'medstream');
      const sockets = await silent(port, connections);
      const { seconds } = await timed(async () => {
        const client = await open();
        await client.batch('select 1');
        client.close();
      });
      for (const socket of sockets) socket.destroy();
      report({
        bench: 'tds-storm',
        unit: `seconds to log in and select beside ${sockets.length} silent connections`,
        value: round(seconds, 3),
        baseline: null,
        ratio: null,
        better: 'lower',
        details: { peakMiB: peakMemoryMiB(pid) },
      });
      for (const [name, sql] of Object.entries(statements)) {
        const client = await open();
        const answered = await timed(() => client.batch(sql));
        const bytes = client.bytes;
        client.close();
        report({
          bench: 'tds-storm',
          unit: `seconds to answer ${name}`,
          value: round(answered.seconds),
          baseline: null,
          ratio: null,
          better: 'lower',
          details: { bytes, peakMiB: peakMemoryMiB(pid) },
        });
      }
    });
  });
};

/** Opens connections; every third sends the half of a packet. */
async function silent(port: number, count: number): Promise<net.Socket[]> {
  const sockets: net.Socket[] = [];
  for (let n = 0; n < count; n++) {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    if (n % 3 === 0) socket.write(Buffer.from([0x12, 1, 0, 200]));
    sockets.push(socket);
    if (n % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return sockets;
}
