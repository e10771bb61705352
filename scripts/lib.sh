# Shared by the shell scripts. Sourced, not run.

# Reports that something the tests need is missing; fails if CI is set.
missing() { # missing WHAT CONSEQUENCE
    printf '\n!!! %s\n!!! %s\n\n' "$1" "$2" >&2
    if [ -n "${CI:-}" ]; then
        printf '!!! CI is set: this is a failure.\n' >&2
        exit 1
    fi
}

# Installs Debian packages if that is possible without a password prompt.
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
