#!/usr/bin/env bash
# Makes the models in models/ anew, with this program and nothing else, and writes their figures into
# models/README.md. Same seeds, same steps: on one machine the files come out the same, bit for bit.
# Takes about ten minutes on two quiet processors.
#
#   tools/make-models.sh [--minutes M] [FOLDER]       FOLDER is models/ unless named
#
# With other minutes than ten the trainings are shorter or longer by as much; where the machine is slower
# than it was thought to be, those for which there is no time left are not begun, but for the first three.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

minutes=10
if [ "${1:-}" = --minutes ]; then
    minutes=${2:-}
    [[ $minutes =~ ^([1-9][0-9]*|0\.[0-9]*[1-9])$ ]] || die "--minutes needs a number above 0, not \"$minutes\"."
    shift 2
fi
folder=${1:-$top/models}
mkdir -p "$folder"
need_packages "${build_packages[@]}"
want_packages "${welcome_packages[@]}"
configure "$top/build" --buildtype=release
compile "$top/build" latentscape tools/make-classifier
program=$top/build/latentscape

thousands() { # NUMBER: 15,000
    python3 -c 'import sys; print(f"{int(sys.argv[1]):,}")' "$1"
}

heldout() { # MODEL: nats per image, and what they are made of
    "$program" eval "$1" --json |
        python3 -c 'import json, sys; e = json.load(sys.stdin); print("%.2f %.2f %.2f" % (-e["elbo"], e["rec"], e["kl"]))'
}

# The best of these, by the images held out: how long a schedule should be hangs on the luck of the seed.
# In float32, so that the file does not depend on which backend is the fastest at the moment. Without the
# optimizer's state, which would make the file four times as large and has no use for an explorer.
# SEED STEPS [SETTINGS], of ten minutes.
candidates=("1 15000" "2 15000" "3 15000" "1 30000" "4 15000" "5 15000")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
best= began=$SECONDS tried=0 trained=0
for candidate in "${candidates[@]}"; do
    read -r seed steps line <<<"$candidate"
    steps=$(python3 -c 'import sys; print(max(100, round(int(sys.argv[1]) * float(sys.argv[2]) / 10)))' "$steps" "$minutes")
    if [ "$tried" -ge 3 ] && python3 -c 'import sys; spent, had, more, minutes = map(float, sys.argv[1:])
sys.exit(spent * (had + more) / had <= 60 * minutes)' "$((SECONDS - began))" "$trained" "$steps" "$minutes"; then
        say "seed $seed, $steps steps${line:+, $line}: no time left"
        continue
    fi
    file=$tried.safetensors
    "$program" train --out "$work/$file" --weights-only --backend openblas --set "$line" \
        --seed "$seed" --steps "$steps" --period "$steps"
    tried=$((tried + 1)) trained=$((trained + steps))
    read -r nats rec kl <<<"$(heldout "$work/$file")"
    say "seed $seed, $steps steps${line:+, $line}: $nats nats held out"
    if [ -z "$best" ] || [ "$(printf '%s\n' "$nats" "$best" | sort -n | head -1)" != "$best" ]; then
        best=$nats
        cp "$work/$file" "$folder/digits-2d.safetensors"
        training="$(thousands "$steps") steps of 128 images, seed $seed, ${line:+\`$line\`, }settings else the defaults (docs/quality.md), the best of TRIED trainings"
        figures="$nats nats per image: reconstruction $rec, KL $kl (\`latentscape eval\`)"
    fi
done
training=${training/TRIED/$tried}
shape() { # MODEL: its layers, activation, weights and size
    "$program" info "$1" --json | python3 -c 'import json, os, sys
told = json.load(sys.stdin)
model = told["model"]
pixels = model["width"] * model["height"] * model["channels"]
way = [pixels, *model["hidden"], model["latent"]]
layers = "-".join(map(str, way + way[-2::-1]))
size, weights = os.path.getsize(told["file"]) / 1e6, told["parameters"]
print(f"{layers}, %s, {weights:,} weights, {size:.1f} MB" % model["activation"])'
}
if [ -f "$folder/README.md" ]; then
    for row in "model | $(shape "$folder/digits-2d.safetensors")" "training | $training" "held-out | $figures"; do
        sed -i "0,/^| ${row%% |*} | .*/s;;| $row |;" "$folder/README.md" # the first table's
    done
fi
say "digits-2d.safetensors: $figures"

# The judge of samples; what the measures of coherence mean hangs on it.
"$program" eval "$folder/digits-2d.safetensors"
judged=$("$top/build/tools/make-classifier" "$folder/digits-classifier.safetensors")
say "digits-classifier.safetensors: $judged"
right=$(sed -n 's/.* images, \(.*\) % of those held out$/\1/p' <<<"$judged")
if [ -f "$folder/README.md" ] && [ -n "$right" ]; then
    sed -i "s/^| held-out | .* % of the 1,000 held-out digits right |$/| held-out | $right % of the 1,000 held-out digits right |/" "$folder/README.md"
fi
