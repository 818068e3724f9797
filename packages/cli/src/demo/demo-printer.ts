import { styleText } from 'node:util';
import type { CallInfo } from '@longshore/client';
import type { OutputStream } from '../io.ts';

/** A call and the server that answered it. */
export interface DemoCall extends CallInfo {
  readonly server: string;
}

/** Prints steps, the calls that each made, and what came of it. */
export interface DemoPrinter {
  readonly heard: (server: string) => (call: CallInfo) => void;
  line(text: string): void;
  /** Runs a step; what it returns are the lines that say what came of it. */
  step(title: string, work: () => Promise<readonly string[]>): Promise<void>;
}

export function createDemoPrinter(output: OutputStream, colours: 'on' | 'off'): DemoPrinter {
  let calls: DemoCall[] = [];
  let steps = 0;
  const paint = (format: 'bold' | 'dim', text: string): string =>
    colours === 'on' ? styleText(format, text, { validateStream: false }) : text;
  const line = (text: string): void => void output.write(`${text}\n`);
  return {
    heard: (server) => (call) => calls.push({ ...call, server }),
    line,
    async step(title, work) {
      steps += 1;
      calls = [];
      line(paint('bold', `${String(steps).padStart(2)}  ${title}`));
      try {
        const lines = await work();
        for (const text of collapse(calls)) line(paint('dim', `    ${text}`));
        for (const text of lines) line(`    ${text}`);
      } catch (error) {
        for (const text of collapse(calls)) line(`    ${text}`);
        throw error;
      }
    },
  };
}

/** Polls are many calls that read the same. */
function collapse(calls: readonly DemoCall[]): string[] {
  const lines: { text: string; times: number }[] = [];
  for (const { method, path, server, status } of calls) {
    const text = `${server.padEnd(4)} ${method} ${path} -> ${status}`;
    const last = lines.at(-1);
    if (last?.text === text) last.times += 1;
    else lines.push({ text, times: 1 });
  }
  return lines.map(({ text, times }) => (times === 1 ? text : `${text} (${times} times)`));
}
