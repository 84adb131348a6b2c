#!/usr/bin/env bash
# Makes the models in models/ anew, with this program and nothing else. Same seed, same steps: on one
# machine the files come out the same, bit for bit. Takes some minutes.
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

# The optimizer's state would make the file three times as large, and an explorer has no use for it.
"$top/build/latentscape" train --out "$folder/digits-2d.safetensors" --weights-only \
    --seed 1 --steps 4000 --set "lr=4e-3 schedule=cosine period=4000"
"$top/build/latentscape" eval "$folder/digits-2d.safetensors"

# The judge of samples; what the measures of coherence mean hangs on it.
"$top/build/tools/make-classifier" "$folder/digits-classifier.safetensors"
