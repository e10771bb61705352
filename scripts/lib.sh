# What the shell scripts share. Sourced, not run.

# A thing the tests need is not to be had: fatal where CI is set, otherwise loud.
missing() { # missing WHAT CONSEQUENCE
    printf '\n!!! %s\n!!! %s\n\n' "$1" "$2" >&2
    if [ -n "${CI:-}" ]; then
        printf '!!! CI is set: this is a failure.\n' >&2
        exit 1
    fi
}

# Installs Debian packages where that is possible without asking anybody.
apt_install() { # apt_install PACKAGE...
    command -v apt-get >/dev/null 2>&1 || return 1
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    printf 'installing %s\n' "$*" >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y update </dev/null >&2 || return 1
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@" </dev/null >&2
}
