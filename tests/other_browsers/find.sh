#!/bin/sh
# Looks for a Firefox and a WebKit, installs Debian's where it may, and says in a sentence what is missing.
# Ends with 1 only if there is neither: the tests of the missing one are skipped.
has() {
    command -v "$1" >/dev/null
}

has_firefox() { has firefox-esr || has firefox; }
has_webkit() { has WebKitWebDriver && has Xvfb; }

if { ! has_firefox || ! has_webkit; } && [ "$(id -u)" = 0 ] && has apt-get; then
    echo "Installing Debian's Firefox and WebKit" >&2
    apt-get update -qq >/dev/null 2>&1
    has_firefox || apt-get install -y -qq --no-install-recommends firefox-esr >/dev/null 2>&1
    has_webkit || apt-get install -y -qq --no-install-recommends webkit2gtk-driver xvfb >/dev/null 2>&1
fi
has_firefox || echo "No Firefox here: its tests are skipped. Install one, on Debian: apt install firefox-esr" >&2
has_webkit || echo "No WebKit here: its tests are skipped. On Debian and Ubuntu: apt install webkit2gtk-driver xvfb" >&2
has_firefox || has_webkit
