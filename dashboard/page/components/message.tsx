import type { ComponentChildren } from 'preact';

interface MessageProps {
  tone: 'info' | 'bad';
  title: string;
  children: ComponentChildren;
}

/** What a reader sees in place of figures: what is wrong, and what to do. */
export function Message({ tone, title, children }: MessageProps) {
  return (
    <div class={`message ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <svg class="message-icon" viewBox="0 0 24 24" aria-hidden="true">
        {tone === 'bad' ? (
          <path d="M12 3.500 22 20.500H2zM12 10v5M12 17.600v.3" />
        ) : (
          <path d="M4 6.500c0-1.900 3.600-3 8-3s8 1.100 8 3-3.600 3-8 3-8-1.100-8-3zM4 6.500v11c0 1.900 3.600 3 8 3s8-1.100 8-3v-11M4 12c0 1.900 3.600 3 8 3s8-1.100 8-3" />
        )}
      </svg>
      <div>
        <p class="message-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
