import { chromium } from 'playwright';
import { readFileSync } from 'node:fs';
const [out, ...names] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const p = await b.newPage({ viewport: { width: 100, height: 100 } });
await p.setContent('<body style="margin:0;display:flex;gap:12px;background:#c8ced4;align-items:flex-start;width:max-content">' + names.map(n => `<img src="data:image/png;base64,${readFileSync('/tmp/shots/' + n + '.png').toString('base64')}">`).join('') + '</body>');
await p.waitForTimeout(500);
const z = await p.evaluate(() => [document.body.scrollWidth, document.body.scrollHeight]); await p.setViewportSize({ width: z[0], height: z[1] }); await p.screenshot({ path: out });
await b.close();
