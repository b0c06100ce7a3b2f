#!/bin/sh
# Makes the virtual environment $VENV (.venv) ready for a purpose; when it is ready, does nothing.
#   tools/environment.sh lab     tinygrad_edu, editable, with JupyterLab
#   tools/environment.sh GROUP   tinygrad_edu, editable, with a dependency group of pyproject.toml
# $PYTHON chooses the interpreter. Only wheels are installed: no compiler is ever needed.
set -eu
cd "$(dirname "$0")/.."

purpose=$1
venv=${VENV:-.venv}
python=$venv/bin/python
stamp=$venv/ready-for-$purpose

version() { "$1" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null; }

have=$(version "$python" || true)
if [ -n "${PYTHON:-}" ]; then
    wanted=$(tools/find_python.sh "$PYTHON")
    [ "$have" = "$(version "$wanted")" ] || have=
fi

# A stamp holds the folder: an environment that was moved is made again.
if [ -n "$have" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$PWD" ] && [ "$stamp" -nt pyproject.toml ]
then exit 0; fi

if [ -z "$have" ]; then
    wanted=${wanted:-$(tools/find_python.sh)}
    echo "Making $venv with Python $(version "$wanted")."
    "$wanted" -m venv --clear "$venv"
fi

case $purpose in
    lab) set -- -e ".[lab]" ;;
    *) set -- -e . --group "$purpose" ;;
esac
echo "Installing into $venv what '$purpose' needs: a minute or two, the first time only."
pip() {  # Python compiles what it uses at the first use: much is never used
    "$python" -m pip --disable-pip-version-check install -qq --no-compile --only-binary :all: "$@"
}
pip "pip>=25.1"  # the first that knows dependency groups
pip "$@"
printf '%s' "$PWD" > "$stamp"
