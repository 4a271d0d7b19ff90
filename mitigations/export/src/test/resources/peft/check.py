"""Logits of a model folder wearing an adapter folder, as transformers and PEFT compute them.

python check.py MODEL ADAPTER|none IDS OUT: IDS are comma-separated; OUT gets float32, [T, V].
Warnings about keys that PEFT did not find, or found too many of, are errors.
"""

import sys
import warnings

import torch
from transformers import AutoModelForCausalLM

model_dir, adapter_dir, ids, out = sys.argv[1:]
warnings.simplefilter("error", UserWarning)
# Of merging, which nobody does here; the head stays as it is.
warnings.filterwarnings("ignore", message=".*tie_word_embeddings=True.*")
model = AutoModelForCausalLM.from_pretrained(
    model_dir, torch_dtype=torch.float32, attn_implementation="eager"
)
if adapter_dir != "none":
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, adapter_dir)
    adapted = [n for n, _ in model.named_parameters() if "lora_" in n]
    print(len(adapted), "factors")
model.eval()
with torch.no_grad():
    logits = model(torch.tensor([[int(i) for i in ids.split(",")]])).logits[0]
logits.float().contiguous().numpy().tofile(out)
