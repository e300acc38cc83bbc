# shellcheck shell=bash
# What the scripts of this folder share.  Sourced; leaves the shell in the project's folder.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT
cd "$ROOT"

SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/understudy-ci.XXXXXX")
trap 'rm -rf "$SCRATCH"' EXIT

# quiet COMMAND...: says nothing when all is well, everything when it is not.
quiet() {
    local log status=0
    log=$(mktemp "$SCRATCH/quiet.XXXXXX")
    "$@" >"$log" 2>&1 || status=$?
    if ((status)); then
        echo "failed ($status): $*" >&2
        grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-checking) ' "$log" >&2 || true
    fi
    return "$status"
}

PASSED=0 FAILED=0 SKIPPED=0

report() { # SECONDS LABEL PASSED FAILED SKIPPED
    printf '%5ds  %-34s %d passed, %d failed' "$1" "$2" "$3" "$4"
    (($5)) && printf ', %d skipped' "$5"
    echo
    PASSED=$((PASSED + $3)) FAILED=$((FAILED + $4)) SKIPPED=$((SKIPPED + $5))
}

# step LABEL COMMAND...: one case, passed when the command's status is 0.
step() {
    local label=$1 from=$SECONDS log
    shift
    log=$(mktemp "$SCRATCH/step.XXXXXX")
    if "$@" >"$log" 2>&1; then
        report $((SECONDS - from)) "$label" 1 0 0
    else
        echo "---- $label: $*"
        cat "$log"
        report $((SECONDS - from)) "$label" 0 1 0
    fi
}

# suite LABEL COMMAND...: a command that counts its own cases and closes with "N passed, N failed",
# ", N skipped" allowed.  One that closes otherwise, or fails without having counted a failure, is one
# failure more: nothing that broke may pass by for want of a number.
suite() {
    local label=$1 from=$SECONDS log status=0 closing passed=0 failed=0 skipped=0
    shift
    log=$(mktemp "$SCRATCH/suite.XXXXXX")
    "$@" >"$log" 2>&1 || status=$?
    closing=$(tail -n 1 "$log")
    if [[ $closing =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]} skipped=${BASH_REMATCH[4]:-0}
        ((status == 0 || failed)) || failed=1
    else
        failed=1
    fi
    if ((failed)); then
        echo "---- $label: $* (status $status)"
        cat "$log"
    elif ((skipped)); then
        grep '^skipped' "$log" | sed '4,$d' || true
    fi
    report $((SECONDS - from)) "$label" "$passed" "$failed" "$skipped"
}

skip() { # LABEL WHY
    echo "skipped: $1: $2"
    SKIPPED=$((SKIPPED + 1))
}

# The closing line, and the status that goes with it.
close() {
    if ((SKIPPED)); then
        echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
    else
        echo "$PASSED passed, $FAILED failed"
    fi
    ((FAILED == 0))
}
