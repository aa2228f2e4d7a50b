#!/bin/sh
# Install what the tests use beside Python: poppler (another PDF renderer), LibreOffice (opens what we write), fonts.
# The program itself needs none of them. Where apt-get or the rights for it are missing, tests that need them skip.
set -eu

if command -v pdftoppm >/dev/null && command -v soffice >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "no apt-get: install poppler and LibreOffice by hand, or some tests are skipped" >&2
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    run=""
elif command -v sudo >/dev/null; then
    run="sudo"
else
    echo "no rights to install poppler and LibreOffice: some tests are skipped" >&2
    exit 0
fi
$run apt-get update -qq
$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    poppler-utils libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-math-nogui \
    fonts-liberation fonts-crosextra-carlito fonts-dejavu-core fonts-wqy-zenhei >/dev/null
