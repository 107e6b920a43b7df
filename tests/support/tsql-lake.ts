import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TSqlServer } from './tsql';

/** The files that tests/fixtures/tsql-answers/lake.sql reads, in container `raw` of account `acct`. */
export async function writeLake({ duck, lake }: TSqlServer): Promise<void> {
  const write = (name: string, content: string | Buffer): void => {
    const file = path.join(lake, 'raw', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  const rows = 'id,name,amount,day\r\n1,"Anna, ""A""",10.50,2024-01-05\r\n2,Bob,,\r\n3,"two\nlines",3,20240107\r\n';
  write('csv/people.csv', rows);
  write('csv/people.csv.gz', gzipSync(rows));
  write('csv/utf16.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('1,Ünï\n2,日本\n', 'utf16le')]));
  write('csv/big-endian.csv', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('1,a\n', 'utf16le').swap16()]));
  write('csv/bom.csv', '\ufeff1,first\n2,second\n');
  write('csv/bad.csv', '1,10\nx,20\n3,30\n4,abc\n');
  write('csv/days.csv', '1,31/12/2024\n2,01-02-03\n');
  write('csv/wide.csv', '1,far too long for it\n');
  write('tab/data.tsv', "1\ta b\n2\t'q'\n");
  write('many/a.csv', '1,a\n');
  write('many/b.csv', '2,b\n');
  write('many/_hidden.csv', '9,z\n');
  write('many/deep/c.csv', '3,c\n');
  write('json/lines.jsonl', '{"id":1,"tags":["a","b"],"n":1.5}\n{"id":2,"tags":[],"text":"x,\\"y\\""}\n');
  write('json/array.json', '[{"id":5},{"id":6}]');
  const connection = await duck.connect();
  for (const [name, query] of [
    [
      'pq/one.parquet',
      "SELECT 1 AS id, 'x' AS name, 1.50::DECIMAL(10,2) AS amount, DATE '2024-01-05' AS day, TIMESTAMP '2024-01-05 10:00:00.123456' AS at, true AS flag, 7::BIGINT AS big, 2.5::DOUBLE AS ratio",
    ],
    [
      'pq/two.parquet',
      'SELECT 2 AS id, NULL AS name, 2.25::DECIMAL(10,2) AS amount, NULL::DATE AS day, NULL::TIMESTAMP AS at, false AS flag, 8::BIGINT AS big, NULL::DOUBLE AS ratio',
    ],
    [
      'moments/one.parquet',
      "SELECT TIMESTAMP_NS '1969-12-31 23:59:59.1234567' AS ns, TIMESTAMPTZ '2024-01-05 10:00:00.123456+02' AS utc, TIMESTAMP_MS '2024-01-05 10:00:00.123' AS ms, TIME '10:00:00.123456' AS clock",
    ],
    ['part/year=2023/month=1/f.parquet', 'SELECT 1 AS id'],
    ['part/year=2024/month=2/f.parquet', 'SELECT 2 AS id'],
  ] as const) {
    mkdirSync(path.dirname(path.join(lake, 'raw', name)), { recursive: true });
    await connection.run(`COPY (${query}) TO '${path.join(lake, 'raw', name)}' (FORMAT parquet)`);
  }
  connection.closeSync();
}
