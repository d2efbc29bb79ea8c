#!/bin/sh
# Builds the console into target/classes/console, unless nothing changed since the last time.
set -eu
cd "$(dirname "$0")/.."
stamp=target/console.stamp

fail() { printf 'the console was not built: %s\n' "$*" >&2; exit 1; }

sources() { # what the result depends on, in a fixed order
  find src public build index.html package.json package-lock.json .npmrc tsconfig.json vite.config.ts -type f | LC_ALL=C sort
}
now=$(sources | while read -r file; do printf '%s ' "$file"; cksum <"$file"; done | cksum)
if [ -f target/classes/console/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then exit 0; fi

remedy='install Node.js 20.19 or later with npm, or build without the console (-Dconsole.skip=true, or SECUREGATEWAY_CONSOLE=skip for the launcher)'
command -v node >/dev/null 2>&1 || fail "Node.js is missing: $remedy"
command -v npm >/dev/null 2>&1 || fail "npm is missing: $remedy"
node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)' ||
  fail "Node.js $(node --version) is too old: $remedy"

mkdir -p target
if ! cmp -s package-lock.json target/installed.lock 2>/dev/null || [ ! -d node_modules ]; then
  npm ci --ignore-scripts --no-progress --loglevel=error >target/npm.log 2>&1 ||
    { tail -15 target/npm.log >&2; fail "npm ci failed: it needs access to the package registry; its output is in gateway-console/target/npm.log"; }
  cp package-lock.json target/installed.lock
fi
npm run --silent build >target/build.log 2>&1 || { tail -40 target/build.log >&2; fail "its output is in gateway-console/target/build.log"; }
printf '%s\n' "$now" >"$stamp"
