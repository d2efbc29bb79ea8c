#!/bin/sh
# Builds the console into target/classes/console, unless nothing changed since the last time.
set -eu
cd "$(dirname "$0")"
for tool in node npm; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "the console needs Node.js 20 or later with npm: install the packages nodejs and npm, or build without it with -Dconsole.skip=true" >&2
    exit 1
  }
done
state=$( (cat build.sh budget.mjs index.html package.json package-lock.json tsconfig.json vite.config.ts; find src public -type f | LC_ALL=C sort | xargs cat) | cksum)
stamp=target/console.stamp
[ -f "$stamp" ] && [ -f target/classes/console/index.html ] && [ "$(cat "$stamp")" = "$state" ] && exit 0
mkdir -p target
lock=$(cksum <package-lock.json)
if [ ! -d node_modules ] || [ "$(cat node_modules/.lock-state 2>/dev/null || true)" != "$lock" ]; then
  npm ci --no-audit --no-fund --loglevel=error
  echo "$lock" >node_modules/.lock-state
fi
npm run --silent build
echo "$state" >"$stamp"
