import { styleText } from 'node:util';
import { SingleBar } from 'cli-progress';
import type { OutputStream } from '../io.ts';
import { bytesOf, describeEvent, PHASE_TITLES } from './describe-event.ts';
import type { CliEvent, Renderer } from './events.ts';

export interface BarOptions {
  readonly output: OutputStream;
  readonly errors: OutputStream;
  readonly colours: 'on' | 'off';
}

/** A bar per phase for somebody who watches a terminal, and a line when a state is reached. */
export function createBarRenderer({ output, errors, colours }: BarOptions): Renderer {
  let bar: { readonly title: string; readonly view: SingleBar } | null = null;
  const endBar = (): void => {
    bar?.view.stop();
    bar = null;
  };
  const barOf = (title: string): SingleBar => {
    if (bar?.title === title) return bar.view;
    endBar();
    const view = newBar(output);
    view.start(100, 0, { title, text: '' });
    bar = { title, view };
    return view;
  };
  return {
    show(event) {
      if (event.kind === 'progress') barOf(PHASE_TITLES[event.phase]).update(event.percent, { text: '' });
      else if (event.kind === 'bytes') {
        const { done, total, label } = event;
        barOf(label).update(total ? Math.min(100, (done / total) * 100) : 0, { text: bytesOf(done, total) });
      } else {
        endBar();
        const stream = event.kind === 'failure' ? errors : output;
        for (const line of describeEvent(event)) stream.write(`${painted(event, line, colours)}\n`);
      }
    },
    close: endBar,
  };
}

const newBar = (stream: OutputStream): SingleBar =>
  new SingleBar({
    stream,
    format: '{title} [{bar}] {percentage}% {text}',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // The command decides when it ends; the bar is stopped on the way out.
    gracefulExit: false,
  });

function painted(event: CliEvent, line: string, colours: 'on' | 'off'): string {
  const colour = colours === 'on' ? colourOf(event) : null;
  return colour === null ? line : styleText(colour, line, { validateStream: false });
}

function colourOf(event: CliEvent): 'red' | 'green' | 'yellow' | null {
  if (event.kind === 'failure') return 'red';
  if (event.kind === 'warning') return 'yellow';
  if (event.kind === 'state' && event.status.endsWith('_failed')) return 'red';
  return event.kind === 'result' ? 'green' : null;
}
