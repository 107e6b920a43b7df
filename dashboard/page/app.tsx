import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Manifest {
  exported_at: string;
  tables: { name: string; rows: number }[];
}

function App() {
  const [manifest, setManifest] = useState<Manifest>();
  useEffect(() => {
    void fetch('export/_export.json').then(async (reply) => reply.ok && setManifest(await reply.json()));
  }, []);
  if (!manifest) return <p>No export yet. Run: medstream export</p>;
  return (
    <>
      <h1>MedStream</h1>
      <p>Exported {manifest.exported_at}</p>
      <ul>
        {manifest.tables.map(({ name, rows }) => (
          <li key={name}>
            {name}: {rows.toLocaleString('en-US')} rows
          </li>
        ))}
      </ul>
    </>
  );
}

render(<App />, document.getElementById('app')!);
