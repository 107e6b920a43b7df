import { useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';

const key = 'medstream-theme';

/** The theme in use, and a switch. The system's own theme is followed until the reader chooses the other. */
export function useTheme(): [Theme, () => void] {
  const system = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const current = () => (document.documentElement.dataset['theme'] as Theme | undefined) ?? system();
  const [theme, setTheme] = useState<Theme>(current);
  const change = () => {
    const next: Theme = current() === 'dark' ? 'light' : 'dark';
    if (next === system()) {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem(key);
    } else {
      document.documentElement.dataset['theme'] = next;
      localStorage.setItem(key, next);
    }
    setTheme(next);
  };
  return [theme, change];
}
