#!/bin/sh
# Prints the path of a Chromium that runs: $CHROMIUM, one on the machine, Debian's package, or Playwright's own.
# Usage: find_chromium.sh PYTHON   (the Python that has Playwright installed)
python="${1:-python3}"

runs() {
    "$1" --version >/dev/null 2>&1  # Ubuntu has a chromium-browser that only says where to get one
}

on_machine() {
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        path="$(command -v "$name")" && runs "$path" && echo "$path" && return
    done
    return 1
}

may_install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

debian_package() {
    may_install_packages || return 1
    echo "No Chromium found: installing Debian's" >&2
    { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 && on_machine
}

playwrights_own() {
    echo "No Chromium found: installing Playwright's" >&2
    "$python" -m playwright install $(may_install_packages && echo --with-deps) chromium >&2 || return 1
    path="$("$python" -c 'from playwright.sync_api import sync_playwright as p
with p() as driver: print(driver.chromium.executable_path)')" && runs "$path" && echo "$path"
}

if [ -n "$CHROMIUM" ]; then
    runs "$CHROMIUM" && echo "$CHROMIUM" && exit
    echo "CHROMIUM=$CHROMIUM does not run." >&2
    exit 1
fi
on_machine || debian_package || playwrights_own && exit
echo "No Chromium for the browser tests: install one, or name it: make test CHROMIUM=/path/to/chromium" >&2
exit 1
