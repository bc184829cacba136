// Runs before every script (`node --import`), in plain JavaScript, so that an older Node can read
// it: the npm package "node" brings the pinned version, and npm puts it first in the PATH.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Cordon needs Node 24 and this is ${process.version}. Run "npm ci" and start it with "npm run …" or "npm test", which use the Node that it installs; if npm skipped install scripts, run "npm rebuild node".`,
  );
  process.exit(2);
}
