// Configuration of the journeys: on a phone, with and without scripts, against servers they start themselves (lobby.ts).
// `make test` sets LOBBY_CHROMIUM and LOBBY_BINARY; by hand: scripts/with-chromium.sh npm --prefix end2end test -- -g cash
import { defineConfig } from '@playwright/test';
import type { Options } from './fixtures.ts';

const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

export default defineConfig<Options>({
  testDir: 'journeys',
  outputDir: 'test-results',
  // For two cores, shared by servers, browsers and this runner.
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  // A flaky journey counts as a failure.
  retries: 0,
  // Limits for what hangs, not for a slow machine.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    screenshot: 'only-on-failure',
    trace: 'off',
    // One journey is about the service worker; in the others it would answer for a server that was stopped.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: process.env.LOBBY_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'phone', use: phone },
    { name: 'phone without scripts', use: { ...phone, javaScriptEnabled: false } },
  ],
});
