import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflate, setupLambdaEnvironment } from '@sparticuz/chromium';
import packagedChromium from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/** Where a Chromium of the machine is looked for, after CHROMIUM_PATH. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * A real browser: CHROMIUM_PATH, one of the machine, or else the one that comes with npm. Nothing is skipped: where none
 * runs this throws, and says what to do.
 */
export async function launchBrowser(): Promise<Browser> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '' && !existsSync(chosen)) {
    throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist.`);
  }
  const found = [chosen, ...PLACES].find((place) => place !== undefined && place !== '' && existsSync(place));
  if (found !== undefined) return launch(found);
  try {
    return await launchPackaged();
  } catch (error) {
    throw new Error(
      'The tests of the console need a Chromium. None was found on this machine, and the one of the npm package ' +
        '@sparticuz/chromium does not run here. Install one (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.',
      { cause: error },
    );
  }
}

const launch = (executablePath: string, env: Record<string, string> = {}): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS, env: { ...(process.env as Record<string, string>), ...env } });

/** The packaged browser brings the libraries that a bare machine lacks; they are used only where it fails without. */
async function launchPackaged(): Promise<Browser> {
  const executable = await packagedChromium.executablePath();
  try {
    return await launch(executable);
  } catch {
    const archive = new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium'));
    const folder = await inflate(fileURLToPath(archive));
    setupLambdaEnvironment(`${folder}/lib`);
    return launch(executable, { LD_LIBRARY_PATH: `${folder}/lib` });
  }
}
