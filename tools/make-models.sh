#!/usr/bin/env bash
# Makes the models in models/ anew, with this program and nothing else, and writes their figures into
# models/README.md. Same seeds, same steps: on one machine the files come out the same, bit for bit.
# Takes about ten minutes on two quiet processors.
#
#   tools/make-models.sh [FOLDER]       FOLDER is models/ unless named
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

folder=${1:-$top/models}
mkdir -p "$folder"
need_packages "${build_packages[@]}"
want_packages "${welcome_packages[@]}"
configure "$top/build" --buildtype=release
compile "$top/build" latentscape make-classifier
program=$top/build/latentscape

heldout() { # MODEL: nats per image, and what they are made of
    "$program" eval "$1" --json |
        python3 -c 'import json, sys; e = json.load(sys.stdin); print("%.2f %.2f %.2f" % (-e["elbo"], e["rec"], e["kl"]))'
}

# The best of these, by the images held out: how long a schedule should be hangs on the luck of the seed.
# In float32, so that the file does not depend on which backend is the fastest at the moment. Without the
# optimizer's state, which would make the file four times as large and has no use for an explorer.
candidates=("1 15000" "2 15000" "3 15000" "1 30000" "2 30000" "3 30000")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
best=
for candidate in "${candidates[@]}"; do
    read -r seed steps <<<"$candidate"
    "$program" train --out "$work/$seed-$steps" --weights-only --backend openblas \
        --seed "$seed" --steps "$steps" --period "$steps"
    read -r nats rec kl <<<"$(heldout "$work/$seed-$steps")"
    say "seed $seed, $steps steps: $nats nats held out"
    if [ -z "$best" ] || [ "$(printf '%s\n' "$nats" "$best" | sort -n | head -1)" != "$best" ]; then
        best=$nats
        cp "$work/$seed-$steps" "$folder/digits-2d.safetensors"
        training="$steps steps of 128 images, seed $seed, settings else the defaults (docs/quality.md)"
        figures="$nats nats per image: reconstruction $rec, KL $kl (\`latentscape eval\`)"
    fi
done
if [ -f "$folder/README.md" ]; then
    for row in "training | $training" "held-out | $figures"; do # the first table's
        sed -i "0,/^| ${row%% |*} | .*/s;;| $row |;" "$folder/README.md"
    done
fi
say "digits-2d.safetensors: $figures"

# The judge of samples; what the measures of coherence mean hangs on it.
"$program" eval "$folder/digits-2d.safetensors"
"$top/build/tools/make-classifier" "$folder/digits-classifier.safetensors"
