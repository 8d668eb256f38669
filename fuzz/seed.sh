#!/usr/bin/env bash
# Makes the corpus that fuzzers start from: seeds/, what was found once, and the pages of the tests. Nothing of it is committed twice.
# The arguments are targets; without any, all. What a fuzzer has added to a corpus stays.
set -euo pipefail
cd "$(dirname "$0")"

# Copies files into the corpus of a target, each behind a first line or byte that says what it is.
pages() {
    local target=$1 before=$2 page name
    for page in ../tests/pages/*/*.html; do
        name=$(basename "$(dirname "$page")")-$(basename "$page")
        case $before in
        address) { sed -n '1,5s/^  "url": "\(.*\)",*$/\1/p' "${page%.html}.json" | head -n 1 | grep . || echo; cat "$page"; } ;;
        *) { printf '%b' "$before"; cat "$page"; } ;;
        esac >"corpus/$target/$name"
    done
}

seed() {
    local target=$1 from
    mkdir -p "corpus/$target"
    [ ! -f "seeds/$target.txt" ] || split -l 1 -a 4 -d "seeds/$target.txt" "corpus/$target/line-"
    for from in "seeds/$target" "findings/$target"; do
        [ ! -d "$from" ] || find "$from" -type f -exec cp -t "corpus/$target" {} +
    done
    case $target in
    extract) pages extract address ;;
    charset) pages charset 'text/html\n' ;;
    saved) pages saved '\0' ;;
    listing | tame) pages "$target" '' ;;
    selectors) cp ../selectors.toml ../tests/selectors/sound.toml corpus/selectors/ ;;
    esac
    echo "$target: $(find "corpus/$target" -type f | wc -l) inputs"
}

targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(basename -s .rs fuzz_targets/*.rs)
for target in "${targets[@]}"; do seed "$target"; done
