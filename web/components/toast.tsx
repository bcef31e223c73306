import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';

interface ToastMessage {
  readonly title: string;
  readonly description?: string;
  readonly tone?: 'plain' | 'bad';
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Returns what takes the message away, where what it says has come to nothing before its time. */
type ShowToast = (message: ToastMessage) => () => void;
const ToastContext = createContext<ShowToast | null>(null);

/** Shows a message at the foot of the page; with an `action` such as Undo it stays for ten seconds. */
export function useToast(): ShowToast {
  const show = use(ToastContext);
  return useMemo(() => show ?? (() => () => undefined), [show]);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly (ToastMessage & { id: number })[]>([]);
  const nextId = useRef(1);
  const drop = useCallback(
    (id: number) => setMessages((current) => current.filter((message) => message.id !== id)),
    [],
  );
  const show = useCallback<ShowToast>(
    (message) => {
      const id = nextId.current++;
      setMessages((current) => [...current.slice(-2), { ...message, id }]);
      return () => drop(id);
    },
    [drop],
  );

  return (
    <ToastContext value={show}>
      <Radix.Provider duration={6000} label="Notification">
        {children}
        {messages.map((message) => (
          <Radix.Root
            key={message.id}
            duration={message.action === undefined ? 6000 : 10_000}
            type={message.tone === 'bad' ? 'foreground' : 'background'}
            onOpenChange={(open) => !open && drop(message.id)}
            className="flex w-96 animate-appear items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-3 shadow-float"
          >
            <div className="min-w-0 flex-1">
              <Radix.Title className={message.tone === 'bad' ? 'font-medium text-bad' : 'font-medium'}>
                {message.title}
              </Radix.Title>
              {message.description !== undefined && (
                <Radix.Description className="text-ink-2 wrap-anywhere">
                  {message.description}
                </Radix.Description>
              )}
            </div>
            {message.action !== undefined && (
              <Radix.Action asChild altText={message.action.label}>
                <Button small onClick={message.action.run}>
                  {message.action.label}
                </Button>
              </Radix.Action>
            )}
            <Radix.Close asChild>
              <IconButton icon={X} label="Dismiss" small />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-4 bottom-10 z-50 flex flex-col gap-2 outline-none" />
      </Radix.Provider>
    </ToastContext>
  );
}
